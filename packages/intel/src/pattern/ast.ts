import type { Bytes } from "@detente/basics";

/** A STIX pattern (STIX 2.1 §9) as a tree. `of` of AND, OR and FOLLOWEDBY holds two operands or more. */
export type ObservationExpression =
  | { readonly kind: "observation"; readonly comparison: ComparisonExpression }
  | { readonly kind: "and" | "or" | "followedby"; readonly of: readonly ObservationExpression[] }
  | { readonly kind: "repeats"; readonly of: ObservationExpression; readonly times: number }
  | { readonly kind: "within"; readonly of: ObservationExpression; readonly milliseconds: number }
  /** STIX timestamps; `stop` is exclusive. */
  | { readonly kind: "start-stop"; readonly of: ObservationExpression; readonly start: string; readonly stop: string };

export type ComparisonExpression =
  | { readonly kind: "and"; readonly of: readonly ComparisonExpression[] }
  | { readonly kind: "or"; readonly of: readonly ComparisonExpression[] }
  | { readonly kind: "exists"; readonly path: ObjectPath; readonly isNegated: boolean }
  | Comparison;

export interface Comparison {
  readonly kind: "comparison";
  readonly path: ObjectPath;
  readonly isNegated: boolean;
  readonly operator: ComparisonOperator;
  /** One constant; for IN any number. */
  readonly constants: readonly Constant[];
}

export type OrderOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";
export type ComparisonOperator = OrderOperator | "IN" | "LIKE" | "MATCHES" | "ISSUBSET" | "ISSUPERSET";

export interface ObjectPath {
  /** The type of the object where the path starts: `network-traffic`. */
  readonly type: string;
  /** At least a property name; then keys, indices of lists, or `*` for each of a list. */
  readonly steps: readonly PathStep[];
}

export type PathStep = { readonly key: string } | { readonly index: number | "*" };

export type Constant =
  | { readonly type: "string" | "timestamp"; readonly value: string }
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "bytes"; readonly value: Bytes };

/** A path as a pattern would write it: `file:hashes.'SHA-256'`. */
export function pathText({ type, steps }: ObjectPath): string {
  const text = steps.map((step) => {
    if ("index" in step) return `[${step.index}]`;
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(step.key)
      ? `.${step.key}`
      : `.'${step.key.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
  });
  return `${type}:${text.join("").slice(1)}`;
}

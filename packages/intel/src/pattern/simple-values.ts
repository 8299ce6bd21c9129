import { err, type Fault, ok, type Result } from "@detente/basics";
import type { IndicatorKind } from "@detente/record";
import { quote } from "../text.ts";
import { type Comparison, type ComparisonExpression, type ObservationExpression, pathText } from "./ast.ts";

/** One value of a pattern that says: this value is bad. */
export interface PatternValue {
  readonly path: string;
  readonly text: string;
  /** Empty where the path leads to nothing that is an indicator here. */
  readonly allowed: readonly IndicatorKind[];
}

const IP: readonly IndicatorKind[] = ["ipv4", "ipv6", "cidr4", "cidr6"];

const KINDS_OF_PATH: Readonly<Record<string, readonly IndicatorKind[]>> = {
  "domain-name:value": ["domain"],
  "ipv4-addr:value": IP,
  "ipv6-addr:value": IP,
  "network-traffic:src_ref.value": [...IP, "domain"],
  "network-traffic:dst_ref.value": [...IP, "domain"],
  "url:value": ["url"],
  "email-addr:value": ["email"],
  "email-message:from_ref.value": ["email"],
  "email-message:sender_ref.value": ["email"],
  "file:hashes.md5": ["md5"],
  "file:hashes.sha-1": ["sha1"],
  "file:hashes.sha1": ["sha1"],
  "file:hashes.sha-256": ["sha256"],
  "file:hashes.sha256": ["sha256"],
};

/**
 * STIX has no place for fingerprints of TLS clients; tools put them into properties of their own, which end alike:
 * `network-traffic:x_ja3_hash`, `x-ecs-tls:client_ja3`. JA3S and JA4S, of servers, are something else.
 */
const FINGERPRINT = /(?:^|[:._-])(ja3|ja4)(?:[._-](?:hash|md5|fingerprint|value))*$/;

/**
 * The values of a pattern that only lists values: `[a:b = 'x' OR c:d IN ('y', 'z')] OR [e:f ISSUBSET '192.0.2.0/24']`.
 * Whatever narrows a match (AND, NOT, FOLLOWEDBY, qualifiers, LIKE, …) is refused, because its values alone would say
 * more than its author did; such patterns are evaluated with `matchPattern`.
 */
export function simpleValues(
  pattern: ObservationExpression,
): Result<readonly PatternValue[], Fault<"unsupported-pattern">> {
  const comparisons: Comparison[] = [];
  const why = gather(pattern, comparisons);
  if (why !== undefined) {
    const remedy = "share its values one by one if they stand alone";
    return err("unsupported-pattern", `the pattern is not a plain list of values (it has ${why}); ${remedy}`);
  }
  return ok(
    comparisons.flatMap(({ path, constants }) => {
      const text = pathText(path);
      const allowed = kindsOfPath(text.toLowerCase().replaceAll("'", ""));
      return constants.map(({ value }) => ({ path: text, text: value as string, allowed }));
    }),
  );
}

/** Gathers the comparisons of alternatives; returns what stands in the way. */
function gather(
  expression: ObservationExpression | ComparisonExpression,
  comparisons: Comparison[],
): string | undefined {
  switch (expression.kind) {
    case "observation":
      return gather(expression.comparison, comparisons);
    case "or": {
      for (const operand of expression.of) {
        const why = gather(operand, comparisons);
        if (why !== undefined) return why;
      }
      return undefined;
    }
    case "comparison": {
      const { operator, isNegated, constants } = expression;
      if (isNegated) return "NOT";
      if (operator !== "=" && operator !== "IN" && operator !== "ISSUBSET") return operator;
      if (constants.some(({ type }) => type !== "string")) return `a test of ${quote(pathText(expression.path))}`;
      comparisons.push(expression);
      return undefined;
    }
    default:
      return {
        "start-stop": "START",
        exists: "EXISTS",
        and: "AND",
        followedby: "FOLLOWEDBY",
        repeats: "REPEATS",
        within: "WITHIN",
      }[expression.kind];
  }
}

function kindsOfPath(path: string): readonly IndicatorKind[] {
  if (Object.hasOwn(KINDS_OF_PATH, path)) return KINDS_OF_PATH[path] as readonly IndicatorKind[];
  const fingerprint = FINGERPRINT.exec(path)?.[1];
  return fingerprint === undefined ? [] : [fingerprint as "ja3" | "ja4"];
}

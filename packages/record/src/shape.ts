import { err, type Fault, ok, type Result } from "@detente/basics";
import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { TLocalizedValidationError } from "typebox/error";

export type ShapeFault = Fault<"bad-form">;

/** Tells values of one form from others. */
export interface Shape<T> {
  /** @param place where the value stands, such as `body.content`; the fault's message begins with it. */
  check(value: unknown, place: string): Result<T, ShapeFault>;
}

/** What a schema cannot say about a form: what is wrong with it, beginning with the place, or undefined. */
export type Rule<T> = (value: T, place: string) => string | undefined;

type Frozen<T> = T extends object ? { readonly [Member in keyof T]: Frozen<T[Member]> } : T;
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the only way to ask for identity, not assignability
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/**
 * A shape from a typebox schema: `shape<T>()(schema)`. Compiles only if the schema says exactly what `T` says, so that
 * the two cannot drift apart.
 */
export function shape<T>(
  rule?: Rule<T>,
): <Schema extends TSchema>(
  schema: Schema & (Same<Frozen<Static<Schema>>, Frozen<T>> extends true ? unknown : "schema and type differ"),
) => Shape<T> {
  return (schema) => {
    const validator = Compile<TSchema>(schema);
    return {
      check(value, place) {
        if (!validator.Check(value)) return err("bad-form", describe(schema, validator.Errors(value), place));
        const flaw = rule?.(value as T, place);
        return flaw === undefined ? ok(value as T) : err("bad-form", flaw);
      },
    };
  };
}

/** The first error in words. Values from outside do not get into messages, and names of members only if short and plain. */
function describe(schema: TSchema, errors: readonly TLocalizedValidationError[], place: string): string {
  const error = errors.find(({ keyword }) => keyword !== "boolean");
  if (error === undefined) return `${place}: not of the expected form`;
  const at = place + readablePath(error.instancePath);
  if (error.keyword === "required") return `${at}.${error.params.requiredProperties[0]}: missing`;
  if (error.keyword === "additionalProperties") {
    const [name = ""] = error.params.additionalProperties;
    return `${at}: has a member that this form does not have${isPlainName(name) ? ` (${name})` : ""}`;
  }
  return `${at}: expected ${expectation(schemaAt(schema, error.schemaPath))}`;
}

interface SchemaNode {
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

function schemaAt(schema: TSchema, path: string): SchemaNode {
  let node: unknown = schema;
  for (const segment of path.split("/").slice(1)) node = (node as Readonly<Record<string, unknown>>)[segment];
  return node as SchemaNode;
}

function expectation(node: SchemaNode): string {
  if (node.description !== undefined) return node.description;
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum !== undefined) return `one of ${node.enum.map((value) => JSON.stringify(value)).join(", ")}`;
  switch (node.type) {
    case "integer":
      return `an integer from ${node.minimum}${node.maximum === Number.MAX_SAFE_INTEGER ? "" : ` to ${node.maximum}`}`;
    case "array":
      return `a list of ${node.minItems ?? 0} to ${node.maxItems}`;
    case "object":
      return "an object";
    default:
      return "another form";
  }
}

function readablePath(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => (/^\d+$/.test(segment) ? `[${segment}]` : `.${isPlainName(segment) ? segment : "…"}`))
    .join("");
}

function isPlainName(name: string): boolean {
  return /^[a-z0-9-]{1,32}$/i.test(name);
}

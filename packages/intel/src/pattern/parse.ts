import { ok } from "@detente/basics";
import { compareTimestamps } from "../stix/timestamp.ts";
import type { ComparisonExpression, ObservationExpression } from "./ast.ts";
import { parseTest } from "./parse-test.ts";
import { type Parsed, TokenReader } from "./token-reader.ts";
import { badPattern, tokenise } from "./token.ts";

const MAX_REPEATS = 1000;

/**
 * Reads a STIX pattern in the grammar of STIX 2.1 §9: AND binds stronger than OR, OR stronger than FOLLOWEDBY, and
 * qualifiers belong to the one observation expression before them, unless parentheses say otherwise.
 */
export function parsePattern(pattern: string): Parsed<ObservationExpression> {
  const tokens = tokenise(pattern);
  if (!tokens.ok) return tokens;
  const reader = new TokenReader(tokens.value);
  const expression = parseObservations(reader);
  if (!expression.ok || reader.peek().kind === "end") return expression;
  return reader.expected("AND, OR, FOLLOWEDBY, a qualifier or the end");
}

function parseObservations(reader: TokenReader): Parsed<ObservationExpression> {
  const and = (): Parsed<ObservationExpression> =>
    reader.chain(
      "AND",
      () => parseQualified(reader),
      (of) => ({ kind: "and", of }) as const,
    );
  const or = (): Parsed<ObservationExpression> => reader.chain("OR", and, (of) => ({ kind: "or", of }) as const);
  return reader.chain("FOLLOWEDBY", or, (of) => ({ kind: "followedby", of }) as const);
}

function parseQualified(reader: TokenReader): Parsed<ObservationExpression> {
  const bare = parseObservation(reader);
  if (!bare.ok) return bare;
  let expression = bare.value;
  const seen = new Set<string>();
  for (;;) {
    const { text: keyword, at } = reader.peek();
    const qualified = parseQualifier(reader, expression);
    if (qualified === undefined) return ok(expression);
    if (!qualified.ok) return qualified;
    if (seen.has(keyword)) return badPattern(at, `a second ${keyword} on one expression; use parentheses`);
    seen.add(keyword);
    expression = qualified.value;
  }
}

function parseObservation(reader: TokenReader): Parsed<ObservationExpression> {
  if (reader.takeIf("(")) return reader.inParentheses(() => parseObservations(reader));
  const { at } = reader.peek();
  if (!reader.takeIf("[")) return reader.expected('"[" or "("');
  const comparison = parseComparisons(reader);
  if (!comparison.ok) return comparison;
  if (!reader.takeIf("]")) return reader.expected('AND, OR or "]"');
  if (typesOf(comparison.value).size === 0) {
    return badPattern(at, "AND joins tests of different object types, which no one object can pass; join observations");
  }
  return ok({ kind: "observation", comparison: comparison.value });
}

function parseComparisons(reader: TokenReader): Parsed<ComparisonExpression> {
  const operand = (): Parsed<ComparisonExpression> =>
    reader.takeIf("(") ? reader.inParentheses(() => parseComparisons(reader)) : parseTest(reader);
  const and = (): Parsed<ComparisonExpression> => reader.chain("AND", operand, (of) => ({ kind: "and", of }) as const);
  return reader.chain("OR", and, (of) => ({ kind: "or", of }) as const);
}

/** The types of objects that can pass a comparison expression (STIX 2.1 §9.5). */
function typesOf(expression: ComparisonExpression): ReadonlySet<string> {
  if (expression.kind === "comparison" || expression.kind === "exists") return new Set([expression.path.type]);
  const [first = new Set<string>(), ...others] = expression.of.map(typesOf);
  if (expression.kind === "or") return new Set([first, ...others].flatMap((types) => [...types]));
  return new Set([...first].filter((type) => others.every((types) => types.has(type))));
}

/** A qualifier on `of` (STIX 2.1 §9.5.1), `undefined` if there is none here. */
function parseQualifier(reader: TokenReader, of: ObservationExpression): Parsed<ObservationExpression> | undefined {
  if (reader.takeIf("REPEATS")) {
    const times = parseAmount(reader, "REPEATS", "TIMES");
    if (!times.ok) return times;
    if (Number.isInteger(times.value) && times.value <= MAX_REPEATS)
      return ok({ kind: "repeats", of, times: times.value });
    return badPattern(reader.peek().at, `REPEATS takes a whole number from 1 to ${MAX_REPEATS}`);
  }
  if (reader.takeIf("WITHIN")) {
    const seconds = parseAmount(reader, "WITHIN", "SECONDS");
    return seconds.ok ? ok({ kind: "within", of, milliseconds: seconds.value * 1000 }) : seconds;
  }
  if (!reader.takeIf("START")) return undefined;
  const start = parseTime(reader);
  if (!start.ok) return start;
  if (!reader.takeIf("STOP")) return reader.expected("STOP");
  const stop = parseTime(reader);
  if (!stop.ok) return stop;
  if (compareTimestamps(start.value, stop.value) < 0)
    return ok({ kind: "start-stop", of, start: start.value, stop: stop.value });
  return badPattern(reader.peek().at, "STOP is not after START; correct one");
}

function parseAmount(reader: TokenReader, what: string, unit: string): Parsed<number> {
  const token = reader.peek();
  if (token.kind !== "constant" || token.constant.type !== "number" || token.constant.value <= 0) {
    return reader.expected(`a number above 0 after ${what}`);
  }
  reader.take();
  return reader.takeIf(unit) ? ok(token.constant.value) : reader.expected(unit);
}

function parseTime(reader: TokenReader): Parsed<string> {
  const token = reader.peek();
  if (token.kind !== "constant" || token.constant.type !== "timestamp")
    return reader.expected("a time such as t'2016-06-01T00:00:00Z'");
  reader.take();
  return ok(token.constant.value);
}

import { err, type Fault, ok, type Result } from "@detente/basics";
import type { JsonObject } from "../read/json-document.ts";
import type { ComparisonExpression, ObservationExpression } from "./ast.ts";
import { Budget, BudgetExceeded } from "./budget.ts";
import { passes } from "./compare.ts";
import type { Observation } from "./observation.ts";
import { assign } from "./assign.ts";
import { valuesAt } from "./values-at.ts";

/** About two seconds of one core. */
const MAX_STEPS = 20_000_000;

/**
 * Evaluates a pattern against observations (STIX 2.1 §9.4).
 * @returns the indices of observations that together match (each as often as it was used), or `undefined`
 */
export function matchPattern(
  pattern: ObservationExpression,
  observations: readonly Observation[],
  steps: number = MAX_STEPS,
): Result<readonly number[] | undefined, Fault<"too-expensive">> {
  const budget = new Budget(steps);
  const candidates = new Map<ComparisonExpression, readonly number[]>();
  try {
    const order = observations.map((_, i) => i).sort((a, b) => timeOf(observations, a) - timeOf(observations, b));
    collect(pattern, (comparison) => {
      const matching = order.filter((i) => isObserved(comparison, observations[i] as Observation, budget));
      candidates.set(comparison, matching);
    });
    return ok(assign(pattern, observations, candidates, budget));
  } catch (error) {
    if (!(error instanceof BudgetExceeded)) throw error;
    return err(
      "too-expensive",
      `the pattern needs over ${steps} steps on ${observations.length} observations; narrow it`,
    );
  }
}

function timeOf(observations: readonly Observation[], index: number): number {
  return (observations[index] as Observation).first;
}

function collect(pattern: ObservationExpression, visit: (comparison: ComparisonExpression) => void): void {
  if (pattern.kind === "observation") visit(pattern.comparison);
  else if (Array.isArray(pattern.of))
    for (const operand of pattern.of as ObservationExpression[]) collect(operand, visit);
  else collect(pattern.of as ObservationExpression, visit);
}

/** Whether one object of an observation passes the whole of a comparison expression (§9.5). */
function isObserved(comparison: ComparisonExpression, { objects }: Observation, budget: Budget): boolean {
  for (const object of objects.values()) if (isTrueOf(comparison, object, objects, budget)) return true;
  return false;
}

function isTrueOf(
  expression: ComparisonExpression,
  object: JsonObject,
  objects: ReadonlyMap<string, JsonObject>,
  budget: Budget,
): boolean {
  budget.spend(1);
  if (expression.kind === "and" || expression.kind === "or") {
    const isTrue = (each: ComparisonExpression): boolean => isTrueOf(each, object, objects, budget);
    return expression.kind === "and" ? expression.of.every(isTrue) : expression.of.some(isTrue);
  }
  if (object["type"] !== expression.path.type) return false;
  const found = valuesAt(expression.path, object, objects);
  budget.spend(found.length + expression.path.steps.length);
  // What is not present passes nothing, negated or not (§9.6); that it is absent can only be asked with NOT EXISTS.
  if (expression.kind === "exists") return found.length > 0 !== expression.isNegated;
  return found.some((each) => passes(expression, each, budget));
}

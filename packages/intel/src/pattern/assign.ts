import { timestampMillis } from "../stix/timestamp.ts";
import type { ComparisonExpression, ObservationExpression } from "./ast.ts";
import type { Budget } from "./budget.ts";
import type { Observation } from "./observation.ts";

/** Bounds that everything chosen inside a part of a pattern must keep. Times in milliseconds. */
interface Window {
  /** The least first and the first excluded last time. */
  readonly from: number;
  readonly to: number;
  /** The last time chosen minus the first must stay below. */
  readonly span: number;
  /** Of what was chosen so far. */
  readonly first: number;
  readonly last: number;
}

/** What has been chosen: how often each observation, and the windows that are open here. */
interface State {
  readonly used: ReadonlyMap<number, number>;
  readonly windows: readonly Window[];
}

/** Goes on with the rest of the pattern; false sends the search back for another choice. */
type Continue = (state: State) => boolean;

const OPEN: Window = { from: -Infinity, to: Infinity, span: Infinity, first: Infinity, last: -Infinity };

/**
 * Chooses observations for the parts of a pattern, each a different one (STIX 2.1 §9.5.1 and §9.5.2), by search with
 * backtracking: in the order of time, windows cutting off what cannot come to anything, the budget bounding the rest.
 *
 * An observed-data object says only that something was observed between two times. Here it matches where it would at
 * any time in between: all of it must lie in a window, and FOLLOWEDBY wants its first time after the other's last.
 * @param candidates the observations that each comparison matches, in the order of their first time
 */
export function assign(
  pattern: ObservationExpression,
  observations: readonly Observation[],
  candidates: ReadonlyMap<ComparisonExpression, readonly number[]>,
  budget: Budget,
): readonly number[] | undefined {
  let chosen: readonly number[] | undefined;
  solve(pattern, { used: new Map(), windows: [] }, (state) => {
    chosen = [...state.used].flatMap(([index, times]) => Array<number>(Math.min(times, 1000)).fill(index));
    return true;
  });
  return chosen;

  function solve(part: ObservationExpression, state: State, then: Continue): boolean {
    budget.spend(1);
    switch (part.kind) {
      case "observation":
        return choose(part.comparison, 1, 0, state, then);
      case "or":
        return part.of.some((operand) => solve(operand, state, then));
      case "and":
        return all(part.of, 0, state, then);
      case "followedby":
        return following(part.of, 0, -Infinity, state, then);
      case "repeats":
        if (part.of.kind === "observation") return choose(part.of.comparison, part.times, 0, state, then);
        return all(Array<ObservationExpression>(part.times).fill(part.of), 0, state, then);
      case "within":
        return inWindow({ ...OPEN, span: part.milliseconds }, part.of, state, then);
      case "start-stop":
        return inWindow(
          { ...OPEN, from: timestampMillis(part.start), to: timestampMillis(part.stop) },
          part.of,
          state,
          then,
        );
    }
  }

  function all(parts: readonly ObservationExpression[], next: number, state: State, then: Continue): boolean {
    const part = parts[next];
    return part === undefined ? then(state) : solve(part, state, (after) => all(parts, next + 1, after, then));
  }

  function following(
    parts: readonly ObservationExpression[],
    next: number,
    from: number,
    state: State,
    then: Continue,
  ): boolean {
    const part = parts[next];
    if (part === undefined) return then(state);
    return inWindow({ ...OPEN, from }, part, state, (after, { last }) => following(parts, next + 1, last, after, then));
  }

  function inWindow(
    window: Window,
    part: ObservationExpression,
    state: State,
    then: (state: State, window: Window) => boolean,
  ): boolean {
    return solve(part, { ...state, windows: [...state.windows, window] }, (after) =>
      then({ ...after, windows: after.windows.slice(0, -1) }, after.windows.at(-1) as Window),
    );
  }

  /** Chooses `times` observations that a comparison matches, from the candidate at `next` on. */
  function choose(
    comparison: ComparisonExpression,
    times: number,
    next: number,
    state: State,
    then: Continue,
  ): boolean {
    if (times === 0) return then(state);
    const matching = candidates.get(comparison) as readonly number[];
    for (let at = next; at < matching.length; at++) {
      budget.spend(1 + state.windows.length);
      const index = matching[at] as number;
      const observation = observations[index] as Observation;
      const used = state.used.get(index) ?? 0;
      const windows = used < observation.count ? admit(state.windows, observation) : undefined;
      if (windows === undefined) continue;
      for (let taken = Math.min(times, observation.count - used); taken > 0; taken--) {
        budget.spend(1 + state.used.size);
        const after = { used: new Map(state.used).set(index, used + taken), windows };
        if (choose(comparison, times - taken, at + 1, after, then)) return true;
      }
    }
    return false;
  }
}

/** The windows with an observation in them, or `undefined` if one of them does not admit it. */
function admit(windows: readonly Window[], { first, last }: Observation): readonly Window[] | undefined {
  const widened: Window[] = [];
  for (const window of windows) {
    const next = { ...window, first: Math.min(window.first, first), last: Math.max(window.last, last) };
    // §9.5.1: the most recent must be before the earliest plus the window.
    if (first < window.from || last >= window.to || next.last - next.first >= window.span) return undefined;
    widened.push(next);
  }
  return widened;
}

import { compareText } from "@detente/basics";
import type { MatchEditionContent, MatchSetContent, MatchTotalsContent } from "@detente/record";
import type { UnitState } from "./state.ts";
import type { Statement } from "./statement.ts";
import { EFFECTIVE, type Verdict, voidFor } from "./verdict.ts";

/** A statement about a match set that is in effect: what it says, and where in the author's log. */
export interface Said<Content> {
  readonly index: number;
  readonly content: Content;
}

/** A set that partners may ask blindly, as its author has put it on the record. */
export interface MatchSetReport {
  /** Leaf hash of the statement that opened it. */
  readonly hash: string;
  readonly log: string;
  readonly index: number;
  readonly terms: MatchSetContent;
  /** The author has taken it back: the epoch is over. */
  readonly isWithdrawn: boolean;
  /** By the order of the author's log, the last one; none before the first. */
  readonly edition: Said<MatchEditionContent> | undefined;
  readonly totals: Said<MatchTotalsContent> | undefined;
}

/** Every set that has taken effect, in order of logs, then of their indexes. */
export function matchSetReports(state: UnitState): MatchSetReport[] {
  return state.matchSets
    .map((statement) => report(state, statement))
    .sort((a, b) => compareText(a.log, b.log) || a.index - b.index);
}

/** What a set holds, and what was asked of it, says its author alone, of partners that the set is for. */
export function judgeMatch(
  state: UnitState,
  { log, index }: Statement,
  of: readonly number[],
  partners: readonly { readonly party: string }[],
): Verdict {
  const instances = of.length === 1 ? state.instances(of[0] as number) : [];
  const body = instances.find((instance) => instance.log === log && instance.index < index)?.body;
  if (body?.name !== "open/match-set") return voidFor("wrong-subject");
  const known = new Set(body.content.partners.map(({ party }) => party));
  return partners.every(({ party }) => known.has(party)) ? EFFECTIVE : voidFor("wrong-subject");
}

function report(state: UnitState, { id, log, index, body }: Statement): MatchSetReport {
  const voice = state.views.get("unit")?.voice(id, log.origin);
  return {
    hash: state.hashes.hex(id),
    log: log.origin,
    index,
    terms: body?.content as MatchSetContent,
    isWithdrawn: voice?.positions.get("")?.body?.kind === "withdraw",
    edition: last(voice?.exhibits, "exhibit/match-edition"),
    totals: last(voice?.watch?.statements, "observe/match-totals"),
  };
}

function last<Content>(statements: readonly Statement[] = [], name: string): Said<Content> | undefined {
  let found: Statement | undefined;
  for (const statement of statements) {
    if (statement.body?.name === name && statement.index > (found?.index ?? -1)) found = statement;
  }
  return found && { index: found.index, content: found.body?.content as Content };
}

import { compareText } from "@detente/basics";
import type { PartyFile } from "@detente/record";
import { type Charter, partyOf } from "./charter-book.ts";
import type { UnitState } from "./state.ts";

/** A party, present or past. */
export interface MemberReport {
  readonly name: string;
  /** The origin of its log. */
  readonly origin: string;
  /** Its file in the newest complete charter that has it; for its current keys ask `keys`. */
  readonly file: PartyFile;
  /** Where in its own log it was a party: [from, to), `to` null while it is one. */
  readonly memberships: readonly { readonly from: number; readonly to: number | null }[];
  /** Whether it is one now. */
  readonly present: boolean;
  /** Whether its log has been proven to equivocate. */
  readonly equivocated: boolean;
}

/** Everyone who is or was a party, in order of names. */
export function memberReports(state: UnitState): MemberReport[] {
  const charters = [...state.book.chain().reverse(), ...state.book.completed()];
  const members: MemberReport[] = [];
  for (const log of state.logs.values()) {
    const spans = log.memberSpans();
    if (spans.length === 0) continue;
    const { origin } = log;
    const file = partyOf(charters.find((charter) => hasParty(charter, origin)) ?? state.book.founding, origin);
    members.push({
      name: state.nameOf(origin) ?? file.name,
      origin,
      file,
      memberships: spans.map(([from, to]) => ({ from, to })),
      present: spans.at(-1)?.[1] === null,
      equivocated: state.equivocations.has(origin),
    });
  }
  return members.sort((a, b) => compareText(a.name, b.name));
}

function hasParty(charter: Charter, origin: string): boolean {
  return charter.origins.includes(origin);
}

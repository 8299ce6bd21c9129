import { compareText } from "@detente/basics";
import type { CharterDocument } from "@detente/record";
import type { Charter } from "./charter-book.ts";
import type { UnitState } from "./state.ts";

/** A charter that is proposed, in force or past. */
export interface CharterReport {
  readonly digest: string;
  readonly document: CharterDocument;
  /** Leaf hashes of the effective open/charter statements that propose it. */
  readonly statements: readonly string[];
  /** Logs of the parties whose acceptance counts. */
  readonly accepted: readonly string[];
  /** Logs of the parties whose acceptance is still needed. */
  readonly lacking: readonly string[];
  /**
   * What an acceptance by a party of the base must refer to: a statement of the charter and the newcomers' acceptances.
   * `undefined` while one of them is lacking. Newcomers refer to the statement alone.
   */
  readonly acceptWith: readonly string[] | undefined;
}

export interface CharterReports {
  /** The founding charter, whether or not it has been accepted by all. */
  readonly founding: CharterReport;
  /** The charters in force, from the founding one to the current; empty before the founding one is accepted by all. */
  readonly chain: readonly CharterReport[];
  /** The last of the chain. */
  readonly current: CharterReport | undefined;
  /** Successors of the current charter that are not complete, by attempt. */
  readonly proposals: readonly CharterReport[];
}

export function charterReports(state: UnitState): CharterReports {
  const chain = state.book.chain();
  const current = chain.at(-1);
  const proposals = current === undefined ? [] : state.book.successors(current).filter(({ complete }) => !complete);
  return {
    founding: charterReport(state, state.book.founding),
    chain: chain.map((charter) => charterReport(state, charter)),
    current: current && charterReport(state, current),
    proposals: proposals
      .toSorted((a, b) => a.document.attempt - b.document.attempt || compareText(a.digest, b.digest))
      .map((charter) => charterReport(state, charter)),
  };
}

function charterReport(state: UnitState, charter: Charter): CharterReport {
  const { digest, document, newcomers } = charter;
  const lacking = state.book.lacking(charter);
  const statements: string[] = [];
  for (const id of state.draftIds(digest)) {
    if (state.instances(id).some((instance) => instance.state === "effective")) statements.push(state.hashes.hex(id));
  }
  statements.sort(compareText);
  const references = newcomers.flatMap((newcomer) => {
    const acceptance = state.book.acceptance(charter, newcomer);
    return acceptance === undefined ? [] : [state.hashes.hex(acceptance.id)];
  });
  const isReady = statements[0] !== undefined && references.length === newcomers.length;
  return {
    digest,
    document,
    statements,
    accepted: charter.origins.filter((origin) => !lacking.includes(origin)),
    lacking,
    acceptWith: isReady ? [...statements.slice(0, 1), ...references] : undefined,
  };
}

import type { CharterDocument } from "@detente/record";
import type { Charter } from "./charter-book.ts";
import type { UnitState } from "./state.ts";
import type { Statement, StatementBody } from "./statement.ts";
import { EFFECTIVE, type Verdict, voidFor, waitFor } from "./verdict.ts";

/**
 * Judges a proposed charter. It amends a charter in force and leaves out none of its parties, but for those that it
 * shows to have left or to have equivocated, by referring to the statements that say so.
 */
export function judgeCharter(state: UnitState, statement: Statement, document: CharterDocument): Verdict {
  const draft = state.drafts.get(statement.id);
  if (draft?.digest === state.unit) return EFFECTIVE;
  if (document.base === undefined) return voidFor("no-base");
  const base = state.book.find(document.base);
  if (base?.complete !== true) return waitFor("base-charter", `charter ${document.base}`);
  if (takesName(document, base)) return voidFor("name-taken");
  const omitted = base.origins.filter((origin) => document.parties.every((party) => party.origin !== origin));
  for (const origin of omitted) {
    const excuse = excuseFor(state, statement.body, base, origin);
    if (excuse.outcome !== "effective") return excuse;
  }
  return EFFECTIVE;
}

/** A name and a log that have once belonged together do so for good: what a party said must stay its own. */
function takesName(document: CharterDocument, base: Charter): boolean {
  for (let charter: Charter | undefined = base; charter !== undefined; charter = charter.base) {
    for (const before of charter.document.parties) {
      const clash = document.parties.some((party) => (party.name === before.name) !== (party.origin === before.origin));
      if (clash) return true;
    }
  }
  return false;
}

function excuseFor(state: UnitState, body: StatementBody | undefined, base: Charter, origin: string): Verdict {
  const leaves: number[] = [];
  for (const id of body?.of ?? []) {
    for (const instance of state.instances(id)) {
      if (instance.state !== "effective" || instance.body === undefined) continue;
      const { body: said, log, index } = instance;
      if (said.name === "observe/equivocation" && said.content.log === origin) return EFFECTIVE;
      if (said.name !== "position/withdraw" || said.content.digest !== state.unit) continue;
      if (log.origin === origin && state.book.hasLeft(base, origin, index + 1)) return EFFECTIVE;
      leaves.push(id);
    }
  }
  return leaves.length === 0 ? voidFor("omits-member") : waitFor("excuse", ...leaves);
}

import type { Json } from "@detente/basics";
import { type ObjectsContent, opensSeal, type ShareContent } from "@detente/record";
import { parseVkey } from "@detente/tlog";
import { judgeCharter } from "./charter-rules.ts";
import { judgeEquivocation } from "./equivocation.ts";
import { judgeMatch } from "./match-sets.ts";
import { judgeMeeting, judgeProposal } from "./meetings.ts";
import type { UnitState } from "./state.ts";
import type { Statement, StatementBody } from "./statement.ts";
import { EFFECTIVE, isVisibleIn, type Verdict, voidFor, waitFor } from "./verdict.ts";

/**
 * Judges a statement of a party that is covered by a quorum and whose body is here. What makes it effective is that
 * something is there, never that something is missing, and what makes it void no later arrival can mend: so verdicts
 * do not depend on the order of arrival.
 */
export function judge(state: UnitState, statement: Statement, body: StatementBody): Verdict {
  if (body.view !== "unit") {
    const name = state.nameOf(statement.log.origin);
    if (name === undefined || !body.audience.includes(name)) return voidFor("author-outside-audience");
    if (concernsAll(state, body)) return voidFor("must-be-unit-wide");
  }
  if (isLeave(state, body)) return EFFECTIVE;
  if (body.name === "open/keys") return judgeKeys(state, statement, body);
  const subject = needsSubject(body) && body.of.length === 0 ? voidFor("no-subject") : judgeReferences(state, body);
  if (subject.outcome !== "effective") return subject;
  const seal = judgeUnsealing(state, statement, body);
  if (seal.outcome !== "effective") return seal;
  return judgeContent(state, statement, body);
}

/** Whether a statement says that its author leaves the unit: a withdrawal that carries the unit's own id. */
export function isLeave(state: UnitState, body: StatementBody): boolean {
  return body.name === "position/withdraw" && body.content.digest === state.unit;
}

function concernsAll(state: UnitState, body: StatementBody): boolean {
  return (
    body.name === "open/charter" ||
    body.name === "open/keys" ||
    body.name === "observe/equivocation" ||
    body.name === "open/match-set" ||
    body.name === "exhibit/match-edition" ||
    body.name === "observe/match-totals" ||
    body.name === "open/meeting" ||
    body.name === "exhibit/meeting-list" ||
    body.name === "exhibit/meeting-message" ||
    body.name === "observe/meeting-count" ||
    body.name === "observe/meeting-end" ||
    isLeave(state, body)
  );
}

function needsSubject({ type }: StatementBody): boolean {
  return type === "exhibit" || type === "weigh" || type === "position" || type === "account";
}

/** All that it refers to must be effective and within sight of its own audience. */
function judgeReferences(state: UnitState, body: StatementBody): Verdict {
  const missing: number[] = [];
  for (const id of body.of) {
    const instances = state.instances(id);
    if (instances.some((instance) => instance.state === "effective" && isVisibleIn(instance, body.view))) continue;
    if (instances.some((instance) => instance.state !== "delivered" && isHiddenFrom(instance, body.view)))
      return voidFor("outside-view");
    missing.push(id);
  }
  return missing.length === 0 ? EFFECTIVE : waitFor("references", ...missing);
}

/** Whether the audience of a view cannot see it; for a sealed one whose body is not here only the unit knows. */
function isHiddenFrom({ form, body }: Statement, view: string): boolean {
  if (form !== "sealed") return false;
  return view === "unit" || (body !== undefined && body.view !== view);
}

/** A log's rotations follow each other in the order of the log; `of` has no part in it, so that none can wait. */
function judgeKeys(state: UnitState, { log }: Statement, body: StatementBody & { name: "open/keys" }): Verdict {
  const { role, key } = body.content;
  const verifier = role === "log" ? parseVkey(key) : undefined;
  if (verifier?.ok === true && verifier.value.name !== log.origin) return voidFor("wrong-key-name");
  return state.keys.isCommitted(log.origin, role, key) ? EFFECTIVE : voidFor("wrong-preimage");
}

/** What is unsealed is the author's own, sealed earlier in the same log. */
function judgeUnsealing(state: UnitState, { log, index }: Statement, body: StatementBody): Verdict {
  if (body.unseals === undefined) return EFFECTIVE;
  const id = state.hashes.internHex(body.unseals.seal);
  const seal = state.instances(id).find((instance) => instance.log === log && instance.index < index);
  if (seal === undefined || seal.state === "void") return voidFor("no-such-seal");
  if (isHiddenFrom(seal, body.view)) return voidFor("outside-view");
  if (seal.state !== "effective") return waitFor("references", id);
  if (seal.body?.name !== "seal/commitment") return voidFor("no-such-seal");
  return opensSeal(seal.body.content.commitment, body.unseals.salt, body.content as Json)
    ? EFFECTIVE
    : voidFor("wrong-unsealing");
}

function judgeContent(state: UnitState, statement: Statement, body: StatementBody): Verdict {
  switch (body.name) {
    case "open/charter":
      return judgeCharter(state, statement, body.content.charter);
    case "account/report":
      return body.content.party === state.nameOf(statement.log.origin) ? voidFor("about-oneself") : EFFECTIVE;
    case "position/withdraw":
      return body.of.some((id) => state.drafts.has(id)) ? voidFor("not-a-leave") : EFFECTIVE;
    case "observe/sighting":
    case "observe/false-positive":
      return judgeItem(state, body.of, body.content.item.index);
    case "exhibit/match-edition":
    case "observe/match-totals":
      return judgeMatch(state, statement, body.of, body.content.partners);
    case "open/meeting":
      return judgeProposal(state, statement, body.content);
    case "exhibit/meeting-list":
    case "exhibit/meeting-message":
    case "observe/meeting-count":
    case "observe/meeting-end":
      return judgeMeeting(state, statement, body);
    case "observe/equivocation": {
      const keys = state.keys.history(body.content.log)?.log.map(({ key }) => key) ?? [];
      const proof = judgeEquivocation(body.content, keys);
      if (proof.ok) return EFFECTIVE;
      return proof.fault.code === "not-proven" ? voidFor("not-proven") : waitFor("key", `key ${body.content.log}`);
    }
    default:
      return EFFECTIVE;
  }
}

/** An observation of an item is about exactly one share, which has that item. */
function judgeItem(state: UnitState, of: readonly number[], index: number): Verdict {
  const share = of.length === 1 ? shareAt(state, of[0] as number) : undefined;
  if (share === undefined) return voidFor("wrong-subject");
  return index < share.collection.count ? EFFECTIVE : voidFor("no-such-item");
}

function shareAt(state: UnitState, id: number): ShareContent | ObjectsContent | undefined {
  const body = state.instances(id).find((instance) => instance.body !== undefined)?.body;
  return body?.name === "open/share" || body?.name === "open/objects" ? body.content : undefined;
}

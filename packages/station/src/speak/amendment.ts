import { err, type Fault, type Json, ok, type Result } from "@detente/basics";
import type { CharterDocument, KeyRole } from "@detente/record";
import { KEY_ROLES } from "@detente/record";
import type { Appended } from "../api/contract.ts";
import type { Invitation } from "../setup/invitation.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { Speaker } from "./speaker.ts";

/**
 * Proposes a charter that amends the one in force. What would be void on the record is refused here, with what to do.
 * @param of statements to refer to besides those by which omitted parties left, which are found by themselves
 */
export async function proposeCharter(
  speaker: Speaker,
  unit: UnitRuntime,
  document: CharterDocument,
  of: readonly string[],
): Promise<Result<Appended>> {
  const { current } = unit.archive.fold.charter();
  if (current === undefined) return err("conflict", "the founding charter is not in force yet");
  if (document.base !== current.digest) {
    return err("conflict", `charter.base: the charter in force is ${current.digest}; draft the amendment from it`);
  }
  const excuses = excusesFor(unit, current.document, document);
  if (!excuses.ok) return excuses;
  const stale = staleKeys(unit, document);
  if (stale !== undefined) return err("conflict", stale);
  return speaker.state({
    type: "open",
    kind: "charter",
    of: [...new Set([...of, ...excuses.value])],
    audience: "unit",
    content: { charter: document as unknown as Json },
  });
}

/** Accepts a proposed charter in this party's name, referring to what the fold asks for. */
export async function acceptProposal(speaker: Speaker, unit: UnitRuntime, digest: string): Promise<Result<Appended>> {
  const proposal = unit.archive.fold.charter().proposals.find((candidate) => candidate.digest === digest);
  if (proposal === undefined) return err("not-found", "no such charter is proposed; see `detente charter show`");
  if (proposal.acceptWith === undefined) {
    const joining = newcomers(unit, proposal.document).filter((name) => !hasAccepted(unit, proposal.accepted, name));
    return err(
      "conflict",
      `${joining.join(", ")} would join and must accept first: hand over the file of \`detente charter invite\``,
    );
  }
  return speaker.state({
    type: "position",
    kind: "accept",
    of: proposal.acceptWith,
    audience: "unit",
    content: { digest },
  });
}

/** What a party that a proposed charter would take in needs to join. */
export function invitationTo(unit: UnitRuntime, digest: string): Result<Invitation, Fault<"not-found" | "conflict">> {
  const { founding, proposals } = unit.archive.fold.charter();
  const proposal = proposals.find((candidate) => candidate.digest === digest);
  const [statement] = proposal?.statements ?? [];
  if (proposal === undefined || statement === undefined) {
    return err("not-found", "no such charter is proposed; see `detente charter show`");
  }
  if (newcomers(unit, proposal.document).length === 0) return err("conflict", "that charter takes nobody in");
  return ok({ founding: founding.document, proposal: proposal.document, statement });
}

/** Names of the parties that a proposal would take in. */
export function newcomers(unit: UnitRuntime, document: CharterDocument): string[] {
  const base = unit.archive.fold.charterInForce().current?.parties ?? [];
  return document.parties.flatMap(({ name }) => (base.some((party) => party.name === name) ? [] : [name]));
}

function hasAccepted(unit: UnitRuntime, accepted: readonly string[], name: string): boolean {
  return accepted.some((origin) => unit.membership.nameOf(origin) === name);
}

/** The statements that excuse each party of the base that the document leaves out. */
function excusesFor(unit: UnitRuntime, base: CharterDocument, document: CharterDocument): Result<string[]> {
  const { fold } = unit.archive;
  const excuses: string[] = [];
  for (const { name, origin } of base.parties) {
    if (document.parties.some((party) => party.origin === origin)) continue;
    const to = fold
      .members()
      .find((member) => member.origin === origin)
      ?.memberships.at(-1)?.to;
    const left = typeof to === "number" ? fold.statement(origin, to - 1)?.hash : undefined;
    const excuse = left ?? fold.logs().find((log) => log.origin === origin)?.frozen?.proofs[0];
    if (excuse === undefined) {
      return err(
        "conflict",
        `${name} has neither left nor been proven to have two versions of its log, so no charter may omit it`,
      );
    }
    excuses.push(excuse);
  }
  return ok(excuses);
}

/** A newcomer goes by the keys in the proposal until it has the record. */
function staleKeys(unit: UnitRuntime, document: CharterDocument): string | undefined {
  if (newcomers(unit, document).length === 0) return undefined;
  for (const party of document.parties) {
    const current = unit.membership.currentFiles().find(({ name }) => name === party.name);
    const stale = current && KEY_ROLES.find((role: KeyRole) => current[role] !== party[role]);
    if (stale !== undefined)
      return `the ${stale} key of ${party.name} was replaced since; draft the charter from \`detente charter show\``;
  }
  return undefined;
}

import { canonicalJson, err, type Fault, type Json, ok, type Result } from "@detente/basics";
import { type CharterDocument, checkCharter, type PartyFile } from "@detente/record";
import { loadCharter } from "./charter-file.ts";
import { readJsonFile, writeFileDurably } from "./files.ts";

/** What the members hand to a party that is to join them. */
export interface Invitation {
  /** The charter that the unit was founded by: it names the unit. */
  readonly founding: CharterDocument;
  /** The charter that is to take the party in. */
  readonly proposal: CharterDocument;
  /** Leaf hash of a statement that proposes it, in hex. */
  readonly statement: string;
}

export type InvitationFault = Fault<"bad-charter" | "not-invited" | "conflict">;

/** Checks an invitation as it comes from a file or from a person. */
export function checkInvitation(value: unknown): Result<Invitation, InvitationFault> {
  const { founding, proposal, statement } = (value ?? {}) as Partial<Record<keyof Invitation, unknown>>;
  const first = checkCharter(founding);
  if (!first.ok) return err("bad-charter", `founding ${first.fault.message}`);
  if (first.value.base !== undefined)
    return err("bad-charter", "founding: amends another charter, so it founds no unit");
  const next = checkCharter(proposal);
  if (!next.ok) return err("bad-charter", `proposal ${next.fault.message}`);
  if (next.value.base === undefined) return err("bad-charter", "proposal: amends no charter");
  if (typeof statement !== "string" || !/^[0-9a-f]{64}$/.test(statement)) {
    return err("bad-charter", "statement: expected the leaf hash of the statement that proposes the charter");
  }
  return ok({ founding: first.value, proposal: next.value, statement });
}

/** The invitation that this party accepted last; `undefined` where there was none. */
export async function loadInvitation(dir: string): Promise<Result<Invitation | undefined>> {
  const path = `${dir}/invitation.json`;
  const file = await readJsonFile(path);
  if (!file.ok) return file.fault.code === "no-file" ? ok(undefined) : file;
  const checked = checkInvitation(file.value);
  return checked.ok ? checked : err("bad-charter", `${path}: ${checked.fault.message}`);
}

/**
 * Keeps the invitation that an officer accepts. The proposed charter must name this party exactly as its own party
 * file does, and a station that is in a unit stays in it.
 */
export async function storeInvitation(dir: string, invitation: Invitation): Promise<Result<void>> {
  const known = await loadCharter(dir);
  if (!known.ok) return known;
  const founding = textOf(invitation.founding);
  if (known.value !== undefined && textOf(known.value) !== founding) {
    return err("conflict", "this station belongs to another unit; one station serves one unit");
  }
  const own = await readJsonFile(`${dir}/party.json`);
  if (!own.ok) return own;
  if (!invitation.proposal.parties.some((party) => textOf(party) === canonicalJson(own.value as Json))) {
    return err(
      "not-invited",
      "the proposed charter does not hold this party's file as `detente party` prints it; have it drafted again",
    );
  }
  // The charter last: a station with a founding charter and no invitation takes itself for a founder.
  await writeFileDurably(`${dir}/invitation.json`, `${canonicalJson(invitation as unknown as Json)}\n`);
  await writeFileDurably(`${dir}/charter.json`, `${founding}\n`);
  return ok(undefined);
}

function textOf(document: CharterDocument | PartyFile): string {
  return canonicalJson(document as unknown as Json);
}

import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { toBase64, unwrap } from "@detente/basics";
import type { RunningStation } from "@detente/station";
import { StateStore } from "@detente/store";
import { originHash } from "@detente/tlog";
import { cosigned, SignedHeads } from "./heads-seen.ts";
import { journalHeads } from "./journal-heads.ts";
import { FAULTED, OTHER } from "./names.ts";
import type { TwoParties } from "./unit.ts";

/**
 * What is missing on the disk right after the fault, before anyone can say it again: the heads that the witness has
 * cosigned and those that the mirror said it holds. Notes the signed heads of the party's own log.
 */
export async function checkOnDisk(
  unit: TwoParties,
  dir: string,
  steady: RunningStation,
  heads: SignedHeads,
): Promise<string[]> {
  for (const note of headsOf(dir, unit, FAULTED)) heads.note(note, "the journal after the fault");
  const theirs = new SignedHeads(unit.party[OTHER]);
  const problems: string[] = [];
  const last = cosigned(unit.tap[FAULTED].exchanges, theirs).at(-1);
  const known = last === undefined ? undefined : await witnessed(dir, unit.party[OTHER].origin);
  if (last !== undefined && (known === undefined || known.size < last.size)) {
    problems.push(`the witness cosigned size ${last.size} and has only ${known?.size ?? "nothing"} on disk`);
  }
  if (last !== undefined && known?.size === last.size && toBase64(known.root) !== last.root) {
    problems.push(`the witness cosigned size ${last.size} with another root than it has on disk`);
  }
  const held = steady.station.unit?.heldSize() ?? 0;
  const mirrored = headsOf(dir, unit, OTHER).map((note) => theirs.note(note, "the mirrored journal").size);
  if (held > Math.max(0, ...mirrored))
    problems.push(`the mirror said that it holds size ${held} and has ${mirrored.join(", ")}`);
  return problems;
}

function headsOf(dir: string, { party }: TwoParties, name: typeof FAULTED | typeof OTHER): Uint8Array[] {
  const log = `${dir}/logs/${originHash(party[name].origin)}`;
  return existsSync(log) ? journalHeads(log) : [];
}

/** What the witness's database says, read from a copy: opening it brings it in order. */
async function witnessed(dir: string, origin: string): ReturnType<StateStore["witness"]["get"]> {
  const copy = mkdtempSync(`${dir}/../state-`);
  try {
    for (const file of ["state.sqlite", "state.sqlite-wal"]) {
      if (existsSync(`${dir}/${file}`)) copyFileSync(`${dir}/${file}`, `${copy}/${file}`);
    }
    const state = unwrap(StateStore.open(`${copy}/state.sqlite`));
    const known = await state.witness.get(origin);
    state.close();
    return known;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

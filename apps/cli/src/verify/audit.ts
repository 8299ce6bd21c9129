import { verifyRecordFile } from "@detente/station";
import {
  bundleBlobs,
  type BundleReport,
  type ContestRecord,
  contestState,
  type ContestState,
  sayings,
  seedState,
} from "@detente/unit";
import { auditSteps, recordStep, type Step } from "./audit-steps.ts";

/** An audit of a bundle, recomputed from nothing but its bytes. */
interface AuditVerdict {
  readonly record: ContestRecord;
  readonly state: ContestState;
  readonly steps: readonly Step[];
}

/**
 * Recomputes the audits of a bundle: the record and its witnesses, commitments, seed, draw, openings, risks.
 * @param open gives the file's bytes from their beginning: it is read twice
 * @param unit the unit's id, where the reader knows it
 */
export async function verifyAudits(
  open: () => AsyncIterable<Uint8Array>,
  unit: string | undefined,
): Promise<
  | { readonly report: BundleReport; readonly audits: readonly AuditVerdict[] }
  | { readonly report: undefined; readonly refused: string }
> {
  const verified = await verifyRecordFile(open(), unit);
  if (!verified.ok) return { report: undefined, refused: verified.fault.message };
  const report = verified.value;
  const records = report.fold.contests().flatMap((hash) => report.fold.contest(hash) ?? []);
  const blobs = await bundleBlobs(open(), new Set(records.flatMap(digestsOf)));
  const audits = records.map((record): AuditVerdict => {
    const committed = seedState(record).records?.content;
    const votes = (committed?.contests ?? []).flatMap(({ id, votes: { digest } }) => {
      const file = blobs.get(digest);
      return file === undefined ? [] : [[id, file] as const];
    });
    const state = contestState(record, { cards: blobs.get(committed?.cards.digest ?? ""), votes: new Map(votes) });
    return { record, state, steps: [recordStep(report), ...auditSteps(report, record, state)] };
  });
  return { report, audits };
}

/** Digests of the public files that the holder has committed to. */
function digestsOf(record: ContestRecord): string[] {
  return sayings(record, "exhibit/records", [record.charter.holder]).flatMap(({ content }) => [
    content.cards.digest,
    ...content.contests.map(({ votes }) => votes.digest),
  ]);
}

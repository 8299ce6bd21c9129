import { verifyRecordFile } from "@detente/station/record-file";
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
 * Recomputes audits of a bundle: the record and its witnesses, commitments, seed, draw, openings, risks. The record holds
 * every audit that anybody opened; which of them the bundle is about, `audit` says, the first digits of a charter's hash.
 * Else it is those that have begun and whose public files are in it: whoever opens an audit, and nobody accepts it, does
 * not spoil another's bundle. Where there is none of that kind it is all. The others are named.
 * @param open gives the file's bytes from their beginning: it is read twice
 * @param unit the unit's id, where the reader knows it
 */
export async function verifyAudits(
  open: () => AsyncIterable<Uint8Array>,
  { unit, audit }: { readonly unit?: string | undefined; readonly audit?: string | undefined },
): Promise<
  | {
      readonly report: BundleReport;
      readonly audits: readonly AuditVerdict[];
      readonly others: readonly ContestRecord[];
    }
  | { readonly report: undefined; readonly refused: string }
> {
  const verified = await verifyRecordFile(open(), unit);
  if (!verified.ok) return { report: undefined, refused: verified.fault.message };
  const report = verified.value;
  const all = report.fold.contests().flatMap((hash) => report.fold.contest(hash) ?? []);
  const blobs = await bundleBlobs(open(), new Set(all.flatMap(digestsOf)));
  const isHere = (record: ContestRecord): boolean =>
    seedState(record).lacking.length === 0 && digestsOf(record).some((digest) => blobs.has(digest));
  const here = all.filter((record) => (audit === undefined ? isHere(record) : record.hash.startsWith(audit)));
  const records = here.length === 0 && audit === undefined ? all : here;
  const audits = records.map((record): AuditVerdict => {
    const committed = seedState(record).records?.content;
    const votes = (committed?.contests ?? []).flatMap(({ id, votes: { digest } }) => {
      const file = blobs.get(digest);
      return file === undefined ? [] : [[id, file] as const];
    });
    const state = contestState(record, { cards: blobs.get(committed?.cards.digest ?? ""), votes: new Map(votes) });
    return { record, state, steps: [recordStep(report), ...auditSteps(report, record, state)] };
  });
  return { report, audits, others: all.filter((record) => !records.includes(record)) };
}

/** Digests of the public files that the holder has committed to. */
function digestsOf(record: ContestRecord): string[] {
  return sayings(record, "exhibit/records", [record.charter.holder]).flatMap(({ content }) => [
    content.cards.digest,
    ...content.contests.map(({ votes }) => votes.digest),
  ]);
}

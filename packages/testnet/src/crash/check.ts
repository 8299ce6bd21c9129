import { equalBytes, fromBase64, fromHex, present, toHex, unwrap } from "@detente/basics";
import { isHeadsLeaf, parseBody, parseLeaf, type ShareContent } from "@detente/record";
import { rebuildIndex, type RunningStation, type Station } from "@detente/station";
import { formatAddCheckpoint, leafHash, originHash } from "@detente/tlog";
import { cosignatureFlaws, cosigned, SignedHeads } from "./heads-seen.ts";
import { journalHeads } from "./journal-heads.ts";
import { FAULTED, OTHER } from "./names.ts";
import { until } from "./steady.ts";
import type { TwoParties } from "./unit.ts";

/** A statement of which the faulted station said that it is on the record. */
export interface Acknowledged {
  readonly index: number;
  readonly leafHash: string;
}

export interface Restarted {
  readonly unit: TwoParties;
  readonly dir: string;
  readonly faulted: RunningStation;
  readonly steady: RunningStation;
  /** The index of the steady party's last statement, once it has said everything. */
  readonly steadySaid: Promise<number>;
  readonly acknowledged: readonly Acknowledged[];
  /** What the faulted party's key signed so far. */
  readonly heads: SignedHeads;
}

/** How long the two may take to agree, in milliseconds. */
const AGREE_MS = 60_000;

/** What does not hold that must, while the station that was struck runs again. */
export async function checkRunning(given: Restarted): Promise<string[]> {
  const lost = await missing(given.faulted.station, given.acknowledged);
  return [...lost, ...(await goesOn(given)), ...(await remembersCosignatures(given))];
}

/** The same once both have stopped: the index is made anew from the record, and gives what the station gave. */
export async function checkStopped({ dir, faulted, unit, heads }: Restarted): Promise<string[]> {
  heads.wire([...unit.tap[FAULTED].exchanges, ...unit.tap[OTHER].exchanges]);
  for (const note of journalHeads(`${dir}/logs/${originHash(unit.party[FAULTED].origin)}`))
    heads.note(note, "the journal in the end");
  const digest = unitDigest(faulted.station);
  const rebuilt = await rebuildIndex(dir);
  if (!rebuilt.ok) return [...heads.splits(), `the index is not rebuilt: ${rebuilt.fault.message}`];
  if (rebuilt.value.digest === digest) return heads.splits();
  return [...heads.splits(), `the rebuilt view has digest ${rebuilt.value.digest}, not ${digest}`];
}

/** Acknowledged statements that are not at their index whole, with their body and, of shares, their items. */
async function missing(station: Station, acknowledged: readonly Acknowledged[]): Promise<string[]> {
  const problems: string[] = [];
  for (const { index, leafHash: expected } of acknowledged) {
    const place = `the acknowledged statement ${index}`;
    const leaf = index < station.own.reader.size ? await station.own.reader.entry(index) : undefined;
    if (leaf === undefined || toHex(leafHash(leaf)) !== expected) {
      problems.push(`${place} is not in the log`);
      continue;
    }
    const statement = unwrap(parseLeaf(leaf));
    if (isHeadsLeaf(statement)) continue;
    const bytes = await station.bodies.get(present(fromHex(statement.body), "a digest"));
    if (bytes === undefined) {
      problems.push(`the body of ${place} is missing`);
      continue;
    }
    const body = unwrap(parseBody(bytes, statement));
    if (body.kind !== "share" && body.kind !== "objects") continue;
    const { items } = body.content as unknown as Pick<ShareContent, "items">;
    if (!(await station.blobs.has(present(fromHex(items.digest), "a digest"))))
      problems.push(`the items of ${place} are missing`);
  }
  return problems;
}

/** Gets ready, appends, and agrees with the other station. */
async function goesOn({ unit, faulted, steady, steadySaid }: Restarted): Promise<string[]> {
  const signal = AbortSignal.timeout(AGREE_MS);
  const [a, b] = [faulted.station, steady.station];
  try {
    await until(() => a.gate.state === "ready" && b.gate.state === "ready", signal);
    const content = { party: OTHER, said: "it runs again" };
    const said = unwrap(await a.speaker.state({ type: "account", kind: "report", of: [], audience: "unit", content }));
    const theirs = await steadySaid;
    const { origin } = unit.party[FAULTED];
    const knows = (one: Station): boolean =>
      effective(one, origin) > said.index && effective(one, unit.party[OTHER].origin) > theirs;
    // The other brings its newest head to the witness here by itself, and may have had to wait with it.
    const isCosigned = (): boolean => (b.unit?.cosignatures.witnessedSize() ?? 0) > theirs;
    await until(() => knows(a) && knows(b) && unitDigest(a) === unitDigest(b) && isCosigned(), signal);
    return [];
  } catch (error) {
    const where = [a, b].map((one) => {
      const sizes = one.unit?.archive.fold
        .logs()
        .map((log) => `${log.origin} ${log.size}/${log.judgedSize}/${log.effectiveSize}`);
      return `${one.config.name}: ${one.gate.state} (${one.gate.detail}), ${sizes?.join(", ")}, ${unitDigest(one)}`;
    });
    return [`the stations do not come to agree: ${(error as Error).message}; ${where.join("; ")}`];
  }
}

/** The witness and the mirror stand by what they have cosigned before. */
async function remembersCosignatures({ unit, faulted }: Restarted): Promise<string[]> {
  const { station } = faulted;
  const { origin } = unit.party[OTHER];
  const theirs = new SignedHeads(unit.party[OTHER]);
  const given = cosigned(unit.tap[FAULTED].exchanges, theirs);
  const problems = cosignatureFlaws(given);
  const last = given.at(-1);
  if (last === undefined) return [...problems, "the witness has cosigned nothing"];
  const kept = await station.state.witness.get(origin);
  if (kept === undefined || kept.size < last.size)
    problems.push(`the witness forgot that it cosigned size ${last.size}`);
  const mirror = station.unit?.archive.log(origin);
  const root = present(fromBase64(last.root), "a root");
  if (mirror === undefined || mirror.size < last.size || !equalBytes(mirror.rootAt(last.size), root)) {
    problems.push(`the mirror does not hold what the witness cosigned, size ${last.size}`);
  }
  const older = theirs.noteBelow(last.size);
  if (older !== undefined) {
    const body = formatAddCheckpoint({ oldSize: 0, proof: [], note: older });
    const answer = await fetch(`${faulted.url}/witness/add-checkpoint`, {
      method: "POST",
      body: Uint8Array.from(body),
    });
    await answer.arrayBuffer();
    if (answer.status === 200) problems.push("the witness cosigned an older head again");
  }
  return problems;
}

function effective(station: Station, origin: string): number {
  return station.unit?.archive.fold.logs().find((log) => log.origin === origin)?.effectiveSize ?? 0;
}

function unitDigest(station: Station): string | undefined {
  return station.unit?.archive.fold.viewDigest("unit").digest;
}

import type { Json } from "@detente/basics";
import type { LogFormat } from "@detente/screen";
import type { BlindHit, BlindHits, LookedUp, OfferedHit } from "@detente/station";
import { WatchList } from "@detente/telemetry";
import type { Cli } from "../cli.ts";
import { amount, plain, short } from "../ui/text.ts";
import { findingPrinter } from "./mail-findings.ts";
import { Run } from "./run.ts";
import { runOnce } from "./run-once.ts";
import type { LogTally } from "./run-tally.ts";
import { coverageOf, type CoverageGiven, NO_TIMES } from "./sightings.ts";
import type { Origin } from "./watch-list.ts";

interface CountFlags extends CoverageGiven {
  readonly format?: LogFormat;
  /** Bytes. */
  readonly maxUnpacked: number;
}

/** Hits with their numbers and times, by the telemetry that they are in. */
export interface CountedHits {
  readonly bySource: ReadonlyMap<string, readonly BlindHit[]>;
  /** Whether some could not be counted. */
  readonly isPartial: boolean;
}

/** A hit, and what has become of it. */
export type OfferedSighting = OfferedHit & Pick<BlindHit, "kind" | "value" | "share" | "index">;

/** Hits that go to the station at once. */
const AT_ONCE = 4096;

/**
 * Counts in logs what a blind look-up has found there, as far as a label names an item of a share: of anything else
 * nothing can be said on the record. Standard input cannot be read again, so nothing is counted in it.
 */
export async function countHits(
  cli: Cli,
  partner: string,
  files: readonly string[],
  flags: CountFlags,
  hits: readonly LookedUp[],
): Promise<CountedHits> {
  const items = hits.flatMap(({ kind, value, hit }) => {
    const { share, index } = hit ?? {};
    return share === undefined || index === undefined ? [] : [{ kind, value, ref: { party: partner, share, index } }];
  });
  if (items.length === 0) return { bySource: new Map(), isPartial: false };
  const list = new WatchList<Origin>(items);
  const { format, maxUnpacked } = flags;
  const screened = { maxUnpacked, context: false, ...(format === undefined ? {} : { format }) };
  const run = new Run(cli, screened, { list, expired: 0 }, 0, findingPrinter(cli, []));
  await runOnce(run, files);
  return inSources(cli, run.tally.logs(), flags, run.isPartial);
}

function inSources(cli: Cli, logs: readonly LogTally[], given: CoverageGiven, wasPartial: boolean): CountedHits {
  const bySource = new Map<string, BlindHit[]>();
  let isPartial = wasPartial;
  for (const log of logs) {
    if (log.indicators.length === 0) continue;
    const coverage = coverageOf(log, given);
    if (coverage === undefined) {
      isPartial = true;
      cli.remark(`detente: ${plain(log.name, 500)}: ${NO_TIMES} — say --from and --until`);
      continue;
    }
    const { from, to, source } = coverage;
    const known = bySource.get(source) ?? [];
    bySource.set(source, known);
    for (const { indicator, from: item, classes, first, last } of log.indicators) {
      if (item === null || item === undefined) continue;
      const { share, index } = item;
      known.push({ ...indicator, share, index, classes, first: first ?? from, last: last ?? to, from, to });
    }
  }
  return { bySource, isPartial };
}

/** Lets the station take hits up as sightings. @param isReleased whether they are let out at once */
export async function offerHits(
  cli: Cli,
  partner: string,
  { bySource }: CountedHits,
  isReleased: boolean,
): Promise<OfferedSighting[]> {
  if (bySource.size === 0) return [];
  return cli.withStation(async (station) => {
    const offered: OfferedSighting[] = [];
    for (const [source, all] of bySource) {
      for (let i = 0; i < all.length; i += AT_ONCE) {
        const hits = all.slice(i, i + AT_ONCE);
        const body: BlindHits = { partner, source, hits, isReleased };
        const answer = await station.post<{ readonly hits: readonly OfferedHit[] }>(
          "/api/match/hits",
          body as unknown as Json,
        );
        for (const [j, { kind, value, share, index }] of hits.entries())
          offered.push({ ...(answer.hits[j] as OfferedHit), kind, value, share, index });
      }
    }
    return offered;
  });
}

/** What has become of hits, for people. @param hits all that there are, also those of nothing that was shared */
export function offeredText(cli: Cli, sightings: readonly OfferedSighting[], hits: readonly LookedUp[]): string[] {
  const of = (is: OfferedSighting["is"]): number => sightings.filter((one) => one.is === is).length;
  const [said, waits] = [of("said"), of("waits")];
  const unshared = hits.filter(({ hit }) => hit?.share === undefined).length;
  return [
    ...sightings.flatMap((one) => {
      if (one.is === "said") return [`${plain(one.value)}: sighting said: statement ${short(one.leafHash)}`];
      const what = one.is === "waits" ? `waits (${one.id})` : "no sighting";
      return [`${plain(one.value)}: ${what}: ${plain(one.why, 500)}`];
    }),
    ...(unshared === 0 ? [] : [`${amount(unshared, "hit")} of what was never shared: nothing can be said about it`]),
    ...(said === 0 ? [] : [`${amount(said, "sighting")} said`]),
    ...(waits === 0 ? [] : [cli.palette.doubtful(`${amount(waits, "sighting")} pending: \`detente watch pending\``)]),
  ];
}

import type { Json } from "@detente/basics";
import type { Coverage, SightingContent } from "@detente/record";
import type { Appended, AudienceInput } from "@detente/station";
import type { Station } from "../station.ts";
import { audienceOf } from "../statements.ts";
import { Trouble } from "../trouble.ts";
import type { LogTally } from "./run-tally.ts";

/** What is to be said about an item of a share after screening one log. */
export interface Sighting {
  readonly share: string;
  readonly content: SightingContent;
}

/** What a person says about a log that the log does not say itself. Times in milliseconds since the epoch. */
export interface CoverageGiven {
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly source?: string | undefined;
}

export const NO_TIMES = "has no times that could be read, so its sightings cover nothing";

/** So many statements are under way at once, so that the station writes them in groups. */
const AT_ONCE = 32;

/** The sightings of one log, with the time that it covers; none is invented where it has no times. */
export function sightingsOf(log: LogTally, given: CoverageGiven): Sighting[] {
  const { name, indicators } = log;
  if (indicators.length === 0) return [];
  const coverage = coverageOf(log, given);
  if (coverage === undefined) throw new Trouble(name, NO_TIMES, "say --from and --until");
  const { from, to } = coverage;
  return indicators.flatMap(({ from: ref, count, first, last }) => {
    if (ref === undefined || ref === null) return [];
    const content = { item: { index: ref.index }, count, first: first ?? from, last: last ?? to, coverage };
    return [{ share: ref.share, content }];
  });
}

/** What the sightings of a log cover; undefined where it has no times and a person says none. */
export function coverageOf({ from, to, format }: LogTally, given: CoverageGiven): Coverage | undefined {
  const [begin, end] = [given.from ?? from, given.until ?? to];
  if (begin === null || end === null) return undefined;
  return { from: begin, to: end, source: given.source ?? format ?? "text" };
}

/** Says them on the record: each for whoever can read its share, or for `to`. */
export async function postSightings(
  station: Station,
  sightings: readonly Sighting[],
  to: readonly string[] | undefined,
): Promise<Appended[]> {
  const audiences = new Map<string, AudienceInput>();
  for (const share of new Set(sightings.map((sighting) => sighting.share))) {
    audiences.set(share, to ?? audienceOf([await station.statement(share)]));
  }
  const posted: Appended[] = [];
  for (let i = 0; i < sightings.length; i += AT_ONCE) {
    const group = sightings.slice(i, i + AT_ONCE).map(({ share, content }) =>
      station.post<Appended>("/api/statements", {
        type: "observe",
        kind: "sighting",
        of: [share],
        audience: audiences.get(share) ?? "unit",
        content: content as unknown as Json,
      }),
    );
    posted.push(...(await Promise.all(group)));
  }
  return posted;
}

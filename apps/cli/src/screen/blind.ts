import { createScreener, type LogFormat, ObservableCollector } from "@detente/screen";
import { findFiles, openInput } from "@detente/telemetry";
import type { Answer } from "../command.ts";
import type { Cli } from "../cli.ts";
import { isCut, known, lookUpAll, resultText } from "../match/lookup.ts";
import { Trouble } from "../trouble.ts";
import { amount } from "../ui/text.ts";
import { countHits, offerHits, offeredText } from "./blind-hits.ts";
import type { CoverageGiven } from "./sightings.ts";

export interface BlindFlags extends CoverageGiven {
  readonly format?: LogFormat;
  /** Bytes. */
  readonly maxUnpacked: number;
  /** Whether hits are to be said at once. */
  readonly post: boolean;
}

/** What stands in logs and could be an indicator. */
interface Collected {
  readonly collector: ObservableCollector;
  /** The files that could be read. */
  readonly files: readonly string[];
  readonly isPartial: boolean;
}

/** Distinct observables of a run at most: some 300 MB of them. */
const MAX_OBSERVABLES = 2_000_000;

/**
 * Asks a partner for all that stands in logs and could be an indicator, each once. What hits is then counted in the logs,
 * here, and waits at the station until an officer or the partner's policy lets it out.
 */
export async function screenBlindly(
  cli: Cli,
  partner: string,
  names: readonly string[],
  flags: BlindFlags,
): Promise<Answer> {
  // Before hours of reading: can it be asked at all?
  await cli.withStation((station) => known(station, { partner, indicators: [] }));
  const { collector, files, isPartial } = await collect(cli, names, flags);
  if (collector.count === 0)
    throw new Trouble(names.join(", "), "holds nothing that could be an indicator", "see --format");
  const result = await lookUpAll(cli, partner, [...collector.observables()]);
  if (result.hits.length > 0 && names.includes("-"))
    cli.remark("detente: standard input cannot be read again, so hits are not counted in it");
  const counted = await countHits(cli, partner, files, flags, result.hits);
  const sightings = await offerHits(cli, partner, counted, flags.post);
  return {
    json: { ...result, sightings },
    text: [...resultText(cli, result), ...offeredText(cli, sightings, result.hits)],
    isNo: result.hits.length === 0,
    isPartial: isPartial || counted.isPartial || isCut(result),
  };
}

async function collect(cli: Cli, names: readonly string[], { format, maxUnpacked }: BlindFlags): Promise<Collected> {
  const collector = new ObservableCollector(MAX_OBSERVABLES);
  const screener = createScreener(collector);
  const found = await findFiles(names.filter((name) => name !== "-"));
  const files: string[] = [];
  let isPartial = false;
  const fault = (message: string): void => {
    isPartial = true;
    cli.remark(`detente: ${message}`);
  };
  for (const { message } of found.faults) fault(message);
  for (const path of [...(names.includes("-") ? ["-"] : []), ...found.files.map((file) => file.path)]) {
    const input = await openInput(path, cli.context.stdin, maxUnpacked);
    if (!input.ok) {
      fault(input.fault.message);
      continue;
    }
    const { name, size } = input.value;
    if (path !== "-") files.push(path);
    const progress = cli.progress(name, size);
    const screening = screener.screen(input.value.chunks(progress.add), {
      name,
      ...(format === undefined ? {} : { format }),
    });
    // There are no hits: what is looked up is what is wanted.
    for await (const _ of screening) continue;
    progress.clear();
    const trouble = input.value.fault();
    if (trouble !== undefined) fault(trouble.message);
  }
  if (collector.left > 0) fault(`more than ${amount(MAX_OBSERVABLES, "observable")}: screen fewer logs at once`);
  return { collector, files, isPartial };
}

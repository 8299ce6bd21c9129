import { createScreener, type LogFormat, ObservableCollector } from "@detente/screen";
import { findFiles, openInput } from "@detente/telemetry";
import type { Answer } from "../command.ts";
import type { Cli } from "../cli.ts";
import { isCut, known, lookUpAll, resultText } from "../match/lookup.ts";
import { Trouble } from "../trouble.ts";
import { amount } from "../ui/text.ts";

export interface BlindFlags {
  readonly format?: LogFormat;
  /** Bytes. */
  readonly maxUnpacked: number;
}

/** Distinct observables of a run at most: some 300 MB of them. */
const MAX_OBSERVABLES = 2_000_000;

/** Asks a partner for all that stands in logs and could be an indicator, each once; says nothing else of them. */
export async function screenBlindly(
  cli: Cli,
  partner: string,
  names: readonly string[],
  { format, maxUnpacked }: BlindFlags,
): Promise<Answer> {
  // Before hours of reading: can it be asked at all?
  await cli.withStation((station) => known(station, { partner, indicators: [] }));
  const collector = new ObservableCollector(MAX_OBSERVABLES);
  const screener = createScreener(collector);
  const { files, faults } = await findFiles(names.filter((name) => name !== "-"));
  let isPartial = false;
  const fault = (message: string): void => {
    isPartial = true;
    cli.remark(`detente: ${message}`);
  };
  for (const { message } of faults) fault(message);
  for (const path of [...(names.includes("-") ? ["-"] : []), ...files.map((file) => file.path)]) {
    const input = await openInput(path, cli.context.stdin, maxUnpacked);
    if (!input.ok) {
      fault(input.fault.message);
      continue;
    }
    const { name, size } = input.value;
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
  if (collector.count === 0)
    throw new Trouble(names.join(", "), "holds nothing that could be an indicator", "see --format");
  const result = await lookUpAll(cli, partner, [...collector.observables()]);
  isPartial ||= isCut(result);
  return { json: result, text: resultText(cli, result), isNo: result.hits.length === 0, isPartial };
}

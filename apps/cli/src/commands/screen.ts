import { createScreener, LOG_FORMATS, type LogFormat, type Screener, type ScreeningSummary } from "@detente/screen";
import type { Appended } from "@detente/station";
import { list, optional, several, time, yes } from "../args.ts";
import type { Cli } from "../cli.ts";
import { command } from "../command.ts";
import { type Input, openInput } from "../input.ts";
import { flagLines, hitJson, hitLine, summaryLine, tallyTable } from "../screen/hit-lines.ts";
import { QUEUE_FLAGS, type QueueFlags, screenByQueue } from "../screen/queue.ts";
import { postSightings, sightingsOf } from "../screen/sightings.ts";
import { type Origin, watchList } from "../screen/watch-list.ts";
import { TO_FLAG } from "../statements.ts";
import { Trouble } from "../trouble.ts";
import { amount, short } from "../ui/text.ts";

/** Statements that are named after posting. */
const MAX_NAMED = 8;

type Flags = {
  readonly format?: LogFormat;
  readonly indicators?: readonly string[];
  readonly sightings: boolean;
  readonly post: boolean;
  readonly source?: string;
  readonly from?: number;
  readonly until?: number;
  readonly to?: readonly string[];
} & QueueFlags;

export const screenCommand = command<Flags, string[]>({
  brief: "Look in logs for what the unit has shared",
  about:
    "Any text log; fields are known in Zeek (TSV and JSON), Suricata eve.json, JSON lines, access logs (nginx, Apache), squid and BIND. " +
    "gzip files are unpacked, - is standard input. The logs stay here: only with --post something is said to others, a " +
    "sighting for each indicator and log with count, first and last time. Exit code 0: hits, 1: none, 2: trouble. " +
    "--json prints a line for each hit and a last line with the summary.",
  examples: [
    "detente screen /var/log/nginx/access.log",
    "detente screen dns.log.gz eve.json --post",
    "journalctl -o cat | detente screen - --sightings",
    "detente screen access.log --indicators phishing.csv",
    "detente screen /srv/logs/*.log --queue nats://127.0.0.1:4222",
  ],
  flags: {
    format: {
      kind: "enum",
      values: LOG_FORMATS,
      brief: "the logs' format (default: told by their first lines)",
      optional: true,
    },
    indicators: list("file", "look for what these files, separated by commas, hold: no station is needed"),
    sightings: yes("print a line for each indicator instead of each hit"),
    post: yes("say the sightings on the record"),
    source: optional(String, "text", "which telemetry this is, for the sightings (default: its format)"),
    from: optional(time, "time", "begin of what the logs cover (default: their first time)"),
    until: optional(time, "time", "end of what the logs cover (default: their last time)"),
    to: TO_FLAG,
    ...QUEUE_FLAGS,
  },
  args: several("FILE", "logs"),
  async run(cli, flags, ...paths) {
    if (flags.post && flags.indicators !== undefined) {
      throw new Trouble(
        "--post",
        "indicators of files are no shares, so there is nothing to post about",
        "share them first",
      );
    }
    const summaries =
      flags.queue === undefined
        ? await screenHere(cli, paths, flags)
        : await screenByQueue(cli, flags.queue, paths, flags);
    const posted = flags.post ? await post(cli, summaries, flags) : [];
    const hits = summaries.reduce((sum, summary) => sum + summary.hits, 0);
    const files = summaries.map(({ byIndicator: _byIndicator, ...summary }) => summary);
    return {
      json: { summary: { hits, files, posted } },
      text: [
        ...(hits > 0 && !flags.sightings ? [""] : []),
        ...tallyTable(cli, summaries),
        ...summaries.map(summaryLine),
        ...(posted.length === 0 ? [] : [postedLine(posted)]),
      ],
      isNo: hits === 0,
    };
  },
});

async function screenHere(cli: Cli, paths: readonly string[], flags: Flags): Promise<ScreeningSummary<Origin>[]> {
  const inputs = await Promise.all(paths.map((path) => openInput(path, cli.context.stdin)));
  const screener = createScreener(await watchList(cli, flags.indicators));
  const summaries: ScreeningSummary<Origin>[] = [];
  for (const input of inputs) summaries.push(await screenInput(cli, screener, input, flags));
  return summaries;
}

async function screenInput(
  cli: Cli,
  screener: Screener<Origin>,
  input: Input,
  { format, sightings }: Flags,
): Promise<ScreeningSummary<Origin>> {
  const progress = cli.progress(input.name, input.size);
  const screening = screener.screen(input.chunks(progress.add), {
    name: input.name,
    ...(format === undefined ? {} : { format }),
  });
  try {
    for await (const hit of screening) {
      progress.clear();
      if (cli.isJson) cli.printJson(hitJson(input.name, hit));
      else if (!sightings) cli.print(hitLine(cli, input.name, hit));
    }
  } finally {
    progress.clear();
  }
  const summary = screening.summary();
  cli.remark(...flagLines(summary));
  return summary;
}

function postedLine(posted: readonly Appended[]): string {
  const names = posted.slice(0, MAX_NAMED).map(({ leafHash }) => short(leafHash));
  const more = posted.length > names.length ? ["…"] : [];
  return `Posted ${amount(posted.length, "sighting")}: ${[...names, ...more].join(", ")}`;
}

async function post(
  cli: Cli,
  summaries: readonly ScreeningSummary<Origin>[],
  { from, until, source, to }: Flags,
): ReturnType<typeof postSightings> {
  const sightings = summaries.flatMap((summary) => sightingsOf(summary, { from, until, source }));
  return sightings.length === 0 ? [] : cli.withStation((station) => postSightings(station, sightings, to));
}

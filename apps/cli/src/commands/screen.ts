import { LOG_FORMATS, type LogFormat } from "@detente/screen";
import type { Appended } from "@detente/station";
import { MAX_UNPACKED, sizeText } from "@detente/telemetry";
import { list, optional, several, size, time, wholeNumber, yes } from "../args.ts";
import type { Cli } from "../cli.ts";
import { command } from "../command.ts";
import { screenBlindly } from "../screen/blind.ts";
import { findingPrinter, protectedDomains } from "../screen/mail-findings.ts";
import { QUEUE_FLAGS, type QueueFlags, screenByQueue } from "../screen/queue.ts";
import { Run } from "../screen/run.ts";
import { defaultState, runKept } from "../screen/run-kept.ts";
import { runOnce } from "../screen/run-once.ts";
import type { RunTally } from "../screen/run-tally.ts";
import { postSightings, sightingsOf } from "../screen/sightings.ts";
import { summaryJson, summaryText } from "../screen/summary.ts";
import { watchList } from "../screen/watch-list.ts";
import { TO_FLAG } from "../statements.ts";
import { Trouble } from "../trouble.ts";
import { amount, short } from "../ui/text.ts";

/** Statements that are named after posting. */
const MAX_NAMED = 8;
/** Hits of one indicator that people are shown unless they say otherwise. */
const MAX_SHOWN = 100;

type Flags = {
  readonly format?: LogFormat;
  readonly indicators?: readonly string[];
  readonly blind?: string;
  readonly protect?: readonly string[];
  readonly sightings: boolean;
  readonly context: boolean;
  readonly maxPerIndicator?: number;
  readonly maxUnpacked: number;
  readonly state?: string;
  readonly follow: boolean;
  readonly post: boolean;
  readonly source?: string;
  readonly from?: number;
  readonly until?: number;
  readonly to?: readonly string[];
} & QueueFlags;

export const screenCommand = command<Flags, string[]>({
  brief: "Look in logs for what the unit has shared",
  about:
    "FILE is a log, a directory of logs, a pattern in quotes, or - for standard input. Any text log; fields are known in Zeek " +
    "(TSV and JSON), Suricata eve.json, JSON lines, CSV, access logs (nginx, Apache), squid, BIND, dnstap and mail (mbox, eml). " +
    "gzip and zstd are unpacked, whatever the name. The logs stay here: only with --post something is said to others, a " +
    "sighting for each indicator and log with count, first and last time. Mail is judged besides: senders and links that " +
    "imitate a domain of --protect, or show another one than they are. With --state a run goes on where the last one ended, " +
    "and screens what it had screened for indicators that are new since; hits.jsonl in that directory has each hit once. " +
    "--follow goes on with what is written, through rotation, until Ctrl-C. --blind asks a partner for all that stands in the " +
    "logs, and counts what hits: that waits for an officer (`detente watch pending`) or a policy (`detente match hits`). Exit code 0: hits or such findings, 1: none, 2: " +
    "trouble, also where only a part could be screened. --json prints a line for each hit and a last line with the summary.",
  examples: [
    "detente screen /var/log/nginx/access.log",
    "detente screen /var/log/zeek dns.log.gz 'archive/**/*.zst' --post",
    "journalctl -o cat | detente screen - --sightings",
    "detente screen access.log --indicators phishing.csv",
    "detente screen /var/log --state ~/screening",
    "detente screen '/var/log/nginx/*.log' --follow --json",
    "detente screen reported.mbox --protect campaign.example,office.example",
    "detente screen /srv/logs/*.log --queue nats://127.0.0.1:4222",
    "detente screen /var/log/named/queries.log --blind bravo",
  ],
  flags: {
    format: {
      kind: "enum",
      values: LOG_FORMATS,
      brief: "the logs' format (default: told by their first lines)",
      optional: true,
    },
    indicators: list("file", "look for what these files, separated by commas, hold: no station is needed"),
    blind: optional(String, "party", "ask this partner for all that stands in the logs, without telling it what"),
    state: optional(String, "dir", "remember here how far each log was screened, and keep the journal of hits"),
    follow: yes("go on with what is written to the logs, until Ctrl-C (default of --state: in $XDG_STATE_HOME)"),
    protect: list("domain|file", "domains that mail may imitate, separated by commas, or files with one a line"),
    sightings: yes("print a line for each indicator instead of each hit"),
    context: yes("show the text around each hit, and keep it in the journal of --state"),
    maxPerIndicator: optional(
      wholeNumber,
      "n",
      `print so many hits of one indicator, only count the others (default: ${MAX_SHOWN}; with --json all)`,
    ),
    maxUnpacked: {
      kind: "parsed",
      parse: size,
      placeholder: "size",
      default: sizeText(MAX_UNPACKED).replace(".0 ", ""),
      brief: "read so much of what a packed file unpacks to",
    },
    post: yes("say the sightings on the record"),
    source: optional(String, "text", "which telemetry this is, for the sightings (default: its format)"),
    from: optional(time, "time", "begin of what the logs cover (default: their first time)"),
    until: optional(time, "time", "end of what the logs cover (default: their last time)"),
    to: TO_FLAG,
    ...QUEUE_FLAGS,
  },
  aliases: { f: "follow" },
  args: several("FILE", "logs, directories, patterns"),
  async run(cli, flags, ...names) {
    refuseWhatCannotBe(flags);
    if (flags.blind !== undefined) return screenBlindly(cli, flags.blind, names, flags);
    const limit = flags.sightings ? 0 : (flags.maxPerIndicator ?? (cli.isJson ? Number.POSITIVE_INFINITY : MAX_SHOWN));
    const findings = findingPrinter(cli, await protectedDomains(flags.protect));
    const run = new Run(cli, flags, await watchList(cli, flags.indicators, flags.follow), limit, findings);
    const dir = flags.state ?? (flags.follow ? defaultState(cli.context.process.env ?? {}) : undefined);
    if (flags.queue !== undefined) await screenByQueue(run, flags.queue, names, flags);
    else if (dir === undefined) await runOnce(run, names);
    else await runKept(run, names, { dir, isFollowing: flags.follow });
    run.remarkFlags();
    const { tally, isPartial, expired } = run;
    const posted = flags.post ? await post(cli, tally, flags) : [];
    return {
      json: { summary: { ...summaryJson(tally), expired, findings: findings.count(), posted } },
      text: [
        ...(tally.hits > 0 && !flags.sightings ? [""] : []),
        ...summaryText(cli, tally),
        ...(expired === 0 ? [] : [`${amount(expired, "indicator")} not looked for: expired`]),
        ...(posted.length === 0 ? [] : [postedLine(posted)]),
      ],
      isNo: tally.hits === 0 && findings.count() === 0,
      isPartial,
    };
  },
});

function refuseWhatCannotBe(flags: Flags): void {
  const { post: isPosting, indicators, follow, state, queue, format, context, to } = flags;
  const withBlind = Object.entries({ indicators, follow, state, queue, context, to }).find(([, given]) =>
    Boolean(given),
  );
  if (flags.blind !== undefined && withBlind !== undefined) {
    throw new Trouble("--blind", `does not go with --${withBlind[0]}`, "run the two apart");
  }
  if ((follow || state !== undefined) && (format === "mbox" || format === "eml" || format === "dnstap")) {
    throw new Trouble(
      `--format ${format}`,
      "is screened whole, so no place in it can be kept",
      "leave out --state and --follow",
    );
  }
  if (queue !== undefined && context) {
    throw new Trouble("--context", "is text of the logs, which never goes into the queue", "leave out one of the two");
  }
  if (queue !== undefined && (follow || state !== undefined)) {
    throw new Trouble("--queue", "remembers nothing of logs", "leave out --state and --follow");
  }
  if (!isPosting) return;
  if (indicators !== undefined) {
    throw new Trouble(
      "--post",
      "indicators of files are no shares, so there is nothing to post about",
      "share them first",
    );
  }
  if (follow) {
    throw new Trouble(
      "--post",
      "a run that follows has no end at which to post",
      "run `detente screen --state DIR --post` at intervals instead: each run posts what is new",
    );
  }
}

function postedLine(posted: readonly Appended[]): string {
  const names = posted.slice(0, MAX_NAMED).map(({ leafHash }) => short(leafHash));
  const more = posted.length > names.length ? ["…"] : [];
  return `Posted ${amount(posted.length, "sighting")}: ${[...names, ...more].join(", ")}`;
}

async function post(cli: Cli, tally: RunTally, { from, until, source, to }: Flags): ReturnType<typeof postSightings> {
  const sightings = tally.logs().flatMap((log) => sightingsOf(log, { from, until, source }));
  return sightings.length === 0 ? [] : cli.withStation((station) => postSightings(station, sightings, to));
}

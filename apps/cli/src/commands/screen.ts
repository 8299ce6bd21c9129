import { LOG_FORMATS, type LogFormat } from "@detente/screen/hit";
import { MAX_UNPACKED } from "@detente/telemetry/limits";
import { sizeText } from "@detente/telemetry/size-text";
import { list, optional, several, size, time, wholeNumber, yes } from "../args.ts";
import { command } from "../command.ts";
import { QUEUE_FLAGS, type QueueFlags } from "../screen/queue-flags.ts";
import { TO_FLAG } from "../statements.ts";

/** Hits of one indicator that people are shown unless they say otherwise. */
export const MAX_SHOWN = 100;

export type Flags = {
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
  load: () => import("./screen.run.ts"),
});

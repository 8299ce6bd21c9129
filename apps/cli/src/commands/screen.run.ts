import type { Appended } from "@detente/station";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { screenBlindly } from "../screen/blind.ts";
import { findingPrinter, protectedDomains } from "../screen/mail-findings.ts";
import { defaultState, runKept } from "../screen/run-kept.ts";
import { runOnce } from "../screen/run-once.ts";
import type { RunTally } from "../screen/run-tally.ts";
import { Run } from "../screen/run.ts";
import { postSightings, sightingsOf } from "../screen/sightings.ts";
import { summaryJson, summaryText } from "../screen/summary.ts";
import { watchList } from "../screen/watch-list.ts";
import { Trouble } from "../trouble.ts";
import { amount, short } from "../ui/text.ts";
import { MAX_SHOWN, type Flags } from "./screen.ts";

/** Statements that are named after posting. */
const MAX_NAMED = 8;

export async function run(cli: Cli, flags: Flags, ...names: string[]): Promise<Answer> {
  refuseWhatCannotBe(flags);
  if (flags.blind !== undefined) return screenBlindly(cli, flags.blind, names, flags);
  const limit = flags.sightings ? 0 : (flags.maxPerIndicator ?? (cli.isJson ? Number.POSITIVE_INFINITY : MAX_SHOWN));
  const findings = findingPrinter(cli, await protectedDomains(flags.protect));
  const screening = new Run(cli, flags, await watchList(cli, flags.indicators, flags.follow), limit, findings);
  const dir = flags.state ?? (flags.follow ? defaultState(cli.context.process.env ?? {}) : undefined);
  if (flags.queue !== undefined) {
    const { screenByQueue } = await import("../screen/queue.ts");
    await screenByQueue(screening, flags.queue, names, flags);
  } else if (dir === undefined) await runOnce(screening, names);
  else await runKept(screening, names, { dir, isFollowing: flags.follow });
  screening.remarkFlags();
  const { tally, isPartial, expired } = screening;
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
}

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

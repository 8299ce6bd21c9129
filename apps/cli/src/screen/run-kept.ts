import { homedir } from "node:os";
import { join } from "node:path";
import { follow, screenLogs, type ScreenLogsOptions, StateDirectory, StateFailed } from "@detente/telemetry";
import { Trouble, troubleAt } from "../trouble.ts";
import { amount, plain } from "../ui/text.ts";
import type { Run } from "./run.ts";
import { latestList, type Origin } from "./watch-list.ts";

/** How often a run that follows logs asks what is to be looked for: milliseconds. */
const REFRESH_MS = 60_000;

/**
 * Screens logs from where the last run with the same state ended, and follows them if asked to.
 * Ends early, at a checkpoint, when the process is asked to stop.
 */
export async function runKept(
  run: Run,
  names: readonly string[],
  { dir, isFollowing }: { readonly dir: string; readonly isFollowing: boolean },
): Promise<void> {
  const { cli, flags } = run;
  if (names.includes("-")) {
    throw new Trouble("-", "standard input has no place to come back to", "leave out --state and --follow");
  }
  const opened = await StateDirectory.open(dir);
  if (!opened.ok) throw troubleAt(dir, opened.fault);
  const state = opened.value;
  const stop = new AbortController();
  void cli.context.stopped().then(() => stop.abort());
  const progress = cli.progress("screening", undefined);
  let bytes = 0;
  let list = run.list;
  const options: ScreenLogsOptions<Origin> = {
    state,
    watchList: () => list,
    onHits(hits) {
      progress.clear();
      for (const hit of hits) run.hit(hit);
    },
    onSeen(seen) {
      run.tally.see(seen);
      progress.note(amount(run.tally.hits, "hit"));
      progress.set((bytes += seen.bytes), undefined);
    },
    onFault(fault) {
      progress.clear();
      // What is followed may still come.
      if (isFollowing && fault.code === "nothing") cli.remark(`detente: ${fault.message}; waiting for it`);
      else run.fault(fault);
    },
    signal: stop.signal,
    maxUnpacked: flags.maxUnpacked,
    withContext: flags.context,
    ...(flags.format === undefined ? {} : { format: flags.format }),
  };
  const refresh = async (): Promise<void> => {
    try {
      const latest = await latestList(cli, flags.indicators);
      if (latest.list.version !== list.version) list = latest.list;
      run.expired = latest.expired;
    } catch (error) {
      const { message } = error as Error;
      cli.remark(`detente: ${plain(message, 500)}; going on with the indicators of before`);
    }
  };
  const timer = isFollowing ? setInterval(() => void refresh(), REFRESH_MS) : undefined;
  try {
    await (isFollowing ? follow(names, options) : screenLogs(names, options));
  } catch (error) {
    throw error instanceof StateFailed ? troubleAt(dir, { code: "state", message: error.message }) : error;
  } finally {
    clearInterval(timer);
    progress.clear();
    await state.close();
  }
  if (stop.signal.aborted)
    cli.remark(`detente: stopped; the same command goes on from here (state in ${plain(dir, 500)})`);
}

/** Where the state is unless somebody says: XDG Base Directory Specification 0.8, `$XDG_STATE_HOME`. */
export function defaultState(env: Readonly<Partial<Record<string, string>>>): string {
  const home = env["XDG_STATE_HOME"];
  return join(home === undefined || home === "" ? join(homedir(), ".local", "state") : home, "detente", "screen");
}

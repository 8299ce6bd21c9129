import { LogFile } from "../content/log-file.ts";
import { err } from "@detente/basics";
import { beginOf, type Entry, joinParts, type Part } from "../state/entry.ts";
import type { WatchList } from "../watch-list/watch-list.ts";
import type { FollowerOptions } from "./follower.ts";
import { inodeOf } from "./find-inputs.ts";
import { LogReader } from "./log-reader.ts";

/**
 * Screens what was read under earlier lists for what is new in the current one, and only for that. A log that is
 * gone cannot be: that is told, and not tried again.
 * @param between called after each segment, so that what is new need not wait for what is old
 */
export async function catchUp<Ref>(options: FollowerOptions<Ref>, between: () => Promise<void>): Promise<void> {
  const { state, signal, watchList } = options;
  const deltas = new Deltas(options);
  let gone = 0;
  for (const known of state.entries()) {
    while (!signal.aborted) {
      const entry = state.entry(known.id) ?? known;
      const list = watchList();
      const at = entry.parts.findIndex((part) => part.list !== list.version);
      const part = entry.parts[at];
      if (part === undefined) break;
      const delta = await deltas.since(part.list, list);
      if (delta !== undefined && (await readAgain(options, entry, at, delta, between))) continue;
      if (signal.aborted || list !== watchList()) continue;
      if (delta !== undefined) gone++;
      await state.lists.keep(list.keys);
      await state.commit({ ...entry, parts: relabelled(entry, part, list.version) });
    }
  }
  if (signal.aborted) return;
  await state.dropListsBut(watchList().version);
  if (gone === 0) return;
  const what = `${gone === 1 ? "a log that was" : `${gone} logs that were`} screened before cannot be screened for new indicators`;
  options.onFault(err("gone", `history: ${what} — removed or overwritten meanwhile; nothing needs to be done`).fault);
}

/** Goes on with a part; false where its log is not there any more. */
async function readAgain<Ref>(
  options: FollowerOptions<Ref>,
  entry: Entry,
  at: number,
  delta: WatchList<Ref>,
  between: () => Promise<void>,
): Promise<boolean> {
  const log = await LogFile.open(entry.path, options.maxUnpacked).catch(() => undefined);
  if (log === undefined) return false;
  try {
    const isSame = inodeOf(await log.status()) === inodeOf(entry) && (log.isPacked || (await holds(log, entry)));
    const begin = beginOf(entry, at);
    const content = isSame ? await log.from(begin.offset) : undefined;
    if (content === undefined) return false;
    const { end } = entry.parts[at] as Part;
    await new LogReader(options).readAgain(entry, content, { begin, end }, delta, between);
    await content.close();
    return options.state.entry(entry.id) !== entry;
  } finally {
    await log.close();
  }
}

async function holds(log: LogFile, { read }: Entry): Promise<boolean> {
  return (await log.after(read)) !== undefined;
}

function relabelled({ parts }: Entry, part: Part, list: string): Part[] {
  return joinParts(parts.map((each) => (each === part ? { ...each, list } : each)));
}

/** What is new in a list since an earlier one, worked out once. */
class Deltas<Ref> {
  readonly #options: FollowerOptions<Ref>;
  readonly #known = new Map<string, WatchList<Ref> | undefined>();

  constructor(options: FollowerOptions<Ref>) {
    this.#options = options;
  }

  async since(version: string, list: WatchList<Ref>): Promise<WatchList<Ref> | undefined> {
    const key = `${version} ${list.version}`;
    if (!this.#known.has(key)) {
      this.#known.set(key, list.newSince(await this.#options.state.lists.get(version)));
    }
    return this.#known.get(key);
  }
}

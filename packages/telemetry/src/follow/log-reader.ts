import type { Hit, LogFormat } from "@detente/screen";
import type { Content } from "../content/content.ts";
import { type HitRecord, hitRecord } from "../hit-record.ts";
import { endOf, type Entry, joinParts, type LinePlace, type Part } from "../state/entry.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import type { ScreeningThread } from "../thread/screening-thread.ts";
import type { WatchList } from "../watch-list/watch-list.ts";
import { type Lines, screenLines, type Seen } from "./screen-lines.ts";

/** So many lines or bytes of a log settle its format. */
const SETTLED_LINES = 100;
const SETTLED_BYTES = 64 * 1024;

export interface ReaderOptions<Ref> {
  readonly state: StateDirectory;
  /** What is to be looked for now; asked before each segment. */
  readonly watchList: () => WatchList<Ref>;
  /** Told each hit, after it is in the journal: perhaps again after a crash, under the same id. */
  readonly onHits: (hits: readonly HitRecord<Ref>[]) => Promise<void> | void;
  /** Told what was seen of a log since it was last told, once that is put down. */
  readonly onSeen: (seen: Seen) => void;
  readonly format: LogFormat | undefined;
  /** Whether hits are to have the text around them. */
  readonly withContext: boolean;
  /** Where to screen, if not on the calling thread. */
  readonly thread: ScreeningThread | undefined;
  /** Bytes of a log that are screened between two checkpoints. */
  readonly segmentBytes: number;
  /** Stops between two segments. */
  readonly signal: AbortSignal;
}

/** Reads logs segment by segment, and puts down after each how far it came. */
export class LogReader<Ref> {
  readonly #options: ReaderOptions<Ref>;

  constructor(options: ReaderOptions<Ref>) {
    this.#options = options;
  }

  /** Screens the whole lines that an entry's log has behind its end; resolves with what the entry became. */
  async readOn(entry: Entry, content: Content): Promise<Entry> {
    let current = entry;
    while (!this.#options.signal.aborted) {
      const bytes = await content.segment(this.#options.segmentBytes);
      if (bytes === undefined) break;
      const list = this.#options.watchList();
      await this.#options.state.lists.keep(list.keys);
      const begin = endOf(current);
      const known = new Set(current.rest?.hits);
      const segment = { begin, bytes, writtenBy: content.writtenBy };
      const { seen, end } = await this.#screen(current, list, segment, (hit) => {
        return hit.line > begin.line || !known.has(spotOf(hit));
      });
      current = await this.#options.state.commit({
        ...current,
        format: this.#settled(current, end, seen.format),
        read: content.tracker.fingerprint(),
        parts: joinParts([...current.parts, { list: list.version, end }]),
        rest: null,
      });
      this.#options.onSeen(seen);
    }
    return current;
  }

  /** Screens what stands behind the last line end as if it were a line, unless that was done. */
  async readRest(entry: Entry, content: Content): Promise<Entry> {
    const rest = await content.rest();
    const list = this.#options.watchList();
    if (rest === undefined) return entry;
    if (entry.rest?.length === rest.length && entry.rest.list === list.version) return entry;
    const known = new Set(entry.rest?.hits);
    const segment = { begin: endOf(entry), bytes: rest.bytes, writtenBy: content.writtenBy };
    const { seen } = await this.#screen(entry, list, segment, (hit) => {
      const isNew = !known.has(spotOf(hit));
      known.add(spotOf(hit));
      return isNew;
    });
    const screened = { length: rest.length, list: list.version, hits: [...known] };
    const committed = await this.#options.state.commit({ ...entry, rest: screened });
    this.#options.onSeen(seen);
    return committed;
  }

  /**
   * Screens a part of a log again, for what is new in the current list.
   * @param content from the beginning of the part on
   * @param between called after each segment
   */
  async readAgain(
    log: Entry,
    content: Content,
    { begin, end: last }: Range,
    delta: WatchList<Ref>,
    between: () => Promise<void>,
  ): Promise<void> {
    const { state, signal, watchList, onSeen, segmentBytes } = this.#options;
    const list = watchList();
    await state.lists.keep(list.keys);
    for (let from = begin; from.offset < last.offset && !signal.aborted && watchList() === list;) {
      const left = last.offset - from.offset;
      const bytes = await content.segment(Math.min(segmentBytes, left));
      if (bytes === undefined) return;
      const own = { begin: from, bytes: upTo(left, bytes), writtenBy: content.writtenBy };
      const { seen, end } = await this.#screen(log, delta, own, () => true, list.version);
      const entry = state.entry(log.id) ?? log;
      await state.commit({ ...entry, parts: relabelled(entry.parts, from, end, list.version) });
      onSeen({ ...seen, lines: 0, bytes: 0 });
      from = end;
      await between();
    }
  }

  async #screen(
    entry: Entry,
    list: WatchList<Ref>,
    segment: Pick<Lines, "begin" | "bytes" | "writtenBy">,
    isNew: (hit: Hit<Ref>) => boolean,
    version: string = list.version,
  ): ReturnType<typeof screenLines> {
    const { path, id } = entry;
    const place = { file: path, input: id, list: version };
    const { format = entry.format ?? undefined, withContext } = this.#options;
    const lines = { ...segment, name: path, format, withContext };
    return screenLines(this.#options.thread?.screener(list) ?? list.screener, lines, async (hits) => {
      const records = hits.filter(isNew).map((hit) => hitRecord(place, hit));
      if (records.length === 0) return;
      await this.#options.state.append(records);
      await this.#options.onHits(records);
    });
  }

  #settled({ format }: Entry, end: LinePlace, seen: LogFormat | null): LogFormat | null {
    if (format !== null) return format;
    return end.line > SETTLED_LINES || end.offset >= SETTLED_BYTES ? seen : null;
  }
}

/** A part of a log. */
export interface Range {
  readonly begin: LinePlace;
  readonly end: LinePlace;
}

/** Parts after a piece at the beginning of one of them was screened for another list. */
function relabelled(parts: readonly Part[], begin: LinePlace, end: LinePlace, list: string): Part[] {
  const before = parts.filter((part) => part.end.offset <= begin.offset);
  const after = parts.filter((part) => part.end.offset > end.offset);
  return joinParts([...before, { list, end }, ...after]);
}

/** A hit within its line. */
function spotOf<Ref>({ column, indicator: { kind, value, ref } }: Hit<Ref>): string {
  return JSON.stringify([column, kind, value, ref ?? null]);
}

/** So many bytes at most: where the log was packed since, its segments end elsewhere. */
async function* upTo(limit: number, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = limit;
  for await (const chunk of bytes) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

import { present } from "@detente/basics";
import {
  type Hit,
  type HitIndicator,
  type Screener,
  type Screening,
  type ScreeningSummary,
  type ScreenOptions,
  Tally,
} from "@detente/screen";
import { Thread } from "@detente/store";
import type { WatchList } from "../watch-list/watch-list.ts";
import { type Answer, type Order, SLOTS } from "./messages.ts";

type LogThread = Thread<Order, Answer>;

const SLOT_NUMBERS: number[] = Array.from({ length: SLOTS }, (_, i) => i);

/**
 * One thread that screens logs, so that the one that asks for it stays free to answer others. It is started when there
 * is something to screen, and takes one log after another: the parts of several that are followed take turns.
 */
export class ScreeningThread {
  #thread: LogThread | undefined;
  /** What the thread has images of, by slot, and the slots in the order of their use. */
  #lists: (object | undefined)[] = [];
  #used: number[] = SLOT_NUMBERS;
  #turn: Promise<void> = Promise.resolve();

  /** Screens for a list on the thread; the hits are those of the list's own screener. */
  screener<Ref>(list: WatchList<Ref>): Screener<Ref> {
    return {
      screen: (source, options) => {
        let summary = new Tally<Ref>(options.name).summary();
        const run = this.#screen(list, source, options, (found) => (summary = found));
        return { [Symbol.asyncIterator]: () => run, summary: () => summary } satisfies Screening<Ref>;
      },
    };
  }

  /** Ends the thread; what is being screened fails. */
  async close(): Promise<void> {
    await this.#thread?.end();
  }

  async *#screen<Ref>(
    list: WatchList<Ref>,
    source: AsyncIterable<Uint8Array>,
    { mail: _mail, ...options }: ScreenOptions,
    onSummary: (summary: ScreeningSummary<Ref>) => void,
  ): AsyncGenerator<Hit<Ref>, undefined> {
    const release = await this.#takeTurn();
    const chunks = source[Symbol.asyncIterator]();
    const ofList = indicatorsOf(list);
    const { thread, slot } = this.#threadFor(list);
    let isDone = false;
    try {
      let chunk = chunks.next();
      // Its fault is met where it is awaited.
      chunk.catch(() => undefined);
      let { hits, summary } = await ask(thread, { slot, begin: options });
      for (;;) {
        for (const hit of hits) yield { ...hit, indicator: ofList(hit.indicator) };
        if (summary !== undefined) break;
        const { value, done } = await chunk;
        if (done !== true) {
          chunk = chunks.next();
          chunk.catch(() => undefined);
        }
        ({ hits, summary } = await ask(thread, done === true ? { end: true } : { chunk: new Uint8Array(value) }));
      }
      isDone = true;
      const byIndicator = summary.byIndicator.map((tally) => ({ ...tally, indicator: ofList(tally.indicator) }));
      onSummary({ ...summary, byIndicator });
    } finally {
      // Whoever asks for no more, or has no more to give, leaves the thread in the middle of a log.
      if (!isDone) await thread.end();
      await chunks.return?.();
      release();
    }
    return undefined;
  }

  /** Resolves when no other log is being screened, with what ends this one's turn. */
  async #takeTurn(): Promise<() => void> {
    const before = this.#turn;
    let release: () => void = () => undefined;
    this.#turn = new Promise((resolve) => (release = resolve));
    await before;
    return release;
  }

  /** The thread, and where it has the image of a list: if need be instead of that which was used longest ago. */
  #threadFor(list: WatchList<unknown>): { readonly thread: LogThread; readonly slot: number } {
    if (this.#thread?.hasEnded !== false) {
      this.#thread = new Thread(import.meta.url, "worker");
      this.#lists = [];
    }
    const thread = this.#thread;
    const known = this.#lists.indexOf(list);
    const slot = known < 0 ? present(this.#used[0], "a slot") : known;
    this.#used = [...this.#used.filter((other) => other !== slot), slot];
    this.#lists[slot] = list;
    if (known < 0) thread.tell({ slot, image: list.index.image.bytes });
    return { thread, slot };
  }
}

function ask(thread: LogThread, order: Order): Promise<Answer> {
  return thread.ask(order, "chunk" in order ? [order.chunk.buffer as ArrayBuffer] : []);
}

/** Makes indicators of a list out of those of its image, one object for each, as those who count hits expect. */
function indicatorsOf<Ref>(list: WatchList<Ref>): (found: HitIndicator<number>) => HitIndicator<Ref> {
  const known = new Map<number, HitIndicator<Ref>>();
  return ({ kind, value, ref: place }) => {
    const indicator = known.get(place) ?? { kind, value, ref: list.refAt(place) };
    known.set(place, indicator);
    return indicator;
  };
}

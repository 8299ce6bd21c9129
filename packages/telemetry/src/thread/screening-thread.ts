import { Worker } from "node:worker_threads";
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
import type { WatchList } from "../watch-list/watch-list.ts";
import { type Answer, type Order, SLOTS } from "./messages.ts";

/** Node loads no TypeScript: from sources, too, the thread runs what the build made, by no flags of ours. */
const WORKER = new URL(import.meta.url.endsWith(".ts") ? "../../dist/thread/worker.js" : "worker.js", import.meta.url);

const SLOT_NUMBERS: number[] = Array.from({ length: SLOTS }, (_, i) => i);

/**
 * One thread that screens logs, so that the one that asks for it stays free to answer others. It is started when there
 * is something to screen, and takes one log after another: the parts of several that are followed take turns.
 */
export class ScreeningThread {
  #worker: Worker | undefined;
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
    await this.#worker?.terminate();
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
    const { worker, slot } = this.#workerFor(list);
    let isDone = false;
    try {
      let chunk = chunks.next();
      // Its fault is met where it is awaited.
      chunk.catch(() => undefined);
      let { hits, summary } = await ask(worker, { slot, begin: options });
      for (;;) {
        for (const hit of hits) yield { ...hit, indicator: ofList(hit.indicator) };
        if (summary !== undefined) break;
        const { value, done } = await chunk;
        if (done !== true) {
          chunk = chunks.next();
          chunk.catch(() => undefined);
        }
        ({ hits, summary } = await ask(worker, done === true ? { end: true } : { chunk: new Uint8Array(value) }));
      }
      isDone = true;
      const byIndicator = summary.byIndicator.map((tally) => ({ ...tally, indicator: ofList(tally.indicator) }));
      onSummary({ ...summary, byIndicator });
    } finally {
      // Whoever asks for no more, or has no more to give, leaves the thread in the middle of a log.
      if (!isDone) await this.#abandon(worker);
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
  #workerFor(list: WatchList<unknown>): { readonly worker: Worker; readonly slot: number } {
    const worker = (this.#worker ??= this.#started());
    const known = this.#lists.indexOf(list);
    const slot = known < 0 ? present(this.#used[0], "a slot") : known;
    this.#used = [...this.#used.filter((other) => other !== slot), slot];
    this.#lists[slot] = list;
    if (known < 0) tell(worker, { slot, image: list.index.image.bytes });
    return { worker, slot };
  }

  #started(): Worker {
    const worker = new Worker(WORKER, { execArgv: [] });
    worker.unref();
    worker.on("error", () => void (this.#worker === worker && this.#forget()));
    return worker;
  }

  async #abandon(worker: Worker): Promise<void> {
    if (this.#worker === worker) this.#forget();
    await worker.terminate();
  }

  #forget(): void {
    this.#worker = undefined;
    this.#lists = [];
  }
}

function tell(worker: Worker, order: Order): void {
  const moved = "chunk" in order ? [order.chunk.buffer as ArrayBuffer] : [];
  worker.postMessage(order, moved);
}

/** Gives an order and resolves with its answer; rejects where the thread fails or has ended. */
function ask(worker: Worker, order: Order): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.unref();
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      act();
    };
    const onMessage = (answer: Answer): void => settle(() => resolve(answer));
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (): void => settle(() => reject(new Error("the thread that screens has ended")));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.ref();
    tell(worker, order);
  });
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

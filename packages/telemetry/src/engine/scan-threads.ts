import { Worker } from "node:worker_threads";
import type { IndicatorImage, SievePlace } from "@detente/screen";
import type { RangeResult } from "./range-result.ts";
import { type RangeJob, TEXT_SIZE } from "./range-scan.ts";

/** Node loads no TypeScript: from sources, too, the thread runs what the build made, by no flags of ours. */
const WORKER = new URL(import.meta.url.endsWith(".ts") ? "../../dist/engine/worker.js" : "worker.js", import.meta.url);

type Answer = { readonly result: RangeResult } | { readonly error: unknown };

interface Waiting {
  readonly resolve: (result: RangeResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Threads that scan ranges of files against one image. One is started when there is work and all others are busy; they
 * keep the process alive only while they have work.
 */
export class ScanThreads {
  readonly #threads: ScanThread[] = [];
  readonly count: number;
  #image: IndicatorImage;

  constructor(image: IndicatorImage, count: number) {
    this.#image = image;
    this.count = count;
  }

  /** Jobs from now on are scanned against another image. */
  use(image: IndicatorImage): void {
    this.#image = image;
    for (const thread of this.#threads) thread.use(this.#place());
  }

  /** Scans on the thread that has the least to do. Rejects when the file cannot be read. */
  scan(job: RangeJob): Promise<RangeResult> {
    const idlest = this.#threads.toSorted((a, b) => a.load - b.load)[0];
    if (idlest !== undefined && (idlest.load === 0 || this.#threads.length === this.count)) return idlest.scan(job);
    const thread = new ScanThread(this.#place());
    this.#threads.push(thread);
    return thread.scan(job);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((thread) => thread.close()));
  }

  #place(): SievePlace {
    return this.#image.placeSieve(TEXT_SIZE);
  }
}

class ScanThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  /** Why it takes no more work. */
  #fault: Error | undefined;

  constructor(place: SievePlace) {
    this.#worker = new Worker(WORKER, { workerData: place, execArgv: [] });
    this.#worker.unref();
    this.#worker.on("message", (answer: Answer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("a thread ended before its work")));
  }

  get load(): number {
    return this.#waiting.length;
  }

  use(place: SievePlace): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
    this.#worker.postMessage({ use: place });
  }

  scan(job: RangeJob): Promise<RangeResult> {
    return new Promise((resolve, reject) => {
      if (this.#fault !== undefined) return reject(this.#fault);
      this.#waiting.push({ resolve, reject });
      this.#worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
      this.#worker.postMessage({ job });
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#worker.unref();
    if ("result" in answer) waiting?.resolve(answer.result);
    else waiting?.reject(answer.error);
  }

  #fail(error: Error): void {
    this.#fault ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

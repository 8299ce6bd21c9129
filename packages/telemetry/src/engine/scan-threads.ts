import type { IndicatorImage, SievePlace } from "@detente/screen";
import { Thread } from "@detente/store";
import type { RangeResult } from "./range-result.ts";
import { type RangeJob, TEXT_SIZE } from "./range-scan.ts";

/** To scan by another image from now on, or to scan a range, which is answered. */
export type ScanOrder = { readonly use: SievePlace } | { readonly job: RangeJob };

export type ScanAnswer = { readonly result: RangeResult } | { readonly error: unknown };

type ScanThread = Thread<ScanOrder, ScanAnswer>;

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
    for (const thread of this.#threads) thread.tell({ use: this.#place() });
  }

  /** Scans on the thread that has the least to do. Rejects when the file cannot be read. */
  scan(job: RangeJob): Promise<RangeResult> {
    const idlest = this.#threads.toSorted((a, b) => a.owed - b.owed)[0];
    if (idlest !== undefined && (idlest.owed === 0 || this.#threads.length === this.count)) return scan(idlest, job);
    const thread: ScanThread = new Thread(import.meta.url, "worker", this.#place());
    this.#threads.push(thread);
    return scan(thread, job);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((thread) => thread.end()));
  }

  #place(): SievePlace {
    return this.#image.placeSieve(TEXT_SIZE);
  }
}

async function scan(thread: ScanThread, job: RangeJob): Promise<RangeResult> {
  const answer = await thread.ask({ job });
  if ("error" in answer) throw answer.error;
  return answer.result;
}

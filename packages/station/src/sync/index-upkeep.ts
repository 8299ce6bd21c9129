import { fromHex, present, toHex } from "@detente/basics";
import type { IndexStore } from "@detente/store";
import type { Clock } from "../clock.ts";
import { withdrawnShares } from "../standing-shares.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { Job, type StepOutcome } from "./job.ts";

interface IndexUpkeepOptions {
  readonly index: Pick<IndexStore, "search" | "writer">;
  /** Undefined while there is no unit, or while its record is being read. */
  readonly unit: () => UnitRuntime | undefined;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/** Changes of the record that come within this time are looked at together: each look is at all shares. Milliseconds. */
const GATHER = 250;

/** Takes shares that were withdrawn out of what searches find, and back in where a log's other version has no withdrawal. */
export class IndexUpkeep {
  readonly #options: IndexUpkeepOptions;
  readonly #job: Job;
  /** Withdrawn shares whose change may be half done, since the process ended meanwhile. */
  #unsure: Set<string> | undefined;

  constructor(options: IndexUpkeepOptions) {
    this.#options = options;
    this.#job = new Job(options.clock, (signal) => this.#step(signal), options.onFault);
  }

  /** The record has changed. */
  changed(): void {
    this.#job.wake();
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  async #step(signal: AbortSignal): Promise<StepOutcome> {
    const { index, unit, clock } = this.#options;
    await clock.sleep(GATHER, signal);
    const current = unit();
    if (current === undefined || signal.aborted) return "done";
    const wanted = withdrawnShares(current);
    const known = new Set((await index.search.withdrawnShares()).map(toHex));
    this.#unsure ??= new Set(known);
    for (const share of new Set([...wanted, ...known])) {
      const isRight = wanted.has(share) === known.has(share) && !this.#unsure.has(share);
      if (!isRight) await index.writer.setWithdrawn(present(fromHex(share), "a leaf hash"), wanted.has(share));
      this.#unsure.delete(share);
    }
    return "done";
  }
}

import { fromHex, present } from "@detente/basics";
import type { BlobReader } from "@detente/store";
import type { Logger } from "pino";
import type { Clock } from "../../clock.ts";
import { Job, type StepOutcome } from "../../sync/job.ts";
import type { Turns } from "../../turns.ts";
import type { UnitRuntime } from "../../unit-runtime.ts";
import type { Drawers } from "./drawers.ts";
import type { SharedFromHere } from "./pending.ts";
import type { Shelf } from "./shelf.ts";

export interface WithdrawalsOptions {
  readonly shelf: Shelf;
  readonly drawers: Drawers;
  readonly blobs: BlobReader;
  readonly unit: () => UnitRuntime | undefined;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Changes of the record that come within this time are looked at together. Milliseconds. */
const GATHER = 250;
const RETRY = 5000;

/** Takes out of tools' drawers what was shared from there and was withdrawn since, or erased. */
export class Withdrawals {
  readonly #options: WithdrawalsOptions;
  readonly #job: Job;

  constructor(options: WithdrawalsOptions) {
    this.#options = options;
    const onFault = (error: unknown): void => options.logger.error({ err: error }, "keeping what tools have shared");
    this.#job = new Job(options.clock, (signal) => this.#step(signal), onFault);
  }

  /** The record has changed, or items were erased. */
  changed(): void {
    this.#job.wake();
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  async #step(signal: AbortSignal): Promise<StepOutcome> {
    const { shelf, drawers, unit, turns, clock } = this.#options;
    if (shelf.shared().length === 0) return "done";
    await clock.sleep(GATHER, signal);
    const runtime = unit();
    if (runtime === undefined || signal.aborted) return "done";
    for (const one of shelf.shared()) {
      if (!(await this.#isGone(one, runtime))) continue;
      const cleared = await turns.run(async () => {
        await shelf.forget(one);
        return shelf.clear(one, drawers);
      });
      if (!cleared.ok) return { retryAfter: RETRY };
    }
    return "done";
  }

  /** What has not taken effect yet stands. */
  async #isGone({ leafHash, view, content }: SharedFromHere, { archive }: UnitRuntime): Promise<boolean> {
    if (archive.fold.thing(leafHash, view)?.isWithdrawn === true) return true;
    return this.#options.blobs.isErased(present(fromHex(content.items.digest), "a digest in hex"));
  }
}

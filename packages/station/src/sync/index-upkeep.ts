import { fromHex, present, toHex } from "@detente/basics";
import type { Claim, IndexStore } from "@detente/store";
import type { Clock } from "../clock.ts";
import { standingClaims, withdrawnShares } from "../standing-shares.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { Job, type StepOutcome } from "./job.ts";

interface IndexUpkeepOptions {
  readonly index: Pick<IndexStore, "search" | "versions" | "writer">;
  /** Undefined while there is no unit, or while its record is being read. */
  readonly unit: () => UnitRuntime | undefined;
  /** Called where items of shares have begun or ceased to stand. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/** Changes of the record that come within this time are looked at together: each look is at all shares. Milliseconds. */
const GATHER = 250;

/**
 * Takes shares that were withdrawn out of what searches find, and back in where a log's other version has no withdrawal;
 * and has the versions of objects count as long as the statements stand that shared them.
 */
export class IndexUpkeep {
  readonly #options: IndexUpkeepOptions;
  readonly #job: Job;
  #revision = 0;

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
    const { index, unit, clock, onChange } = this.#options;
    await clock.sleep(GATHER, signal);
    const current = unit();
    if (current === undefined || signal.aborted) return "done";
    await this.#withdraw(withdrawnShares(current));
    await this.#count(standingClaims(current));
    const revision = index.versions.revision();
    if (revision !== this.#revision) onChange();
    this.#revision = revision;
    return "done";
  }

  async #withdraw(wanted: ReadonlySet<string>): Promise<void> {
    const { index } = this.#options;
    const shares = await index.search.withdrawnShares();
    const known = new Map(shares.map(({ share, isWithdrawn }) => [toHex(share), isWithdrawn]));
    for (const share of new Set([...wanted, ...known.keys()])) {
      const isWithdrawn = wanted.has(share);
      const isKnown = known.has(share) ? known.get(share) : false;
      if (isKnown !== isWithdrawn) await index.writer.setWithdrawn(present(fromHex(share), "a leaf hash"), isWithdrawn);
    }
  }

  async #count(claims: readonly Claim[]): Promise<void> {
    const { index } = this.#options;
    const wanted = new Map(claims.map((claim) => [toHex(claim.share), claim]));
    const known = new Map((await index.versions.claims()).map((claim) => [toHex(claim.share), claim]));
    for (const [share, claim] of new Map<string, Claim>([...known, ...wanted])) {
      const isStanding = wanted.has(share);
      if ((known.get(share)?.isStanding ?? null) !== isStanding) await index.writer.setStanding(claim, isStanding);
    }
  }
}

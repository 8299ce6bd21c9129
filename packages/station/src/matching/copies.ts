import type { Clock } from "../clock.ts";
import { Job, type StepOutcome } from "../sync/job.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { EditionFetch } from "./edition-fetch.ts";
import type { KeptCopies } from "./kept-copies.ts";
import { fetchedFrom, type Offered, offeredOf } from "./offered.ts";
import { PartnerCopy, type SetCopy } from "./partner-copy.ts";
import type { SetFiles } from "./set-files.ts";
import type { MatchThreads } from "./threads.ts";

export interface CopiesOptions {
  readonly party: string;
  /** The origin of this party's log. */
  readonly origin: string;
  readonly unit: () => UnitRuntime | undefined;
  readonly files: SetFiles;
  /** What is left of those that are over. */
  readonly kept: KeptCopies;
  readonly threads: MatchThreads;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/**
 * The partners' sets that are for this party, all of each and in step with the record, so that nothing is asked of a
 * partner to see whether something hits.
 */
export class Copies {
  readonly #options: CopiesOptions;
  readonly #partners = new Map<string, PartnerCopy>();
  readonly #fetch: EditionFetch;
  readonly #sweeping: Job;

  constructor(options: CopiesOptions) {
    this.#options = options;
    this.#fetch = new EditionFetch(options.files, options.threads);
    this.#sweeping = new Job(options.clock, () => this.#sweep(), options.onFault);
  }

  /** The record may have changed. */
  wake(): void {
    for (const { party } of this.#offered()) {
      if (!this.#partners.has(party)) this.#partners.set(party, this.#partner(party));
    }
    for (const partner of this.#partners.values()) partner.wake();
    this.#sweeping.wake();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#partners.values(), this.#sweeping].map((job) => job.stop()));
  }

  /** The newest set of a partner that is for this party, as it is here. */
  of(party: string): SetCopy | undefined {
    const offered = this.#offered().find((one) => one.party === party);
    return offered === undefined ? undefined : this.#partners.get(party)?.of(offered);
  }

  /** What the record offers this party, and whether it is here in that edition; `fault` says why not. */
  list(): (Offered & { readonly isHere: boolean; readonly fault: string | undefined })[] {
    return this.#offered().map((offered) => {
      const partner = this.#partners.get(offered.party);
      return { ...offered, isHere: partner?.isHere(offered) === true, fault: partner?.fault };
    });
  }

  #partner(party: string): PartnerCopy {
    const { unit, clock, onFault } = this.#options;
    return new PartnerCopy({
      fetch: this.#fetch,
      clock,
      onFault,
      offered: () => this.#offered().find((one) => one.party === party),
      peer: () =>
        unit()
          ?.peers.list()
          .find(({ name }) => name === party),
    });
  }

  /** Removes the files of sets that the record knows and offers no more, those of before a restart too. */
  async #sweep(): Promise<StepOutcome> {
    const { unit, files, kept } = this.#options;
    const offered = new Set(this.#offered().map(({ report }) => report.hash));
    const known = new Set(
      unit()
        ?.archive.fold.matchSets()
        .map(({ hash }) => hash),
    );
    for (const set of await files.sets()) {
      if (!known.has(set) || offered.has(set)) continue;
      await kept.keep(set);
      await files.forget(set);
    }
    return "done";
  }

  /** Of each party the newest set that is open and has an edition for this party. */
  #offered(): Offered[] {
    const { unit, party: self, origin } = this.#options;
    const runtime = unit();
    const offered = new Map<string, Offered>();
    const begun = new Map<string, number[]>();
    for (const report of runtime?.archive.fold.matchSets() ?? []) {
      const { log, index, terms } = report;
      if (log === origin || !terms.partners.some(({ party }) => party === self)) continue;
      const before = begun.get(log) ?? [];
      const party = runtime?.membership.nameOf(log) ?? log;
      const one = report.isWithdrawn ? undefined : offeredOf(party, self, report, fetchedFrom(before));
      if (one !== undefined) offered.set(party, one);
      begun.set(log, [...before, runtime?.archive.fold.effectiveAt(log, index) ?? Number.NEGATIVE_INFINITY]);
    }
    return [...offered.values()];
  }
}

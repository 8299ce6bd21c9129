import { type Bytes, fromHex, ok, present, type Result, toHex } from "@detente/basics";
import type { AskedSet, PublishedSet, TagSet } from "@detente/match";
import type { MatchPartner, PartnerEdition } from "@detente/record";
import type { MatchSetReport } from "@detente/unit";
import type { Clock } from "../clock.ts";
import { Job, type StepOutcome } from "../sync/job.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { EditionFetch, type FetchFault } from "./edition-fetch.ts";
import type { SetFiles } from "./set-files.ts";
import type { MatchThreads } from "./threads.ts";

/** A partner's set as this party holds it. */
export interface SetCopy {
  readonly party: string;
  readonly report: MatchSetReport;
  /** What the record says of it, for this party. */
  readonly published: PublishedSet;
  readonly budget: number;
  readonly partnerKey: Bytes;
  readonly tags: TagSet;
  readonly labelBytes: number;
}

export interface CopiesOptions {
  readonly party: string;
  /** The origin of this party's log. */
  readonly origin: string;
  readonly unit: () => UnitRuntime | undefined;
  readonly files: SetFiles;
  readonly threads: MatchThreads;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/** A set that the record has for this party, and its part of the newest edition. */
interface Offered {
  readonly party: string;
  readonly report: MatchSetReport;
  readonly terms: MatchPartner;
  readonly edition: PartnerEdition;
  readonly sequence: number;
  readonly labelBytes: number;
}

const RETRY_MS = 3000;

/**
 * The partners' sets that are for this party, all of each and in step with the record, so that nothing is asked of a
 * partner to see whether something hits.
 */
export class Copies {
  readonly #options: CopiesOptions;
  readonly #held = new Map<string, SetCopy>();
  readonly #faults = new Map<string, string>();
  readonly #fetch: EditionFetch;
  readonly #job: Job;

  constructor(options: CopiesOptions) {
    this.#options = options;
    this.#fetch = new EditionFetch(options.files, options.threads);
    this.#job = new Job(options.clock, () => this.#step(), options.onFault);
  }

  /** The record may have changed. */
  wake(): void {
    this.#job.wake({ hurry: true });
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  /** The newest set of a partner that is for this party, as it is here. */
  of(party: string): SetCopy | undefined {
    const offered = this.#offered().find((one) => one.party === party);
    return offered === undefined ? undefined : this.#held.get(offered.report.hash);
  }

  /** What the record offers this party, and whether it is here in that edition; `fault` says why not. */
  list(): (Offered & { readonly isHere: boolean; readonly fault: string | undefined })[] {
    return this.#offered().map((offered) => {
      return { ...offered, isHere: this.#isHere(offered), fault: this.#faults.get(offered.report.hash) };
    });
  }

  async #step(): Promise<StepOutcome> {
    const offered = this.#offered();
    for (const hash of [...this.#held.keys()].filter((held) => !offered.some(({ report }) => report.hash === held))) {
      this.#held.delete(hash);
      await this.#options.files.forget(hash);
    }
    let failed = false;
    for (const one of offered) {
      if (this.#isHere(one)) continue;
      const copied = await this.#copy(one);
      if (copied.ok) this.#faults.delete(one.report.hash);
      else this.#faults.set(one.report.hash, copied.fault.message);
      failed ||= !copied.ok;
    }
    return failed ? { retryAfter: RETRY_MS } : "done";
  }

  #isHere({ report, edition }: Offered): boolean {
    const held = this.#held.get(report.hash);
    return (
      held !== undefined &&
      toHex(held.published.root) === edition.root &&
      held.report.edition?.index === report.edition?.index
    );
  }

  /** Of each party the newest set that is open and has an edition for this party. */
  #offered(): Offered[] {
    const { unit, party: self, origin } = this.#options;
    const runtime = unit();
    const offered = new Map<string, Offered>();
    for (const report of runtime?.archive.fold.matchSets() ?? []) {
      const content = report.edition?.content;
      const edition = content?.partners.find(({ party }) => party === self);
      const terms = report.terms.partners.find(({ party }) => party === self);
      if (report.log === origin || report.isWithdrawn || terms === undefined) continue;
      if (content === undefined || edition === undefined) continue;
      const party = runtime?.membership.nameOf(report.log) ?? report.log;
      const { sequence, labelBytes } = content;
      offered.set(party, { party, report, terms, edition, sequence, labelBytes });
    }
    return [...offered.values()];
  }

  async #copy(offered: Offered): Promise<Result<void, FetchFault>> {
    const { party, report, edition, sequence, labelBytes, terms } = offered;
    const peer = this.#options
      .unit()
      ?.peers.list()
      .find(({ name }) => name === party);
    const partnerKey = await this.#fetch.partnerKey(peer, report.hash, terms.key);
    if (!partnerKey.ok) return partnerKey;
    const committed = { root: hex(edition.root), count: edition.count };
    const held = this.#held.get(report.hash);
    const isNext = held?.report.edition?.content.sequence === sequence - 1;
    const wanted = { set: report.hash, sequence, committed, labelBytes, labels: edition.labels };
    const tags = await this.#fetch.tags(peer, wanted, isNext ? held?.tags : undefined);
    if (!tags.ok) return tags;
    this.#held.set(report.hash, copyOf(offered, partnerKey.value, tags.value));
    return ok(undefined);
  }
}

function copyOf({ party, report, edition, labelBytes, terms }: Offered, partnerKey: Bytes, tags: TagSet): SetCopy {
  const { key, receipts } = report.terms;
  const asked: AskedSet = { set: hex(report.hash), publicKey: hex(key), answererKey: hex(receipts) };
  const committed = { root: hex(edition.root), count: edition.count };
  const published = { ...asked, ...committed, partnerKeyDigest: hex(terms.key) };
  return { party, report, published, budget: terms.budget, partnerKey, tags, labelBytes };
}

function hex(text: string): Bytes {
  return present(fromHex(text), "32 bytes in hex");
}

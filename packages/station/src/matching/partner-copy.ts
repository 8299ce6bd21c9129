import { type Bytes, fromHex, ok, present, type Result, toHex } from "@detente/basics";
import type { AskedSet, PublishedSet, TagSet } from "@detente/match";
import type { MatchSetReport } from "@detente/unit";
import type { Clock } from "../clock.ts";
import { Job, type StepOutcome } from "../sync/job.ts";
import type { Peer } from "../sync/peer.ts";
import type { EditionFetch, FetchFault } from "./edition-fetch.ts";
import { type Offered, SETS_A_DAY } from "./offered.ts";

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

export interface PartnerCopyOptions {
  readonly fetch: EditionFetch;
  /** What this partner offers now. */
  readonly offered: () => Offered | undefined;
  readonly peer: () => Peer | undefined;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

const RETRY_MS = 3000;
/** What a partner gives was gigabytes of something else: it is not fetched again at once, whatever it says meanwhile. */
const LONGEST_WAIT_MS = 3_600_000;

/** The copy of one partner's set, with a job of its own: whoever is slow, or gives what is wrong, holds up nobody else. */
export class PartnerCopy {
  readonly #options: PartnerCopyOptions;
  readonly #job: Job;
  #held: SetCopy | undefined;
  #fault: string | undefined;
  #wrongs = 0;
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(options: PartnerCopyOptions) {
    this.#options = options;
    this.#job = new Job(options.clock, (signal) => this.#step(signal), options.onFault);
  }

  /** What the partner offers may have changed. */
  wake(): void {
    this.#job.wake({ hurry: true });
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  /** The copy of an offered set, of its newest edition or the one before. */
  of({ report }: Offered): SetCopy | undefined {
    return this.#held?.report.hash === report.hash ? this.#held : undefined;
  }

  /** Why the newest edition is not here. */
  get fault(): string | undefined {
    return this.#fault;
  }

  isHere({ report, edition }: Offered): boolean {
    const held = this.#held;
    return (
      held?.report.hash === report.hash &&
      toHex(held.published.root) === edition.root &&
      held.report.edition?.index === report.edition?.index
    );
  }

  async #step(signal: AbortSignal): Promise<StepOutcome> {
    const { clock } = this.#options;
    const offered = this.#options.offered();
    if (offered?.report.hash !== this.#held?.report.hash) this.#held = undefined;
    if (offered === undefined || this.isHere(offered)) {
      this.#fault = undefined;
      return "done";
    }
    const early = offered.from - clock.now();
    if (early > 0) {
      this.#fault = `${offered.party} has begun more than ${SETS_A_DAY} epochs within a day; this set is fetched in ${Math.ceil(early / 60_000)} minutes`;
      return { retryAfter: early };
    }
    const wait = this.#notBefore - clock.now();
    if (wait > 0) return { retryAfter: wait };
    const copied = await this.#copy(offered, signal);
    this.#fault = copied.ok ? undefined : copied.fault.message;
    // The record may have gone on meanwhile.
    if (copied.ok) {
      this.#wrongs = 0;
      return "again";
    }
    if (copied.fault.code === "not-given") return { retryAfter: RETRY_MS };
    const pause = Math.min(RETRY_MS * 2 ** this.#wrongs++, LONGEST_WAIT_MS);
    this.#notBefore = clock.now() + pause;
    return { retryAfter: pause };
  }

  async #copy(offered: Offered, signal: AbortSignal): Promise<Result<void, FetchFault>> {
    const { report, edition, sequence, labelBytes, terms } = offered;
    const { fetch, peer } = this.#options;
    const source = { peer: peer(), signal };
    const partnerKey = await fetch.partnerKey(source, report.hash, terms.key);
    if (!partnerKey.ok) return partnerKey;
    const committed = { root: hex(edition.root), count: edition.count };
    const held = this.#held;
    const isNext = held?.report.edition?.content.sequence === sequence - 1;
    const wanted = { set: report.hash, sequence, committed, labelBytes, labels: edition.labels };
    const tags = await fetch.tags(source, wanted, isNext ? held?.tags : undefined);
    if (!tags.ok) return tags;
    this.#held = copyOf(offered, partnerKey.value, tags.value);
    return ok(undefined);
  }
}

/** The copy of an edition, by what the record says of it. */
export function copyOf(
  { party, report, edition, labelBytes, terms }: Offered,
  partnerKey: Bytes,
  tags: TagSet,
): SetCopy {
  const { key, receipts } = report.terms;
  const asked: AskedSet = { set: hex(report.hash), publicKey: hex(key), answererKey: hex(receipts) };
  const committed = { root: hex(edition.root), count: edition.count };
  const published = { ...asked, ...committed, partnerKeyDigest: hex(terms.key) };
  return { party, report, published, budget: terms.budget, partnerKey, tags, labelBytes };
}

function hex(text: string): Bytes {
  return present(fromHex(text), "32 bytes in hex");
}

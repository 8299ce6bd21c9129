import type { BlobReader, VersionReader } from "@detente/store";
import type { Logger } from "pino";
import type { StatementInput } from "../api/contract.ts";
import type { Clock } from "../clock.ts";
import type { Gate } from "../setup/gate.ts";
import { Job, type StepOutcome } from "../sync/job.ts";
import type { OwnLog } from "../sync/own-log.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { Decided } from "./decided.ts";
import { digestOf, type EditionOptions, makeEdition } from "./edition.ts";
import type { Epoch, Epochs } from "./epoch.ts";
import type { Ledgers } from "./ledgers.ts";
import { ownItems } from "./own-items.ts";
import { endStep } from "./ending.ts";
import {
  editionOf,
  type Ending,
  endingOf,
  type Intent,
  opening,
  type OwnSet,
  type OwnSetBook,
  totalsOf,
} from "./own-set.ts";
import { EPOCH_DAYS, INTERVAL_S, type MatchPolicy } from "./policy.ts";
import { reachDigest } from "./reach.ts";
import { dueIn, totalsContent } from "./totals.ts";

export interface PublisherOptions extends EditionOptions {
  readonly party: string;
  readonly unit: () => UnitRuntime | undefined;
  readonly own: OwnLog;
  readonly gate: Gate;
  readonly blobs: BlobReader;
  readonly versions: VersionReader;
  readonly book: OwnSetBook;
  readonly epochs: Epochs;
  readonly ledgers: Ledgers;
  readonly clock: Clock;
  readonly logger: Logger;
}

const DAY_MS = 86_400_000;
/** Between totals that are said since a budget does not suffice. */
const EARLY_MS = 60_000;
/** Until the fold has read what was just written to this party's own log. */
const CATCH_UP_MS = 50;

/**
 * Keeps this party's set as its policy wants it, in the background: a key for each epoch, an edition where what it knows
 * has changed, the totals of what was asked each day; and takes back what is over. What is to be said is on disk before
 * it is said, so that a crash says it once.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #job: Job;
  #policy: MatchPolicy | undefined;
  #isSet = false;
  #lookedAt: number = Number.NEGATIVE_INFINITY;
  #fault: string | undefined;
  #isExhausted = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { clock, logger, gate } = options;
    this.#job = new Job(
      clock,
      () => this.#step(),
      (error) => logger.error({ err: error }, "publishing the match set"),
    );
    gate.onChange(() => this.wake());
  }

  /** Why the set cannot be as the policy wants it; undefined where it can. */
  get fault(): string | undefined {
    return this.#fault;
  }

  get policy(): MatchPolicy | undefined {
    return this.#policy;
  }

  /** What was decided, from the moment on at which it was. */
  async decided(): Promise<Decided> {
    const own = await this.#options.book.get();
    return { policy: this.#policy, own };
  }

  /** Publishes under this policy from now on; without one what is open is taken back. */
  follow(policy: MatchPolicy | undefined): void {
    this.#policy = policy;
    // What was wrong with the policy before says nothing of this one.
    this.#fault = undefined;
    this.#isSet = true;
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    this.wake();
  }

  /** Somebody wants more than its budget, or the pool, has left: the others are to know before the day is over. */
  exhausted(): void {
    this.#isExhausted = true;
    this.wake();
  }

  wake(): void {
    this.#job.wake({ hurry: true });
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  async #step(): Promise<StepOutcome> {
    const { gate, own, book } = this.#options;
    const unit = this.#options.unit();
    if (!this.#isSet || unit === undefined || !gate.maySign || !unit.membership.isMember) return "done";
    // What was said already is known by the fold alone.
    if (unit.archive.foldedSize(own.origin) < own.reader.size) return { retryAfter: CATCH_UP_MS };
    const set = await book.get();
    if (set !== undefined && (await this.#sayIntended(unit, set))) return "again";
    if (set !== undefined && (await this.#takeBack(unit, set))) return "again";
    const policy = this.#policy;
    if (policy === undefined) return set === undefined || set.isOver === true ? "done" : this.#close(set);
    const epoch = set === undefined ? undefined : await this.#options.epochs.read(set.terms.epoch);
    if (set === undefined || epoch === undefined || this.#isOver(unit, set, epoch, policy)) {
      await this.#begin(unit, set, policy);
      return "again";
    }
    return this.#keepUp(unit, set, epoch, policy);
  }

  /** Says what is on disk and not on the record yet. @returns whether there was anything */
  async #sayIntended(unit: UnitRuntime, set: OwnSet): Promise<boolean> {
    const { book } = this.#options;
    const intents: [Intent, StatementInput][] = [[set, opening(set.terms)]];
    if (set.edition !== undefined) intents.push([set.edition, editionOf(set.hash, set.edition.content)]);
    if (set.totals !== undefined) intents.push([set.totals, totalsOf(set.hash, set.totals.content)]);
    for (const [intent, input] of intents) {
      if (await book.sayOnce(unit, input, intent)) return true;
    }
    return false;
  }

  /** Brings the sets before to their end, by one step. @returns whether there was one to make */
  async #takeBack(unit: UnitRuntime, set: OwnSet): Promise<boolean> {
    const { book, epochs, own, threads } = this.#options;
    const { before, ...kept } = set;
    if (before === undefined || (set.edition === undefined && set.isOver !== true)) return false;
    for (const [i, ending] of before.entries()) {
      const next = await endStep({ ...this.#options, origin: own.origin }, unit, ending);
      if (next === "waiting") continue;
      if (next === "said") return true;
      const left = before.toSpliced(i, 1, ...(next === "over" ? [] : [next]));
      if (left.length > 0) await book.keep({ ...set, before: left });
      else {
        await epochs.forgetBefore(set.terms.epoch + (set.isOver === true ? 1 : 0));
        threads.renew();
        await book.keep(set.isOver === true ? undefined : kept);
      }
      return true;
    }
    return false;
  }

  /** Whether another epoch has to begin: by time, by other terms, or since an officer has taken the set back. */
  #isOver(unit: UnitRuntime, set: OwnSet, epoch: Epoch, policy: MatchPolicy): boolean {
    const { clock } = this.#options;
    const age = clock.now() - set.at;
    const wanted = { ...epoch.terms(new Uint8Array(32), policy), key: set.terms.key };
    const report = unit.archive.fold.matchSets().find(({ hash }) => hash === set.hash);
    return (
      set.isOver === true ||
      set.reach !== reachDigest(policy) ||
      age >= (policy.epochDays ?? EPOCH_DAYS) * DAY_MS ||
      JSON.stringify(wanted) !== JSON.stringify(inOrder(set.terms)) ||
      report?.isWithdrawn === true
    );
  }

  async #begin(unit: UnitRuntime, before: OwnSet | undefined, policy: MatchPolicy): Promise<void> {
    const { book, epochs, threads, own, logger } = this.#options;
    const recorded = unit.archive.fold.matchSets().filter(({ log }) => log === own.origin);
    const number = 1 + Math.max(0, before?.terms.epoch ?? 0, ...recorded.map(({ terms }) => terms.epoch));
    const epoch = await epochs.begin(number);
    const { publicKey } = await threads.run("derive", epoch.keySeed);
    const terms = epoch.terms(publicKey, policy);
    const intent = book.intend(opening(terms));
    const ended = before === undefined || before.isOver === true ? [] : [endingOf(before)];
    const all: Ending[] = [...(before?.before ?? []), ...ended];
    const reach = reachDigest(policy);
    await book.keep({ ...intent, terms, reach, ...(all.length === 0 ? {} : { before: all }) });
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    logger.info({ epoch: number, set: intent.hash }, "an epoch of the match set begins");
  }

  /** Without a policy nothing is open. */
  async #close(set: OwnSet): Promise<StepOutcome> {
    await this.#options.book.keep({ ...set, before: [...(set.before ?? []), endingOf(set)], isOver: true });
    return "again";
  }

  async #keepUp(unit: UnitRuntime, set: OwnSet, epoch: Epoch, policy: MatchPolicy): Promise<StepOutcome> {
    const { clock, book, ledgers } = this.#options;
    const now = clock.now();
    const regular = dueIn(await ledgers.get(set.hash), set.totals?.content, set.at, now);
    // Once a minute at most: else whoever asks for too much again and again would fill this party's log.
    const soon = Math.max(0, (set.totals?.content.to ?? 0) + EARLY_MS - now);
    const totalsIn = regular !== undefined && this.#isExhausted ? Math.min(soon, regular) : regular;
    if (totalsIn === undefined || totalsIn === 0) this.#isExhausted = false;
    if (totalsIn === 0) {
      const content = totalsContent(await ledgers.get(set.hash), now);
      await book.keep({ ...set, totals: { ...book.intend(totalsOf(set.hash, content)), content } });
      return "again";
    }
    const interval = 1000 * (policy.interval ?? INTERVAL_S);
    if (now - this.#lookedAt >= interval) {
      this.#lookedAt = now;
      if (await this.#publish(unit, set, epoch, policy)) return "again";
    }
    const epochIn = set.at + (policy.epochDays ?? EPOCH_DAYS) * DAY_MS - now;
    const lookIn = this.#lookedAt + interval - clock.now();
    return { retryAfter: Math.max(1, Math.min(lookIn, epochIn, totalsIn ?? DAY_MS)) };
  }

  /** Makes an edition where what is to be found has changed. @returns whether there is one to be said */
  async #publish(unit: UnitRuntime, set: OwnSet, epoch: Epoch, policy: MatchPolicy): Promise<boolean> {
    const { party, blobs, versions, threads, clock, book, logger } = this.#options;
    const items = await ownItems({ party, unit, blobs, versions, threads, now: clock.now() }, policy);
    this.#fault = items.ok ? undefined : items.fault.message;
    if (!items.ok) {
      // What cannot be read was not taken back: the edition before stays.
      logger.warn({ why: items.fault.message }, "the match set stays as it is");
      return false;
    }
    const digest = await digestOf(items.value);
    if (digest === set.edition?.digest) return false;
    const content = await makeEdition(this.#options, set, epoch, items.value);
    await book.keep({ ...set, edition: { ...book.intend(editionOf(set.hash, content)), content, digest } });
    logger.info({ set: set.hash, sequence: content.sequence }, "an edition of the match set is made");
    return true;
  }
}

/** What was read from disk may have its members in another order. */
function inOrder({ suite, epoch, key, receipts, pool, partners }: OwnSet["terms"]): OwnSet["terms"] {
  const sorted = partners.map(({ party, budget, key: digest }) => ({ party, budget, key: digest }));
  return { suite, epoch, key, receipts, pool, partners: sorted };
}

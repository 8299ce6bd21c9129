import { type Bytes, present, toHex } from "@detente/basics";
import type { IndexStore } from "@detente/store";
import type { Logger } from "pino";
import type {
  BlindHits,
  OfferedHit,
  PendingSighting,
  WatchChoice,
  WatchDecision,
  WatchedSourceStatus,
} from "../api/watch-contract.ts";
import type { Clock } from "../clock.ts";
import type { Gate } from "../setup/gate.ts";
import { isBehind } from "../speak/say-once.ts";
import type { Speaker } from "../speak/speaker.ts";
import { Job, type StepOutcome } from "../sync/job.ts";
import type { OwnLog } from "../sync/own-log.ts";
import { Turns } from "../turns.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { offeredHit, takeUp } from "./blind-hits.ts";
import type { Book } from "./book.ts";
import { Counter } from "./counter.ts";
import { choose, decisionOf, shownPending } from "./decision.ts";
import { pendingOf } from "./pending.ts";
import { type Outcome, Releaser } from "./releaser.ts";
import { Sources } from "./sources.ts";
import { WatchLists } from "./watch-lists.ts";
import type { WatchedSource, WatchPolicy } from "./watched-source.ts";

export interface WatchOptions {
  readonly party: string;
  /** Has a directory for each source, with its journal of hits. */
  readonly dir: string;
  readonly book: Book;
  readonly index: Pick<IndexStore, "reader" | "versions">;
  /** Once the index is complete: what is lacking from a list would be looked for anew in all that was read before. */
  readonly unit: () => UnitRuntime | undefined;
  readonly own: OwnLog;
  readonly speaker: Speaker;
  readonly gate: Gate;
  readonly random: (length: number) => Bytes;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Lists are made anew no more often than this, however much comes in; what is said does not go by an old one. */
const REFRESH_MS = 1000;
/** What could not be said is tried again after this long. */
const RETRY_MS = 10_000;
/** Until the fold has read what was just written to this party's own log. */
const CATCH_UP_MS = 50;

const SOON = "it is said in a moment";

/**
 * This party's own telemetry against what the unit shares: follows logs, counts hits by indicator, source and window,
 * and says of them only what an officer or the policy of the source lets out.
 */
export class Watch {
  readonly #options: WatchOptions;
  readonly #lists: WatchLists;
  readonly #sources: Sources;
  readonly #counter: Counter;
  readonly #releaser: Releaser;
  readonly #job: Job;
  /** Steps and officers' decisions, one after another. */
  readonly #turns: Turns = new Turns();
  #hasChanged = true;
  #refreshedAt: number = Number.NEGATIVE_INFINITY;

  constructor(options: WatchOptions) {
    this.#options = options;
    const { party, dir, book, index, own, speaker, gate, random, clock, logger } = options;
    this.#lists = new WatchLists(index, party, () => clock.now());
    this.#sources = new Sources({
      dir,
      list: (source) => this.#lists.of(source),
      onRead: () => this.#wake(),
      clock,
      logger,
    });
    this.#counter = new Counter({
      book,
      newId: () => toHex(random(8)),
      onNoisy: ({ source, share, index: item, count }) =>
        logger.warn(
          { source, share, item, count },
          "an indicator hits too often: it is counted on, and left to an officer",
        ),
      onShorter: (source) =>
        logger.warn({ source }, "the journal of hits is older than what was counted of it: hits may be counted again"),
    });
    this.#releaser = new Releaser({
      book,
      versions: index.versions,
      speaker,
      own: own.origin,
      audienceOf: (share) => this.#lists.standing(share)?.audience,
      random,
      now: () => clock.now(),
    });
    this.#job = new Job(
      clock,
      () => this.#turns.run(() => this.#step()),
      (error) => logger.error({ err: error }, "watching telemetry"),
    );
    gate.onChange(() => this.#wake());
  }

  /** Watches these sources from now on; those of before that are not among them end. */
  async watch(sources: readonly WatchedSource[]): Promise<void> {
    await this.#turns.run(() => this.#sources.set(sources));
    this.#wake();
  }

  /** The record has changed: other shares may be in effect. */
  changed(): void {
    this.#hasChanged = true;
    this.#wake();
  }

  async close(): Promise<void> {
    await this.#job.stop();
    await this.#turns.run(() => this.#sources.close());
  }

  /** What is not said yet, in the order of its windows. */
  pending(): PendingSighting[] {
    return this.#options.book
      .allPending()
      .map((pending) => shownPending(pending, this.#lists.standing(pending.share)?.audience ?? null));
  }

  /** An officer lets sightings out: durable at once, said now or as soon as that can be done. */
  release(choice: WatchChoice): Promise<WatchDecision> {
    const { book, gate } = this.#options;
    return this.#turns.run(async () => {
      const { chosen, unknown } = choose(book, choice);
      await book.change({ pending: chosen.map((one) => ({ ...one, releasedBy: one.releasedBy ?? "officer" })) });
      const outcomes = await this.#say();
      this.#wake();
      return decisionOf(chosen, unknown, outcomes, gate.maySign ? SOON : gate.detail);
    });
  }

  /** An officer decides that sightings are never said. */
  drop(choice: WatchChoice): Promise<WatchDecision> {
    const { book } = this.#options;
    return this.#turns.run(async () => {
      const { chosen, unknown } = choose(book, choice);
      await book.change({ settled: chosen.map(({ id }) => id) });
      const outcomes = chosen.map((pending): Outcome => ({ pending, is: "dropped", why: "an officer decided so" }));
      return decisionOf(chosen, unknown, this.#tell(outcomes), "");
    });
  }

  /**
   * Hits that a blind look-up found in logs: they become sightings as those of the watch do. The index is complete.
   * @param policy that of the partner whose set had them
   */
  offer(hits: BlindHits, policy: WatchPolicy): Promise<OfferedHit[]> {
    const { book, index, unit, clock, gate } = this.#options;
    return this.#turns.run(async () => {
      if (this.#hasChanged) await this.#refresh(present(unit(), "a unit whose index is complete"));
      const standing = (share: string) => this.#lists.standing(share);
      const offers = await takeUp({ book, reader: index.reader, standing, policy, now: clock.now() }, hits);
      const outcomes = new Map((await this.#say()).map((outcome) => [outcome.pending.id, outcome]));
      this.#wake();
      const why = gate.maySign ? SOON : gate.detail;
      return offers.map((offer) => offeredHit(offer, book, outcomes, why));
    });
  }

  report(): WatchedSourceStatus[] {
    const { book } = this.#options;
    return this.#sources.settings().map((source) => {
      const isOf = (one: { readonly source: string }): boolean => one.source === source.name;
      const open = book.allOpen().filter(isOf);
      return {
        ...this.#sources.report(source),
        indicators: this.#lists.isReady ? this.#lists.of(source).index.size : null,
        open: open.length,
        noisy: open.filter(({ isNoisy }) => isNoisy).length,
        pending: book.allPending().filter(isOf).length,
      };
    });
  }

  #wake(): void {
    this.#job.wake({ hurry: true });
  }

  async #step(): Promise<StepOutcome> {
    const { unit, clock, book, gate } = this.#options;
    const runtime = unit();
    // Where nothing is watched, nothing need be known of the shares either.
    if (runtime === undefined || (this.#sources.settings().length === 0 && book.isEmpty) || !this.#sources.isSet)
      return "done";
    const pause = this.#refreshedAt + REFRESH_MS - clock.now();
    if (this.#hasChanged && pause <= 0) await this.#refresh(runtime);
    if (this.#lists.isReady) this.#sources.run();
    await this.#closeWindows(runtime);
    for (const { source, journal } of this.#sources.running()) {
      if (journal === undefined) continue;
      await this.#counter.count(source.name, journal, this.#sources.policy(source.name), clock.now());
    }
    await this.#say();
    await this.#forgetHits();
    const waits = book.allOpen().map(({ until }) => until - clock.now());
    if (this.#hasChanged) waits.push(pause);
    if (gate.maySign && this.#hasReleased()) waits.push(isBehind(runtime, this.#options.own) ? CATCH_UP_MS : RETRY_MS);
    return waits.length === 0 ? "done" : { retryAfter: Math.max(1, Math.min(...waits)) };
  }

  /** Removes the hits of journals all of which are sightings by now, or were dropped: the lines stay in the logs alone. */
  async #forgetHits(): Promise<void> {
    const { book } = this.#options;
    const inUse = new Set([...book.allOpen(), ...book.allPending()].map(({ source }) => source));
    for (const { source, journal } of this.#sources.running()) {
      const place = book.place(source.name);
      if (place === undefined || journal?.began !== place.began || inUse.has(source.name)) continue;
      await journal.forget(place.at);
    }
  }

  async #refresh(unit: UnitRuntime): Promise<readonly Outcome[]> {
    this.#hasChanged = false;
    this.#refreshedAt = this.#options.clock.now();
    await this.#lists.refresh(unit);
    return this.#tell(await this.#releaser.dropEnded(unit));
  }

  async #closeWindows(unit: UnitRuntime): Promise<void> {
    const { book, clock } = this.#options;
    const ended = book.allOpen().filter(({ until }) => until <= clock.now());
    if (ended.length === 0) return;
    const pending = ended.map((tally) => pendingOf(tally, this.#sources.policy(tally.source)));
    await book.change({ closed: ended.map(({ id }) => id), pending });
    this.#tell(await this.#releaser.dropEnded(unit));
  }

  /** Says what was let out, and gives what became of it; nothing while that cannot be done. */
  async #say(): Promise<readonly Outcome[]> {
    const { gate, unit } = this.#options;
    const runtime = unit();
    if (runtime === undefined || !gate.maySign || !this.#hasReleased()) return [];
    const dropped = this.#hasChanged ? await this.#refresh(runtime) : [];
    if (isBehind(runtime, this.#options.own)) return dropped;
    return [...dropped, ...this.#tell(await this.#releaser.say(runtime))];
  }

  #hasReleased(): boolean {
    return this.#options.book.allPending().some(({ releasedBy }) => releasedBy !== null);
  }

  /** For the log: what became of sightings, never what was seen. */
  #tell(outcomes: readonly Outcome[]): readonly Outcome[] {
    const { logger } = this.#options;
    for (const outcome of outcomes) {
      const { id, source, share, index: item } = outcome.pending;
      const sighting = { id, source, share, item };
      if (outcome.is === "said") logger.info({ ...sighting, statement: outcome.leafHash }, "a sighting was said");
      else
        logger.warn(
          { ...sighting, why: outcome.why },
          outcome.is === "dropped" ? "a sighting was dropped" : "a sighting waits",
        );
    }
    return outcomes;
  }
}

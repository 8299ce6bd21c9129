import { type Bytes, equalBytes, ok, type Result } from "@detente/basics";
import type { LogReader } from "@detente/store";
import type { Fold } from "@detente/unit";
import type { Clock } from "../clock.ts";
import type { Arrival } from "./archive.ts";
import { type Claim, Claims } from "./claims.ts";
import { quorumSize } from "./cosignatures.ts";
import { continues, type CopyFault, type ForeignCopy, openForeignCopy, rootsOf } from "./foreign-copy.ts";
import { Job, type StepOutcome } from "./job.ts";
import type { Membership } from "./membership.ts";
import type { Peer } from "./peer.ts";

export interface ReconcilerOptions {
  /** The origin of this party's own log, which only it writes. */
  readonly own: string;
  readonly fold: Fold;
  readonly membership: Membership;
  readonly log: (origin: string) => LogReader | undefined;
  readonly peers: () => readonly Peer[];
  readonly isFrozen: (origin: string) => boolean;
  /** Takes from a peer's copy what ours lacks. */
  readonly extend: (copy: ForeignCopy) => Promise<Result<void>>;
  /** A peer's copy is another version than ours: one of its heads may prove it. */
  readonly confront: (origin: string, peer: Peer) => Promise<void>;
  /** Our copy is the version that the others have not observed: to be put aside, and this one taken in its place. */
  readonly replace: (copy: ForeignCopy) => void;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/** A party that takes part brings its log itself; others who have observed more of it are asked after this long. */
const PATIENCE = 2000;

/** What could not be had is asked for again after twice as long each time, up to this. */
const MAX_PATIENCE = 60_000;
const RETRY = 500;

interface Due {
  notBefore: number;
  patience: number;
}

/**
 * Sees to it that this station's copies of the others' logs become what a quorum has observed: entries that their
 * author did not bring come from those who have them, and of a log with two versions the one is kept that a quorum
 * saw. Where two quorums saw two versions, nothing is replaced: somebody has observed both, and people must decide.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #claims = new Claims();
  readonly #job: Job;
  /** Logs to look at, and when. */
  readonly #due = new Map<string, Due>();
  readonly #divided = new Set<string>();
  #isStarted = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#job = new Job(options.clock, () => this.#step(), options.onFault);
  }

  /** Whether two versions of a log have each been observed by a quorum. */
  isDivided(origin: string): boolean {
    return this.#divided.has(origin);
  }

  arrived(entries: readonly Arrival[]): void {
    for (const origin of this.#claims.arrived(entries)) this.consider(origin);
  }

  /** Something about a log has changed. */
  consider(origin: string): void {
    const { own, clock, membership, isFrozen } = this.#options;
    if (origin === own) return;
    const isBrought = membership.names().has(membership.nameOf(origin)) && !isFrozen(origin);
    const notBefore = clock.now() + (isBrought ? PATIENCE : 0);
    const due = this.#due.get(origin);
    if (due === undefined) this.#due.set(origin, { notBefore, patience: PATIENCE });
    else if (!isBrought) due.notBefore = notBefore;
    this.#job.wake({ hurry: true });
  }

  /** Before the record has been read, too little of it would seem to have taken effect. */
  start(): void {
    this.#isStarted = true;
    this.#job.wake();
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  async #step(): Promise<StepOutcome> {
    if (!this.#isStarted) return "done";
    const { log, isFrozen, clock } = this.#options;
    for (const [origin, due] of this.#due) {
      const ours = log(origin);
      const claims = ours === undefined ? [] : this.#claims.open(origin, ours);
      if (ours === undefined || claims.length === 0) {
        this.#due.delete(origin);
        continue;
      }
      if (clock.now() < due.notBefore) continue;
      due.notBefore = clock.now() + due.patience;
      due.patience = Math.min(2 * due.patience, MAX_PATIENCE);
      const isDone = isFrozen(origin)
        ? await this.#settle(origin, ours, claims)
        : await this.#complete(origin, ours, claims);
      if (isDone) this.#due.delete(origin);
    }
    return this.#due.size === 0 ? "done" : { retryAfter: RETRY };
  }

  /** Fetches what is lacking from whoever has observed it. True where nothing more is to be had. */
  async #complete(origin: string, ours: LogReader, claims: readonly Claim[]): Promise<boolean> {
    const { extend, confront, isFrozen } = this.#options;
    for (const peer of this.#observersAmong(claims)) {
      const copy = await this.#open(peer, origin);
      if (!copy.ok) continue;
      const fits = await continues(copy.value, ours);
      if (!fits.ok) continue;
      if (fits.value) await extend(copy.value);
      else await confront(origin, peer);
      if (isFrozen(origin)) return false;
    }
    return this.#claims.open(origin, ours).length === 0;
  }

  /** Of a log with two versions: finds the one that a quorum has seen most of. */
  async #settle(origin: string, ours: LogReader, claims: readonly Claim[]): Promise<boolean> {
    const { fold, extend, replace } = this.#options;
    const agreed = fold.logs().find((log) => log.origin === origin)?.effectiveSize ?? 0;
    let best: { readonly copy: ForeignCopy; readonly seen: number } | undefined;
    const peers = this.#observersAmong(claims);
    let isDone = this.#othersAmong(claims).every((observer) => peers.some(({ party }) => party.origin === observer));
    for (const peer of peers) {
      const copy = await this.#open(peer, origin);
      const judged = copy.ok ? await this.#judge(copy.value, ours, claims, agreed) : copy;
      if (!copy.ok || !judged.ok) {
        isDone = false;
        continue;
      }
      const { seen, contradicts } = judged.value;
      if (contradicts) this.#divided.add(origin);
      else if (seen > (best?.seen ?? agreed)) best = { copy: copy.value, seen };
    }
    if (best === undefined) return isDone;
    const fits = await continues(best.copy, ours);
    if (!fits.ok) return false;
    if (fits.value) return (await extend(best.copy)).ok && isDone;
    replace(best.copy);
    return true;
  }

  /** How much of a version a quorum of the others has observed, and whether that contradicts what took effect here. */
  async #judge(
    copy: ForeignCopy,
    ours: LogReader,
    claims: readonly Claim[],
    agreed: number,
  ): Promise<Result<{ readonly seen: number; readonly contradicts: boolean }, CopyFault>> {
    const { fold, membership } = this.#options;
    const { origin } = copy;
    const here = fold.logs().find((log) => log.origin === origin)?.observers ?? [];
    const sizes = [...new Set([agreed, ...here.map(({ size }) => size), ...claims.map(({ size }) => size)])];
    const roots = await rootsOf(
      copy,
      sizes.filter((size) => size <= copy.size && size > 0),
    );
    if (!roots.ok) return roots;
    const is = (size: number, root: Bytes): boolean => {
      const theirs = roots.value.get(size);
      return size === 0 || (theirs !== undefined && equalBytes(theirs, root));
    };
    const seen = new Map<string, number>();
    const count = (observer: string, size: number): void =>
      void seen.set(observer, Math.max(size, seen.get(observer) ?? 0));
    for (const { observer, size } of here) if (is(size, ours.rootAt(size))) count(observer, size);
    for (const { observer, size, root } of claims) if (is(size, root)) count(observer, size);
    const members = [...seen].filter(
      ([observer]) => observer !== origin && membership.names().has(membership.nameOf(observer)),
    );
    const total = quorumSize(
      members.map(([, size]) => size),
      membership.quorum(),
    );
    const common = Math.min(total, agreed);
    return ok({ seen: total, contradicts: !is(common, ours.rootAt(common)) });
  }

  #open(peer: Peer, origin: string): Promise<Result<ForeignCopy, CopyFault>> {
    return openForeignCopy(peer, origin, this.#options.membership.pastVerifiers(origin));
  }

  /** Origins of those observers, this party not among them, who take part. */
  #othersAmong(claims: readonly Claim[]): string[] {
    const { own, membership } = this.#options;
    const observers = [...new Set(claims.map(({ observer }) => observer))];
    return observers.filter((observer) => observer !== own && membership.names().has(membership.nameOf(observer)));
  }

  #observersAmong(claims: readonly Claim[]): Peer[] {
    return this.#options.peers().filter(({ party }) => claims.some(({ observer }) => observer === party.origin));
  }
}

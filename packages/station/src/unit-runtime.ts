import { type Bytes, fromHex, present, type Result, sha256, toBase64, toHex, unwrap } from "@detente/basics";
import {
  type CharterDocument,
  charterDigest,
  type EquivocationContent,
  type Head,
  isEntitled,
  readAudience,
} from "@detente/record";
import type { BlobWriter, BodyWriter, IndexWriter, StateStore } from "@detente/store";
import type { Suspicion } from "@detente/tlog";
import type { Clock } from "./clock.ts";
import type { Entitlements } from "./http/body-routes.ts";
import type { Gate } from "./setup/gate.ts";
import type { Invitation } from "./setup/invitation.ts";
import type { KeyKeeper } from "./setup/key-keeper.ts";
import type { Speaker } from "./speak/speaker.ts";
import { Archive, type Arrival } from "./sync/archive.ts";
import { Cosignatures, quorumSize } from "./sync/cosignatures.ts";
import { Evidence } from "./sync/evidence.ts";
import { FetchBlobs } from "./sync/fetch-blobs.ts";
import { FetchBodies } from "./sync/fetch-bodies.ts";
import { type ForeignCopy, takeFrom } from "./sync/foreign-copy.ts";
import { Indexer, type ShareOnRecord } from "./sync/indexer.ts";
import { KeyRetirement } from "./sync/key-retirement.ts";
import { Membership } from "./sync/membership.ts";
import type { MirroredLogs } from "./sync/mirrored-logs.ts";
import { Observer } from "./sync/observer.ts";
import { OutsideWitnesses, type OutsideWitnessesOptions } from "./sync/outside-witnesses.ts";
import { OwnKeys } from "./sync/own-keys.ts";
import type { OwnLog } from "./sync/own-log.ts";
import { type Connect, Peers } from "./sync/peers.ts";
import { Publication } from "./sync/publication.ts";
import { Reconciler } from "./sync/reconciler.ts";
import { RestartGuard } from "./sync/restart-guard.ts";
import { WitnessFloor } from "./sync/witness-floor.ts";

export interface UnitOptions {
  readonly party: string;
  readonly genesis: CharterDocument;
  /** By which this party is to become a member, where it is no founder. */
  readonly invitation?: Invitation;
  readonly own: OwnLog;
  readonly speaker: Speaker;
  readonly keeper: KeyKeeper;
  readonly gate: Gate;
  readonly mirrored: MirroredLogs;
  readonly bodies: BodyWriter;
  readonly blobs: BlobWriter;
  readonly index: IndexWriter;
  readonly state: StateStore;
  readonly connect: Connect;
  /** Takes the place of this runtime by one over another version of a log. */
  readonly replace: (copy: ForeignCopy) => void;
  readonly outside: Pick<OutsideWitnessesOptions, "witnesses" | "connect" | "interval">;
  readonly clock: Clock;
  readonly onFault: (doing: string, error: unknown) => void;
}

/**
 * A station's part in its unit: takes in what comes, in the order mirror → fold → bodies → observation, and brings
 * this party's own log to the others.
 */
export class UnitRuntime implements Entitlements {
  readonly archive: Archive;
  readonly membership: Membership;
  readonly indexer: Indexer;
  readonly cosignatures: Cosignatures;
  readonly publication: Publication;
  readonly outsideWitnesses: OutsideWitnesses;
  readonly evidence: Evidence;
  readonly guard: RestartGuard;
  readonly floor: WitnessFloor;
  readonly peers: Peers;
  readonly retirement: KeyRetirement;
  readonly reconciler: Reconciler;
  readonly #ownKeys: OwnKeys;
  readonly #options: UnitOptions;
  readonly #fetchBodies: FetchBodies;
  readonly #fetchBlobs: FetchBlobs;
  readonly #observer: Observer;
  readonly #held = new Map<string, number>();
  #invitation: Invitation | undefined;
  #conflictsSeen = 0;
  #unhear: (() => void) | undefined;

  constructor(options: UnitOptions) {
    this.#options = options;
    const { genesis, own, keeper, bodies, blobs, index, state, clock, gate, party } = options;
    const fault = (doing: string) => (error: unknown) => options.onFault(doing, error);
    this.archive = new Archive(genesis, bodies, { arrived: (entries) => this.#arrived(entries) });
    this.#invitation = options.invitation;
    this.membership = new Membership(this.archive.fold, party, options.invitation?.proposal);
    const nameOf = (origin: string): string => this.membership.nameOf(origin);
    this.indexer = new Indexer({ fold: this.archive.fold, writer: index, blobs, nameOf, onFault: fault("indexing") });
    this.cosignatures = new Cosignatures(() => this.membership.quorum());
    this.publication = new Publication(this.cosignatures, options.outside.witnesses.length > 0);
    this.outsideWitnesses = new OutsideWitnesses({
      ...options.outside,
      own,
      publication: this.publication,
      maySign: () => gate.maySign,
      clock,
      onFault: fault("asking witnesses outside the unit"),
    });
    this.cosignatures.onWitnessed(() => this.outsideWitnesses.wake());
    this.peers = new Peers({
      connect: options.connect,
      membership: this.membership,
      own,
      cosignatures: this.cosignatures,
      onHeld: (peer, size) => this.#held.set(peer, size),
      onGone: (peer) => this.#held.delete(peer),
      clock,
      onFault: fault("replicating"),
    });
    const peers = (): ReturnType<Peers["list"]> => this.peers.list();
    this.#fetchBodies = new FetchBodies({
      peers: () => this.peers.sources(),
      keep: (found) => this.#keepBodies(found),
      clock,
      onFault: fault("fetching bodies"),
    });
    this.#fetchBlobs = new FetchBlobs({
      peers,
      blobs,
      onBlob: (digest) => this.indexer.blobCame(digest),
      clock,
      onFault: fault("fetching blobs"),
    });
    this.#observer = new Observer({
      observable: () => this.#observable(),
      observe: (heads) => this.#observe(heads),
      clock,
      onFault: fault("observing"),
    });
    this.evidence = new Evidence({
      frauds: state.frauds,
      log: (origin) => this.archive.log(origin),
      logKeys: (origin) => this.membership.logKeys(origin),
      verifiers: (origin) => this.membership.pastVerifiers(origin),
      peers,
      nameOf,
      accuse: (content) => this.#accuse(content),
      onFrozen: (origin) => this.#onFrozen(origin),
      now: () => clock.now(),
    });
    this.guard = new RestartGuard({
      own,
      gate,
      peers,
      logKeys: () => ({
        inUse: keeper.logSigners().map(({ verifier }) => verifier),
        past: this.membership.pastVerifiers(own.origin),
      }),
      onReady: () => this.#onReady(),
      onRecovered: async () => {
        await this.archive.advance(own.origin);
        await this.#ownKeys.settle();
      },
      clock,
      onFault: fault("checking after the start"),
    });
    this.retirement = new KeyRetirement({
      keeper,
      origin: own.origin,
      peers,
      showAgain: (peer) => this.peers.showAgain(peer),
      clock,
      onFault: fault("retiring keys"),
    });
    this.reconciler = new Reconciler({
      own: own.origin,
      fold: this.archive.fold,
      membership: this.membership,
      log: (origin) => this.archive.log(origin),
      peers,
      isFrozen: (origin) => this.evidence.isFrozen(origin),
      extend: (copy) => this.#extend(copy),
      confront: (origin, peer) => this.evidence.compare(origin, peer),
      replace: options.replace,
      clock,
      onFault: fault("reconciling"),
    });
    const onSettled = (): void => this.retirement.wake();
    this.#ownKeys = new OwnKeys({ fold: this.archive.fold, own, keeper, gate, onSettled });
    this.floor = new WitnessFloor(state.witness, (origin) => this.archive.log(origin));
  }

  /** Reads the record on this disk into the fold, then asks the peers what may be missing. */
  async start(): Promise<void> {
    const { own, mirrored, gate } = this.#options;
    await this.evidence.load();
    this.archive.attach(own.origin, own.reader);
    await this.archive.advance(own.origin);
    await this.#ownKeys.settle();
    await this.#attachMirrors();
    for (const origin of mirrored.origins()) await this.archive.advance(origin);
    this.#unhear = own.onHead(() => {
      const read = this.archive.advance(own.origin).then(() => this.#afterFold());
      void read.catch((error: unknown) => this.#options.onFault("reading this party's own log", error));
      this.peers.wake();
      this.outsideWitnesses.wake();
    });
    await this.archive.advance(own.origin);
    await this.#afterFold();
    this.reconciler.start();
    // Where another runtime went before this one, the peers have answered already.
    if (gate.maySign) await this.#onReady();
    else this.guard.start();
  }

  /** Another charter than before is to take this party in. */
  async invite(invitation: Invitation): Promise<void> {
    this.#invitation = invitation;
    this.membership.invite(invitation.proposal);
    await this.#afterFold();
    if (this.#options.gate.maySign) await this.#acceptCharter();
  }

  async stop(): Promise<void> {
    await this.guard.stop();
    await this.outsideWitnesses.stop();
    await this.retirement.stop();
    await this.reconciler.stop();
    this.#unhear?.();
    await Promise.all([this.#observer.stop(), this.#fetchBodies.stop(), this.#fetchBlobs.stop(), this.peers.stop()]);
    await this.archive.settled();
  }

  /** A mirrored log may have grown. */
  async mirroredGrew(origin: string): Promise<void> {
    if (this.archive.log(origin) === undefined) await this.#attachMirrors();
    if (this.archive.log(origin) === undefined) return;
    await this.archive.advance(origin);
    // Whoever has just written here can be reached again.
    this.#fetchBodies.wake({ hurry: true });
    await this.#afterFold();
  }

  /** Takes from another member's copy what ours lacks. */
  async #extend(copy: ForeignCopy): Promise<Result<void>> {
    const { mirrored, keeper, clock } = this.#options;
    const log = await mirrored.open(copy.origin);
    const taken = await mirrored.inTurn(copy.origin, () =>
      takeFrom(copy, log, keeper.cosigners("mirror"), clock.now()),
    );
    await this.mirroredGrew(copy.origin);
    return taken;
  }

  async suspect(suspicion: Suspicion): Promise<void> {
    const looked = this.evidence.suspect(suspicion);
    if (suspicion.kind === "other-root") return looked;
    // The author is asked for its tiles; the answer to its own request does not wait for that.
    void looked.catch((error: unknown) => this.#options.onFault("investigating", error));
  }

  /** How much of this party's own log a quorum of others mirrors. */
  heldSize(): number {
    return quorumSize([...this.#held.values()], this.membership.quorum());
  }

  mayHaveBody(party: string, body: Bytes): boolean {
    return isEntitled(readAudience(body), party, this.membership.names());
  }

  mayHaveBlob(party: string, digest: Bytes): boolean {
    const members = this.membership.names();
    const shares = this.indexer.sharesOf(toHex(digest));
    return shares.some(({ audience }) =>
      isEntitled(audience === "unit" ? audience : JSON.parse(audience), party, members),
    );
  }

  async #arrived(entries: readonly Arrival[]): Promise<void> {
    const { own } = this.#options;
    this.#ownKeys.arrived(entries);
    this.reconciler.arrived(entries);
    for (const { log, heads } of entries) {
      if (log === own.origin) this.floor.observed(heads);
    }
    await this.#wantBlobs(await this.indexer.arrived(entries));
    const wanted = entries.flatMap(({ log, index, digest, sealed }) => {
      if (digest === undefined || this.archive.fold.statement(log, index)?.body !== undefined) return [];
      return this.#options.bodies.has(present(fromHex(digest), "a digest"))
        ? []
        : [{ digest, author: this.membership.nameOf(log), sealed }];
    });
    this.#fetchBodies.want(wanted);
  }

  async #keepBodies(found: readonly Bytes[]): Promise<void> {
    if (found.length === 0) return;
    unwrap(await this.#options.bodies.put(found));
    for (const body of found) this.archive.fold.addBody(body);
    await this.#ownKeys.bodiesCame();
    await this.#wantBlobs(await this.indexer.bodiesCame(found.map((body) => toHex(sha256(body)))));
    await this.#afterFold();
  }

  async #wantBlobs(shares: readonly ShareOnRecord[]): Promise<void> {
    const { blobs } = this.#options;
    for (const { log, content } of shares) {
      const { digest, size } = content.items;
      const raw = present(fromHex(digest), "a digest in hex");
      if (await blobs.has(raw)) await this.indexer.blobCame(digest);
      else if (!(await blobs.isErased(raw)))
        this.#fetchBlobs.want({ digest, size, author: this.membership.nameOf(log) });
    }
  }

  /** What may follow from a change of the record. */
  async #afterFold(): Promise<void> {
    await this.#attachMirrors();
    this.peers.update();
    this.#observer.wake();
    const conflicts = this.archive.fold.conflicts();
    for (const conflict of conflicts.slice(this.#conflictsSeen)) {
      this.#conflictsSeen++;
      void this.evidence.investigate(conflict).catch((error: unknown) => this.#options.onFault("investigating", error));
    }
    for (const { frozen, origin } of this.archive.fold.logs()) {
      if (frozen === undefined || this.evidence.isFrozen(origin)) continue;
      const content = frozen.proofs.flatMap((hash) => this.archive.fold.find(hash)[0]?.body?.content ?? [])[0];
      if (content !== undefined) await this.evidence.learn(content as unknown as EquivocationContent);
    }
  }

  /** The logs of the parties, and of those invited that have brought theirs: anybody can be named in a proposal. */
  async #attachMirrors(): Promise<void> {
    const { mirrored, own } = this.#options;
    const invited = new Set(this.membership.invited().map(({ origin }) => origin));
    for (const origin of this.membership.origins()) {
      if (origin === own.origin || this.archive.log(origin) !== undefined) continue;
      if (invited.has(origin) && !mirrored.holds(origin)) continue;
      const log = await mirrored.open(origin);
      // Another run of this may have come first meanwhile.
      if (this.archive.log(origin) !== undefined) continue;
      this.archive.attach(origin, log);
      this.reconciler.consider(origin);
      await this.archive.advance(origin);
    }
  }

  /** Heads of other logs that hold something new, as far as all their unit-wide bodies are here. */
  #observable(): Head[] {
    const { own, gate } = this.#options;
    if (!gate.maySign || !this.membership.belongs) return [];
    const { fold } = this.archive;
    const heads: Head[] = [];
    for (const { origin, observers } of fold.logs()) {
      const log = this.archive.log(origin);
      if (origin === own.origin || log === undefined || this.evidence.isFrozen(origin)) continue;
      const seen = observers.find(({ observer }) => observer === own.origin)?.size ?? 0;
      const folded = this.archive.foldedSize(origin);
      const complete = fold.missingBodies(origin, folded)[0]?.index ?? folded;
      if (complete <= seen || !fold.observable(origin, seen, complete)) continue;
      heads.push({ log: origin, size: complete, root: toBase64(log.rootAt(complete)) });
    }
    return heads;
  }

  async #observe(heads: readonly Head[]): Promise<boolean> {
    const { own, speaker } = this.#options;
    const observed = await speaker.observe(heads);
    await this.archive.advance(own.origin);
    return observed.ok;
  }

  async #accuse(content: EquivocationContent): Promise<boolean> {
    const { first, second, log, proof } = content;
    const stated = await this.#options.speaker.state({
      type: "observe",
      kind: "equivocation",
      of: [],
      audience: "unit",
      content: { log, first, second, ...(proof === undefined ? {} : { proof }) },
    });
    return stated.ok;
  }

  #onFrozen(origin: string): void {
    const { own, gate } = this.#options;
    this.reconciler.consider(origin);
    if (origin === own.origin)
      gate.set("frozen", "this party's own log is proven to have two versions; see docs/operating.md");
  }

  /** Whether this party's own log accepts the charter with this digest. */
  #hasAccepted(charter: string): boolean {
    const { fold } = this.archive;
    const { origin, reader } = this.#options.own;
    for (let index = 0; index < reader.size; index++) {
      const body = fold.statement(origin, index)?.body;
      const { digest } = (body?.content ?? {}) as { digest?: unknown };
      if (body?.type === "position" && body.kind === "accept" && digest === charter) return true;
    }
    return false;
  }

  /** Says on the record what an officer has accepted: the founding charter, or the one that takes this party in. */
  async #acceptCharter(): Promise<void> {
    const { speaker, genesis, own } = this.#options;
    const invitation = this.#invitation;
    if (invitation !== undefined && !this.membership.isMember) {
      const digest = charterDigest(invitation.proposal);
      if (this.#hasAccepted(digest)) return;
      const of = [invitation.statement];
      unwrap(await speaker.state({ type: "position", kind: "accept", of, audience: "unit", content: { digest } }));
    } else if (
      genesis.parties.some(({ origin }) => origin === own.origin) &&
      !this.#hasAccepted(charterDigest(genesis))
    ) {
      unwrap(await speaker.adopt(genesis));
    }
  }

  async #onReady(): Promise<void> {
    await this.#ownKeys.ready();
    await this.#acceptCharter();
    this.peers.update();
    this.peers.wake();
    this.outsideWitnesses.wake();
    this.#fetchBodies.wake();
    this.#observer.wake();
    await this.evidence.speak();
    this.retirement.wake();
  }
}

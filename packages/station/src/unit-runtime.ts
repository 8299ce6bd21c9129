import type { Result } from "@detente/basics";
import type { Suspicion } from "@detente/tlog";
import type { ArrivingItems } from "./api/arriving-contract.ts";
import type { Entitlements } from "./http/body-routes.ts";
import type { Invitation } from "./setup/invitation.ts";
import { CharterAcceptance } from "./speak/charter-acceptance.ts";
import { Archive } from "./sync/archive.ts";
import type { Cosignatures } from "./sync/cosignatures.ts";
import { Dissemination } from "./sync/dissemination.ts";
import type { Evidence } from "./sync/evidence.ts";
import type { ForeignCopy } from "./sync/foreign-copy.ts";
import { Indexer } from "./sync/indexer.ts";
import { Intake } from "./sync/intake.ts";
import { ItemIndexing } from "./sync/item-indexing.ts";
import { KeyRetirement } from "./sync/key-retirement.ts";
import { LogVersions } from "./sync/log-versions.ts";
import { Membership } from "./sync/membership.ts";
import { Mirrors } from "./sync/mirrors.ts";
import type { Observer } from "./sync/observer.ts";
import type { OutsideWitnesses } from "./sync/outside-witnesses.ts";
import { OwnKeys } from "./sync/own-keys.ts";
import { ownObservations } from "./sync/own-observations.ts";
import type { Peers } from "./sync/peers.ts";
import type { Publication } from "./sync/publication.ts";
import type { Reconciler } from "./sync/reconciler.ts";
import { RecordedEntitlements } from "./sync/recorded-entitlements.ts";
import { RestartGuard } from "./sync/restart-guard.ts";
import { WitnessFloor } from "./sync/witness-floor.ts";
import type { UnitOptions } from "./unit-options.ts";

/**
 * A station's part in its unit: takes in what comes, in the order mirror → fold → bodies → observation, and brings
 * this party's own log to the others.
 */
export class UnitRuntime {
  readonly archive: Archive;
  readonly membership: Membership;
  readonly indexer: Indexer;
  readonly indexing: ItemIndexing;
  readonly cosignatures: Cosignatures;
  readonly publication: Publication;
  readonly outsideWitnesses: OutsideWitnesses;
  readonly evidence: Evidence;
  readonly guard: RestartGuard;
  readonly floor: WitnessFloor;
  readonly peers: Peers;
  readonly retirement: KeyRetirement;
  readonly reconciler: Reconciler;
  readonly entitlements: Entitlements;
  readonly #ownKeys: OwnKeys;
  readonly #options: UnitOptions;
  readonly #dissemination: Dissemination;
  readonly #intake: Intake;
  readonly #mirrors: Mirrors;
  readonly #versions: LogVersions;
  readonly #acceptance: CharterAcceptance;
  readonly #observer: Observer;
  #unhear: (() => void) | undefined;
  #isRead = false;

  constructor(options: UnitOptions) {
    this.#options = options;
    const { genesis, own, keeper, bodies, blobs, index, state, clock, gate, party } = options;
    const fault = (doing: string) => (error: unknown) => options.onFault(doing, error);
    this.archive = new Archive(genesis, bodies, { arrived: (entries) => this.#intake.arrived(entries) });
    this.membership = new Membership(this.archive.fold, party, options.invitation?.proposal);
    const nameOf = (origin: string): string => this.membership.nameOf(origin);
    this.indexer = new Indexer({ fold: this.archive.fold, writer: index.writer, nameOf });
    this.indexing = new ItemIndexing({ ...index, blobs, onChange: options.onChange, onFault: fault("indexing") });
    this.#dissemination = new Dissemination({
      own,
      membership: this.membership,
      connect: options.connect,
      outside: options.outside,
      maySign: () => gate.maySign,
      clock,
      onFault: options.onFault,
    });
    this.cosignatures = this.#dissemination.cosignatures;
    this.publication = this.#dissemination.publication;
    this.outsideWitnesses = this.#dissemination.outsideWitnesses;
    this.peers = this.#dissemination.peers;
    const peers = (): ReturnType<Peers["list"]> => this.peers.list();
    this.#versions = new LogVersions({
      own: own.origin,
      archive: this.archive,
      membership: this.membership,
      peers,
      gate,
      speaker: options.speaker,
      frauds: state.frauds,
      extend: (copy) => this.#extend(copy),
      replace: options.replace,
      clock,
      onFault: options.onFault,
    });
    this.evidence = this.#versions.evidence;
    this.reconciler = this.#versions.reconciler;
    this.#observer = ownObservations({
      archive: this.archive,
      membership: this.membership,
      own,
      gate,
      speaker: options.speaker,
      isFrozen: (origin) => this.evidence.isFrozen(origin),
      clock,
      onFault: fault("observing"),
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
    const onSettled = (): void => this.retirement.wake();
    this.#ownKeys = new OwnKeys({ fold: this.archive.fold, own, keeper, gate, onSettled });
    this.floor = new WitnessFloor(state.witness, (origin) => this.archive.log(origin));
    const { archive, membership, indexer, indexing, reconciler, floor } = this;
    const { fold } = archive;
    this.#intake = new Intake({
      own: own.origin,
      fold,
      membership,
      indexer,
      indexing,
      ownKeys: this.#ownKeys,
      reconciler,
      floor,
      bodies,
      blobs,
      peers: this.peers,
      onBodies: () => this.#afterFold(),
      onItems: options.onChange,
      clock,
      onFault: options.onFault,
    });
    this.#mirrors = new Mirrors({
      own: own.origin,
      archive,
      membership,
      mirrored: options.mirrored,
      cosigners: () => keeper.cosigners("mirror"),
      onAttached: (origin) => reconciler.consider(origin),
      clock,
    });
    this.entitlements = new RecordedEntitlements(membership, indexer);
    const { invitation, speaker } = options;
    this.#acceptance = new CharterAcceptance({ genesis, invitation, fold, membership, own, speaker });
  }

  /**
   * Whether the record on this disk is in the fold. Before, who is a member with which keys, what was observed and what
   * was withdrawn is that of some time in the past.
   */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** Reads the record on this disk into the fold, then asks the peers what may be missing. */
  async start(): Promise<void> {
    const { own, gate } = this.#options;
    await this.evidence.load();
    this.archive.attach(own.origin, own.reader);
    await this.archive.advance(own.origin);
    await this.#ownKeys.settle();
    await this.#mirrors.readAll();
    this.#unhear = own.onHead(() => {
      const read = this.archive.advance(own.origin).then(() => this.#afterFold());
      void read.catch((error: unknown) => this.#options.onFault("reading this party's own log", error));
      this.#dissemination.wake();
    });
    await this.archive.advance(own.origin);
    this.#isRead = true;
    void this.indexing.catchUp();
    await this.#afterFold();
    this.reconciler.start();
    // Where another runtime went before this one, the peers have answered already.
    if (gate.maySign) await this.#onReady();
    else this.guard.start();
  }

  /** Another charter than before is to take this party in. */
  async invite(invitation: Invitation): Promise<void> {
    this.#acceptance.invite(invitation);
    this.membership.invite(invitation.proposal);
    await this.#afterFold();
    if (this.#options.gate.maySign) await this.#acceptance.state();
  }

  async stop(): Promise<void> {
    await this.guard.stop();
    await this.outsideWitnesses.stop();
    await this.retirement.stop();
    await this.reconciler.stop();
    this.#unhear?.();
    await Promise.all([this.#observer.stop(), this.#intake.stop(), this.peers.stop()]);
    await this.archive.settled();
    await this.indexing.stop();
  }

  /** A mirrored log may have grown. */
  async mirroredGrew(origin: string): Promise<void> {
    if (!(await this.#mirrors.read(origin))) return;
    // Whoever has just written here can be reached again.
    this.#intake.wake({ hurry: true });
    await this.#afterFold();
  }

  /** Takes from another member's copy what ours lacks. */
  async #extend(copy: ForeignCopy): Promise<Result<void>> {
    const taken = await this.#mirrors.take(copy);
    await this.mirroredGrew(copy.origin);
    return taken;
  }

  /** Two heads of a log came together here that may not both be true. */
  suspect(suspicion: Suspicion): Promise<void> {
    return this.#versions.suspect(suspicion);
  }

  /** How much of this party's own log a quorum of others mirrors. */
  heldSize(): number {
    return this.#dissemination.heldSize();
  }

  /** Items of shares on their way into what searches find. */
  get arriving(): ArrivingItems {
    const { progress, isCaughtUp } = this.indexing;
    return { fetching: this.#intake.fetching, indexing: progress, isSearchable: isCaughtUp };
  }

  /** What may follow from a change of the record. */
  async #afterFold(): Promise<void> {
    await this.#mirrors.attach();
    this.peers.update();
    this.#observer.wake();
    await this.#versions.follow();
    this.#options.onChange();
  }

  async #onReady(): Promise<void> {
    await this.#ownKeys.ready();
    await this.#acceptance.state();
    this.peers.update();
    this.#dissemination.wake();
    this.#intake.wake();
    this.#observer.wake();
    await this.evidence.speak();
    this.retirement.wake();
  }
}

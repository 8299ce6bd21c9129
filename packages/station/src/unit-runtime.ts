import { type Bytes, fromHex, present, sha256, toBase64, toHex, unwrap, utf8Decode } from "@detente/basics";
import { type CharterDocument, type EquivocationContent, type Head, isEntitled } from "@detente/record";
import type { BlobWriter, BodyWriter, IndexWriter, StateStore } from "@detente/store";
import type { Suspicion } from "@detente/tlog";
import type { Clock } from "./clock.ts";
import type { Entitlements } from "./http/body-routes.ts";
import type { Gate } from "./setup/gate.ts";
import type { Speaker } from "./speak/speaker.ts";
import { Archive, type Arrival } from "./sync/archive.ts";
import { Cosignatures, quorumSize } from "./sync/cosignatures.ts";
import { Evidence } from "./sync/evidence.ts";
import { FetchBlobs } from "./sync/fetch-blobs.ts";
import { FetchBodies } from "./sync/fetch-bodies.ts";
import { Indexer, type ShareOnRecord } from "./sync/indexer.ts";
import { Membership } from "./sync/membership.ts";
import type { MirroredLogs } from "./sync/mirrored-logs.ts";
import { Observer } from "./sync/observer.ts";
import type { OwnLog } from "./sync/own-log.ts";
import { type Connect, Peers } from "./sync/peers.ts";
import { RestartGuard } from "./sync/restart-guard.ts";
import { WitnessFloor } from "./sync/witness-floor.ts";

export interface UnitOptions {
  readonly party: string;
  readonly genesis: CharterDocument;
  readonly own: OwnLog;
  readonly speaker: Speaker;
  readonly gate: Gate;
  readonly mirrored: MirroredLogs;
  readonly bodies: BodyWriter;
  readonly blobs: BlobWriter;
  readonly index: IndexWriter;
  readonly state: StateStore;
  readonly connect: Connect;
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
  readonly evidence: Evidence;
  readonly guard: RestartGuard;
  readonly floor: WitnessFloor;
  readonly peers: Peers;
  readonly #options: UnitOptions;
  readonly #fetchBodies: FetchBodies;
  readonly #fetchBlobs: FetchBlobs;
  readonly #observer: Observer;
  readonly #held = new Map<string, number>();
  /** Origins of the authors of sealed bodies: an author may have back what it wrote for others. */
  readonly #sealedBy = new Map<string, string>();
  #conflictsSeen = 0;

  constructor(options: UnitOptions) {
    this.#options = options;
    const { genesis, own, bodies, blobs, index, state, clock, gate, party } = options;
    const fault = (doing: string) => (error: unknown) => options.onFault(doing, error);
    this.archive = new Archive(genesis, bodies, { arrived: (entries) => this.#arrived(entries) });
    this.membership = new Membership(this.archive.fold, party);
    const nameOf = (origin: string): string => this.membership.nameOf(origin);
    this.indexer = new Indexer({ fold: this.archive.fold, writer: index, blobs, nameOf, onFault: fault("indexing") });
    this.cosignatures = new Cosignatures(() => this.membership.quorum());
    this.peers = new Peers({
      connect: options.connect,
      membership: this.membership,
      own,
      cosignatures: this.cosignatures,
      onHeld: (peer, size) => this.#held.set(peer, size),
      clock,
      onFault: fault("replicating"),
    });
    const peers = (): ReturnType<Peers["list"]> => this.peers.list();
    this.#fetchBodies = new FetchBodies({
      peers,
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
      verifiers: (origin) => this.membership.verifiers(origin, "log"),
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
      logKeys: () => this.membership.verifiers(own.origin, "log"),
      onReady: () => this.#onReady(),
      onRecovered: () => this.archive.advance(own.origin),
      clock,
      onFault: fault("checking after the start"),
    });
    this.floor = new WitnessFloor(state.witness, (origin) => this.archive.log(origin));
  }

  /** Reads the record on this disk into the fold, then asks the peers what may be missing. */
  async start(): Promise<void> {
    const { own, mirrored } = this.#options;
    await this.evidence.load();
    this.archive.attach(own.origin, own.reader);
    await this.archive.advance(own.origin);
    await this.#attachMirrors();
    for (const origin of mirrored.origins()) await this.archive.advance(origin);
    own.onHead(() => {
      void this.archive.advance(own.origin).then(() => this.#afterFold());
      this.peers.wake();
    });
    await this.#afterFold();
    this.guard.start();
  }

  async stop(): Promise<void> {
    await this.guard.stop();
    await Promise.all([this.#observer.stop(), this.#fetchBodies.stop(), this.#fetchBlobs.stop(), this.peers.stop()]);
    await this.archive.settled();
  }

  /** A mirrored log may have grown. */
  async mirroredGrew(origin: string): Promise<void> {
    if (this.archive.log(origin) === undefined) return;
    await this.archive.advance(origin);
    // Whoever has just written here can be reached again.
    this.#fetchBodies.wake({ hurry: true });
    await this.#afterFold();
  }

  async suspect(suspicion: Suspicion): Promise<void> {
    await this.evidence.suspect(suspicion);
  }

  /** How much of this party's own log a quorum of others mirrors. */
  heldSize(): number {
    return quorumSize([...this.#held.values()], this.membership.quorum());
  }

  mayHaveBody(party: string, digest: Bytes, body: Bytes): boolean {
    const members = this.membership.names();
    const author = this.#sealedBy.get(toHex(digest));
    if (author !== undefined && members.has(party) && this.membership.originOf(party) === author) return true;
    return isEntitled(audienceOf(body), party, members);
  }

  mayHaveBlob(party: string, digest: Bytes): boolean {
    const members = this.membership.names();
    return this.indexer.sharesOf(toHex(digest)).some(({ log, audience }) => {
      if (members.has(party) && this.membership.originOf(party) === log) return true;
      return isEntitled(audience === "unit" ? audience : JSON.parse(audience), party, members);
    });
  }

  async #arrived(entries: readonly Arrival[]): Promise<void> {
    const { own } = this.#options;
    for (const { log, heads, sealed, digest } of entries) {
      if (log === own.origin) this.floor.observed(heads);
      if (sealed && digest !== undefined) this.#sealedBy.set(digest, log);
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

  async #attachMirrors(): Promise<void> {
    const { mirrored, own } = this.#options;
    for (const origin of this.membership.origins()) {
      if (origin === own.origin || this.archive.log(origin) !== undefined) continue;
      this.archive.attach(origin, await mirrored.open(origin));
      await this.archive.advance(origin);
    }
  }

  /** Heads of other logs that hold something new, as far as all their unit-wide bodies are here. */
  #observable(): Head[] {
    const { own, gate } = this.#options;
    if (!gate.maySign) return [];
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
    if (origin === own.origin)
      gate.set("frozen", "this party's own log is proven to have two versions; see docs/operating.md");
  }

  /** The acceptance stands at the very beginning of a founder's log, so the search ends soon. */
  #hasAccepted(): boolean {
    const { fold } = this.archive;
    const { origin, reader } = this.#options.own;
    for (let index = 0; index < reader.size; index++) {
      const body = fold.statement(origin, index)?.body;
      const { digest } = (body?.content ?? {}) as { digest?: unknown };
      if (body?.type === "position" && body.kind === "accept" && digest === fold.unit) return true;
    }
    return false;
  }

  async #onReady(): Promise<void> {
    const { speaker, genesis } = this.#options;
    if (!this.#hasAccepted()) unwrap(await speaker.adopt(genesis));
    this.peers.update();
    this.peers.wake();
    this.#fetchBodies.wake();
    this.#observer.wake();
    await this.evidence.speak();
  }
}

/** The audience in a body's bytes; whatever is not well formed is for nobody. */
function audienceOf(body: Bytes): unknown {
  try {
    return (JSON.parse(utf8Decode(body) ?? "") as { audience?: unknown }).audience;
  } catch {
    return undefined;
  }
}

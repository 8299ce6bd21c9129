import { type Bytes, fromHex, present, sha256, toHex, unwrap } from "@detente/basics";
import type { BlobWriter, BodyWriter } from "@detente/store";
import type { Fold } from "@detente/unit";
import type { ArrivingItems } from "../api/arriving-contract.ts";
import type { Clock } from "../clock.ts";
import type { Arrival, ArchiveListener } from "./archive.ts";
import { FetchBlobs } from "./fetch-blobs.ts";
import { FetchBodies } from "./fetch-bodies.ts";
import type { Indexer, ShareOnRecord } from "./indexer.ts";
import type { ItemIndexing } from "./item-indexing.ts";
import type { Membership } from "./membership.ts";
import type { OwnKeys } from "./own-keys.ts";
import type { Peers } from "./peers.ts";
import type { Reconciler } from "./reconciler.ts";
import type { WitnessFloor } from "./witness-floor.ts";

export interface IntakeOptions {
  /** The origin of this party's own log. */
  readonly own: string;
  readonly fold: Fold;
  readonly membership: Membership;
  readonly indexer: Indexer;
  readonly indexing: ItemIndexing;
  readonly ownKeys: OwnKeys;
  readonly reconciler: Reconciler;
  readonly floor: WitnessFloor;
  readonly bodies: BodyWriter;
  readonly blobs: BlobWriter;
  readonly peers: Peers;
  /** Called when the fold has taken in bodies that came after their entries. */
  readonly onBodies: () => Promise<void>;
  /** Called when items of a share have come later than it. */
  readonly onItems: () => void;
  readonly clock: Clock;
  readonly onFault: (doing: string, error: unknown) => void;
}

/** Shows what is new on the record to all that follow it, and fetches the bodies and blobs that it names. */
export class Intake implements ArchiveListener {
  readonly #options: IntakeOptions;
  readonly #fetchBodies: FetchBodies;
  readonly #fetchBlobs: FetchBlobs;

  constructor(options: IntakeOptions) {
    this.#options = options;
    const { peers, blobs, indexer, indexing, onItems, clock, onFault } = options;
    this.#fetchBodies = new FetchBodies({
      peers: () => peers.sources(),
      keep: (found) => this.#keepBodies(found),
      clock,
      onFault: (error) => onFault("fetching bodies", error),
    });
    this.#fetchBlobs = new FetchBlobs({
      peers: () => peers.list(),
      blobs,
      onBlob: async (digest) => {
        for (const share of indexer.sharesOf(digest)) await indexing.want(share);
        onItems();
      },
      clock,
      onFault: (error) => onFault("fetching blobs", error),
    });
  }

  /** Asks for the bodies that are wanted; `hurry` also ends a pause before a retry. */
  wake(options: { readonly hurry?: boolean } = {}): void {
    this.#fetchBodies.wake(options);
  }

  /** The blobs that are wanted and not here. */
  get fetching(): ArrivingItems["fetching"] {
    return this.#fetchBlobs.progress;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#fetchBodies.stop(), this.#fetchBlobs.stop()]);
  }

  async arrived(entries: readonly Arrival[]): Promise<void> {
    const { own, fold, membership, indexer, ownKeys, reconciler, floor, bodies } = this.#options;
    ownKeys.arrived(entries);
    reconciler.arrived(entries);
    for (const { log, heads } of entries) {
      if (log === own) floor.observed(heads);
    }
    await this.#wantBlobs(await indexer.arrived(entries));
    const wanted = entries.flatMap(({ log, index, digest, sealed }) => {
      if (digest === undefined || fold.statement(log, index)?.body !== undefined) return [];
      return bodies.has(present(fromHex(digest), "a digest"))
        ? []
        : [{ digest, author: membership.nameOf(log), sealed }];
    });
    this.#fetchBodies.want(wanted);
  }

  async #keepBodies(found: readonly Bytes[]): Promise<void> {
    if (found.length === 0) return;
    const { fold, indexer, ownKeys, bodies, onBodies } = this.#options;
    unwrap(await bodies.put(found));
    for (const body of found) fold.addBody(body);
    await ownKeys.bodiesCame();
    await this.#wantBlobs(await indexer.bodiesCame(found.map((body) => toHex(sha256(body)))));
    await onBodies();
  }

  async #wantBlobs(shares: readonly ShareOnRecord[]): Promise<void> {
    const { membership, indexing, blobs } = this.#options;
    for (const share of shares) {
      const { digest, size } = share.content.items;
      const raw = present(fromHex(digest), "a digest in hex");
      if (await blobs.has(raw)) await indexing.want(share);
      else if (await blobs.isErased(raw)) await indexing.forget(share);
      else this.#fetchBlobs.want({ digest, size, author: membership.nameOf(share.log) });
    }
  }
}

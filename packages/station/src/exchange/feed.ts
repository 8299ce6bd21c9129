import { compareText, fromHex, present } from "@detente/basics";
import type { BlobReader, NewObject, ObjectStore } from "@detente/store";
import type { Clock } from "../clock.ts";
import type { ShareOnRecord } from "../sync/indexer.ts";
import { Job, type StepOutcome } from "../sync/job.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { partyCollectionId, sharedCollectionId } from "./collections.ts";
import { type Fed, type FedShares, Holding } from "./holding.ts";
import { PROGRESS } from "./progress.ts";
import { statedObjects } from "./stated-objects.ts";

export interface FeedOptions {
  readonly objects: ObjectStore;
  readonly blobs: BlobReader;
  /** Undefined while there is no unit, or while its record is being read. */
  readonly unit: () => UnitRuntime | undefined;
  /** Whether anybody may read the collections: without readers they are not kept. */
  readonly isWanted: () => Promise<boolean>;
  readonly madeAt: (share: string) => Promise<number | undefined>;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/** Objects that are written at once. */
const BATCH = 1000;
const RETRY = 5000;
/** Changes of the record that come within this time are looked at together: each look is at all shares. Milliseconds. */
const GATHER = 250;

/**
 * Keeps the collections that TAXII clients read in step with the record: what every share holds that has taken effect,
 * until it is withdrawn or its items are erased; once among all that its audience was given, once among what its author
 * gave.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #job: Job;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#job = new Job(options.clock, (signal) => this.#step(signal), options.onFault);
  }

  /** The record has changed, or there is a first reader. */
  changed(): void {
    this.#job.wake();
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  async #step(signal: AbortSignal): Promise<StepOutcome> {
    const { unit: current, objects, isWanted, clock } = this.#options;
    if (!(await isWanted())) return "done";
    await clock.sleep(GATHER, signal);
    const unit = current();
    if (unit === undefined || signal.aborted) return "done";
    const wanted = await this.#sharesToShow(unit);
    const known = await this.#known();
    for (const [collection, shares] of known) {
      const holding = new Holding(objects, collection, shares);
      for (const leafHash of shares.keys()) {
        if (wanted.get(collection)?.has(leafHash) !== true) await holding.takeOut(leafHash);
      }
    }
    // A share that cannot be read here keeps none of the others out.
    let failed = false;
    for (const [collection, shares] of wanted) {
      const fed: FedShares = known.get(collection) ?? new Map();
      const holding = new Holding(objects, collection, fed);
      for (const [leafHash, share] of shares) {
        if (fed.get(leafHash)?.isWhole === true) continue;
        failed = (await this.#putIn(holding, share, unit)) === "failed" || failed;
      }
    }
    return failed ? { retryAfter: RETRY } : "done";
  }

  /** What is under way is noted first, so that nothing of it is left behind whenever the process ends. */
  async #putIn(holding: Holding, share: ShareOnRecord, unit: UnitRuntime): Promise<"done" | "failed"> {
    const { blobs, madeAt } = this.#options;
    const { leafHash, log, kind } = share;
    const at = await madeAt(leafHash);
    if (at === undefined) return "done";
    await holding.note(leafHash, { log, isDerived: kind === "share", isWhole: false, hasShared: false });
    let waiting: NewObject[] = [];
    let part = 0;
    const flush = async (): Promise<void> => {
      for (; waiting.length > 0; waiting = waiting.slice(BATCH)) {
        await holding.put(leafHash, part++, waiting.slice(0, BATCH));
      }
    };
    const party = unit.membership.nameOf(log);
    const read = await statedObjects(blobs, share, { party, at }, async (objects) => {
      waiting.push(...objects);
      if (waiting.length >= BATCH) await flush();
    });
    if (read === undefined) return "done";
    if (!read.ok) return "failed";
    await flush();
    await holding.note(leafHash, { isWhole: true });
    return "done";
  }

  /** By collection and leaf hash, the shares that are in the collections. */
  async #known(): Promise<Map<string, FedShares>> {
    const known = new Map<string, FedShares>();
    for (const [key, fed] of await this.#options.objects.marks.list()) {
      if (key.startsWith(PROGRESS)) continue;
      const [collection = "", share = ""] = key.split(" ");
      known.set(collection, (known.get(collection) ?? new Map<string, Fed>()).set(share, fed as unknown as Fed));
    }
    return known;
  }

  /** The shares that stand and whose items are here, by collection and leaf hash, in the order of their taking effect. */
  async #sharesToShow(unit: UnitRuntime): Promise<Map<string, Map<string, ShareOnRecord>>> {
    const { fold } = unit.archive;
    const shares: { readonly share: ShareOnRecord; readonly since: number }[] = [];
    for (const share of unit.indexer.shares()) {
      const thing = fold.thing(share.leafHash, share.audience);
      const digest = present(fromHex(share.content.items.digest), "a digest in hex");
      if (thing === undefined || thing.isWithdrawn || !(await this.#options.blobs.has(digest))) continue;
      shares.push({ share, since: fold.effectiveAt(share.log, share.index) ?? 0 });
    }
    const wanted = new Map<string, Map<string, ShareOnRecord>>();
    shares.sort((a, b) => a.since - b.since || compareText(a.share.leafHash, b.share.leafHash));
    for (const { share } of shares) {
      const { audience, log, leafHash } = share;
      for (const id of [sharedCollectionId(fold.unit, audience), partyCollectionId(fold.unit, audience, log)]) {
        wanted.set(id, (wanted.get(id) ?? new Map<string, ShareOnRecord>()).set(leafHash, share));
      }
    }
    return wanted;
  }
}

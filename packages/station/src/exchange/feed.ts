import { canonicalJson, fromHex, present, unwrap, utf8 } from "@detente/basics";
import {
  type Item,
  stixIdentity,
  stixIdentityId,
  stixIndicator,
  stixIndicatorId,
  type StatedObject,
  cleanText,
} from "@detente/intel";
import type { ReadItem } from "@detente/record";
import type { BlobReader, ObjectStore } from "@detente/store";
import type { Clock } from "../clock.ts";
import { standing } from "../standing-shares.ts";
import type { ShareOnRecord } from "../sync/indexer.ts";
import { Job, type StepOutcome } from "../sync/job.ts";
import { readShare } from "../sync/read-share.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { sharedCollectionId } from "./collections.ts";
import { PROGRESS } from "./progress.ts";

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

/** Of a share, by `<collection> <share>`: how many of its items may be in the collection, and whether all are. */
interface Fed {
  readonly count: number;
  readonly isWhole: boolean;
}

/** Objects that are written at once. */
const BATCH = 1000;
const RETRY = 5000;
/** Changes of the record that come within this time are looked at together: each look is at all shares. Milliseconds. */
const GATHER = 250;
const MAX_REASON = 160;

/**
 * Keeps the collections that TAXII clients read in step with the record: the indicators of every share that has taken
 * effect, until it is withdrawn or its items are erased.
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
    const marks = (await objects.marks.list()).filter(([key]) => !key.startsWith(PROGRESS));
    const known = new Map(marks as unknown as [string, Fed][]);
    for (const [key, fed] of known) {
      if (!wanted.has(key)) await this.#takeOut(key, fed);
    }
    // A share that cannot be read here keeps none of the others out.
    let failed = false;
    for (const [key, share] of wanted) {
      if (known.get(key)?.isWhole === true) continue;
      failed = (await this.#putIn(key, share, unit)) === "failed" || failed;
    }
    return failed ? { retryAfter: RETRY } : "done";
  }

  /** What is under way is noted first, so that nothing of it is left behind whenever the process ends. */
  async #putIn(key: string, share: ShareOnRecord, unit: UnitRuntime): Promise<"done" | "failed"> {
    const { objects, blobs, madeAt } = this.#options;
    const { leafHash, content } = share;
    const at = await madeAt(leafHash);
    if (at === undefined) return "done";
    const note = (isWhole: boolean): Promise<void> =>
      objects.marks.set(key, { count: content.collection.count, isWhole } satisfies Fed);
    await note(false);
    const [collection = ""] = key.split(" ");
    const party = unit.membership.nameOf(share.log);
    const identity = stixIdentityId(party);
    const isKnown = await objects.reader.has(collection, identity);
    let waiting: StatedObject[] = isKnown ? [] : [stixIdentity(party, at)];
    const flush = async (): Promise<void> => {
      const batch = waiting.map((object) => ({
        id: object.id,
        version: object["modified"] as string,
        bytes: utf8(canonicalJson(object)),
      }));
      waiting = [];
      if (batch.length > 0) unwrap(await objects.writer.add(collection, leafHash, batch));
    };
    const read = await readShare(blobs, content, async (items) => {
      for (const item of items) {
        const object = indicatorOf(item, { party, share: leafHash, title: content.title, tlp: content.tlp, at });
        if (object !== undefined) waiting.push(object);
      }
      if (waiting.length >= BATCH) await flush();
    });
    if (read === undefined) return "done";
    if (!read.ok) return "failed";
    await flush();
    await note(true);
    return "done";
  }

  /** By `<collection> <share>`, the shares that stand and whose items are here. */
  async #sharesToShow(unit: UnitRuntime): Promise<Map<string, ShareOnRecord>> {
    const { fold } = unit.archive;
    const shares = new Map<string, ShareOnRecord>();
    for (const share of unit.indexer.shares()) {
      const thing = fold.thing(share.leafHash, share.audience);
      const author = thing === undefined ? undefined : standing(thing)[0];
      const digest = present(fromHex(share.content.items.digest), "a digest in hex");
      if (author === undefined || !(await this.#options.blobs.has(digest))) continue;
      shares.set(`${sharedCollectionId(fold.unit, share.audience)} ${share.leafHash}`, { ...share, log: author.log });
    }
    return shares;
  }

  async #takeOut(key: string, { count }: Fed): Promise<void> {
    const { objects } = this.#options;
    const [collection = "", share = ""] = key.split(" ");
    for (let start = 0; start < count; start += BATCH) {
      const length = Math.min(BATCH, count - start);
      const ids = Array.from({ length }, (_, i) => stixIndicatorId(share, start + i));
      unwrap(await objects.writer.removeAll(collection, ids));
    }
    await objects.marks.delete(key);
  }
}

function indicatorOf(
  { index, indicator }: ReadItem,
  of: Omit<Parameters<typeof stixIndicator>[0], "item" | "index" | "status">,
): StatedObject | undefined {
  const item: Item = indicator;
  const reason = cleanText(item.description ?? of.title, MAX_REASON);
  return stixIndicator({ ...of, item, index, status: "effective" }, reason);
}

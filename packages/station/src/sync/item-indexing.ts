import { fromHex, present } from "@detente/basics";
import type { BlobReader, IndexReader, IndexWriter } from "@detente/store";
import { Turns } from "../turns.ts";
import { newItem, newVersion } from "./index-items.ts";
import type { ShareOnRecord } from "./indexer.ts";
import { readIndicators } from "./read-indicators.ts";

export interface ItemIndexingOptions {
  readonly reader: Pick<IndexReader, "indexedShare">;
  readonly writer: Pick<IndexWriter, "add" | "removeItems">;
  readonly blobs: BlobReader;
  /** Called when all items of a share are in the index. */
  readonly onWhole: () => void;
  readonly onFault: (error: unknown) => void;
}

/** What waits to be put into the index. */
export interface IndexingProgress {
  /** Those that wait, and the one that is under way. */
  readonly shares: number;
  /** Of their items, those that are in, and all. */
  readonly items: number;
  readonly of: number;
}

interface Waiting {
  readonly share: ShareOnRecord;
  readonly ending: AbortController;
  items: number;
}

/**
 * Puts the items of shares into the index, one share after another, while all else goes on. What is whole there is not
 * read again, whenever the process ends, and what was broken off goes on where it was.
 */
export class ItemIndexing {
  readonly #options: ItemIndexingOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #turns: Turns = new Turns();

  constructor(options: ItemIndexingOptions) {
    this.#options = options;
  }

  get progress(): IndexingProgress {
    const waiting = [...this.#waiting.values()];
    return {
      shares: waiting.length,
      items: waiting.reduce((sum, { items }) => sum + items, 0),
      of: waiting.reduce((sum, { share }) => sum + share.content.collection.count, 0),
    };
  }

  /** The blob of this share is here. */
  async want(share: ShareOnRecord): Promise<void> {
    const name = nameOf(share);
    if (this.#waiting.has(name) || (await this.#known(share))?.isWhole === true) return;
    const waiting: Waiting = { share, ending: new AbortController(), items: 0 };
    this.#waiting.set(name, waiting);
    void this.#turns.run(async () => {
      try {
        await this.#index(waiting);
      } catch (error) {
        this.#options.onFault(error);
      }
      this.#waiting.delete(name);
    });
  }

  /** From here on nothing more of these is put in: their blob was erased. */
  breakOff(shares: readonly ShareOnRecord[]): void {
    for (const share of shares) this.#waiting.get(nameOf(share))?.ending.abort();
  }

  /** Takes out what is in of a share whose blob was erased, where the process ended before that was done. */
  async forget(share: ShareOnRecord): Promise<void> {
    if ((await this.#known(share)) !== undefined) await this.#options.writer.removeItems(leafOf(share));
  }

  /** Resolves when what waits now is in the index, or cannot be. */
  settled(): Promise<void> {
    return this.#turns.run(async () => undefined);
  }

  /** Breaks off. */
  async stop(): Promise<void> {
    for (const { ending } of this.#waiting.values()) ending.abort();
    await this.settled();
  }

  async #index(waiting: Waiting): Promise<void> {
    const { blobs, writer, onWhole, onFault } = this.#options;
    const { share, ending } = waiting;
    const leaf = leafOf(share);
    const { log, index, leafHash } = share;
    const known = await this.#known(share);
    if (known?.isWhole === true) return;
    const from = (waiting.items = known?.items ?? 0);
    const isNew = (found: { readonly index: number }): boolean => found.index >= from;
    const claim = { log, index, share: leaf };
    const read = await readIndicators(
      blobs,
      share,
      async ({ items, words, versions, reached }) => {
        if (ending.signal.aborted || reached <= from) return;
        waiting.items = reached;
        await writer.add({
          versions: versions.filter(isNew).map((version) => newVersion(claim, version)),
          items: items.filter(isNew).map(({ index: item, indicator }) => newItem(leaf, item, indicator)),
          texts: words.filter(isNew).map(({ index: item, text }) => ({ share: leaf, item, text })),
          reached: { share: leaf, log, items: reached, isWhole: false },
        });
      },
      ending.signal,
    );
    if (read === undefined || ending.signal.aborted) return;
    if (!read.ok) return onFault(new Error(`the items of share ${leafHash}: ${read.fault.message}`));
    await writer.add({ reached: { share: leaf, log, items: share.content.collection.count, isWhole: true } });
    onWhole();
  }

  #known(share: ShareOnRecord): ReturnType<IndexReader["indexedShare"]> {
    return this.#options.reader.indexedShare(leafOf(share), share.log);
  }
}

function nameOf({ leafHash, log }: ShareOnRecord): string {
  return `${leafHash} ${log}`;
}

function leafOf({ leafHash }: ShareOnRecord): Uint8Array {
  return present(fromHex(leafHash), "a leaf hash in hex");
}

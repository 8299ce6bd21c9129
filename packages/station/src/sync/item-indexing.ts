import { fromHex, present } from "@detente/basics";
import { type BlobReader, type IndexReader, type IndexWriter, turn } from "@detente/store";
import type { ArrivingItems } from "../api/arriving-contract.ts";
import { Turns } from "../turns.ts";
import { newItem, newVersion } from "./index-items.ts";
import type { ShareOnRecord } from "./indexer.ts";
import { readIndicators } from "./read-indicators.ts";

export interface ItemIndexingOptions {
  readonly reader: Pick<IndexReader, "indexedShare">;
  readonly writer: Pick<IndexWriter, "add" | "removeItems">;
  readonly blobs: BlobReader;
  /** Called when all items of a share are in the index, and when it has caught up. */
  readonly onChange: () => void;
  readonly onFault: (error: unknown) => void;
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
  /** By leaf hash. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #turns: Turns = new Turns();
  #isCaughtUp = false;

  constructor(options: ItemIndexingOptions) {
    this.#options = options;
  }

  /** Whether all is in that was here at the start: before, searches would miss some of it. */
  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  get progress(): ArrivingItems["indexing"] {
    const waiting = [...this.#waiting.values()];
    return {
      shares: waiting.length,
      items: waiting.reduce((sum, { items }) => sum + items, 0),
      of: waiting.reduce((sum, { share }) => sum + share.content.collection.count, 0),
    };
  }

  /** The blob of this share is here. */
  async want(share: ShareOnRecord): Promise<void> {
    const { leafHash } = share;
    if (this.#waiting.has(leafHash) || (await this.#known(share))?.isWhole === true) return;
    const waiting: Waiting = { share, ending: new AbortController(), items: 0 };
    this.#waiting.set(leafHash, waiting);
    void this.#turns.run(async () => {
      try {
        await this.#index(waiting);
      } catch (error) {
        this.#options.onFault(error);
      }
      this.#waiting.delete(leafHash);
    });
  }

  /** From here on nothing more of these is put in: their blob was erased. */
  breakOff(shares: readonly ShareOnRecord[]): void {
    for (const { leafHash } of shares) this.#waiting.get(leafHash)?.ending.abort();
  }

  /** Takes out what is in of a share whose blob was erased, where the process ended before that was done. */
  async forget(share: ShareOnRecord): Promise<void> {
    if ((await this.#known(share)) !== undefined) await this.#options.writer.removeItems(leafOf(share));
  }

  /** What waits now was here at the start. */
  async catchUp(): Promise<void> {
    await this.settled();
    this.#isCaughtUp = true;
    this.#options.onChange();
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
    const { blobs, writer, onChange, onFault } = this.#options;
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
        if (reached <= from) return;
        await turn();
        if (ending.signal.aborted) return;
        waiting.items = reached;
        await writer.add({
          versions: versions.filter(isNew).map((version) => newVersion(claim, version)),
          items: items.filter(isNew).map(({ index: item, indicator }) => newItem(leaf, item, indicator)),
          texts: words.filter(isNew).map(({ index: item, text }) => ({ share: leaf, item, text })),
          reached: { share: leaf, items: reached, isWhole: false },
        });
      },
      ending.signal,
    );
    if (read === undefined || ending.signal.aborted) return;
    if (!read.ok) return onFault(new Error(`the items of share ${leafHash}: ${read.fault.message}`));
    await writer.add({ reached: { share: leaf, items: share.content.collection.count, isWhole: true } });
    onChange();
  }

  #known(share: ShareOnRecord): ReturnType<IndexReader["indexedShare"]> {
    return this.#options.reader.indexedShare(leafOf(share));
  }
}

function leafOf({ leafHash }: ShareOnRecord): Uint8Array {
  return present(fromHex(leafHash), "a leaf hash in hex");
}

import { fromHex, present } from "@detente/basics";
import type { ItemReference, ObjectsContent, ShareContent, SightingContent } from "@detente/record";
import type { IndexedSighting, IndexedStatement, IndexWriter, NewText } from "@detente/store";
import type { Fold, StatementReport } from "@detente/unit";
import type { Arrival } from "./archive.ts";
import { textOfShare } from "./index-items.ts";

/** What a share says: of a list of indicators, or of objects of STIX as they stand. */
export type Shared =
  | { readonly kind: "share"; readonly content: ShareContent }
  | { readonly kind: "objects"; readonly content: ObjectsContent };

/** A share whose items this party may have. */
export type ShareOnRecord = Shared & {
  readonly leafHash: string;
  readonly log: string;
  /** Of its statement in the log. */
  readonly index: number;
  readonly audience: string;
};

export interface IndexerOptions {
  readonly fold: Fold;
  readonly writer: IndexWriter;
  readonly nameOf: (origin: string) => string;
}

/** Keeps the statements in the index in step with the record, and knows which shares each blob belongs to. */
export class Indexer {
  readonly #options: IndexerOptions;
  /** Statements by the digest of the body that they wait for. */
  readonly #waiting = new Map<string, Arrival[]>();
  /** By leaf hash: where a leaf stands again, in its author's log or in another, its body is none of the statement's. */
  readonly #shares = new Map<string, ShareOnRecord>();
  /** By the digest of their items. */
  readonly #byBlob = new Map<string, ShareOnRecord[]>();

  constructor(options: IndexerOptions) {
    this.#options = options;
  }

  /** The shares whose items are in this blob. */
  sharesOf(blob: string): readonly ShareOnRecord[] {
    return this.#byBlob.get(blob) ?? [];
  }

  /** One by its leaf hash. */
  share(leafHash: string): ShareOnRecord | undefined {
    return this.#shares.get(leafHash);
  }

  shares(): ShareOnRecord[] {
    return [...this.#shares.values()];
  }

  /** Indexes entries that are new. Gives the shares among them. */
  async arrived(arrivals: readonly Arrival[]): Promise<ShareOnRecord[]> {
    for (const arrival of arrivals) {
      if (arrival.digest === undefined || this.#report(arrival)?.body !== undefined) continue;
      this.#waiting.set(arrival.digest, [...(this.#waiting.get(arrival.digest) ?? []), arrival]);
    }
    return this.#index(arrivals);
  }

  /** Completes the statements that waited for these bodies. Gives the shares among them. */
  async bodiesCame(digests: readonly string[]): Promise<ShareOnRecord[]> {
    const completed = digests.flatMap((digest) => this.#waiting.get(digest) ?? []);
    for (const digest of digests) this.#waiting.delete(digest);
    return completed.length === 0 ? [] : this.#index(completed);
  }

  async #index(arrivals: readonly Arrival[]): Promise<ShareOnRecord[]> {
    const statements: IndexedStatement[] = [];
    const texts: NewText[] = [];
    const sightings: IndexedSighting[] = [];
    const shares: ShareOnRecord[] = [];
    for (const arrival of arrivals) {
      const { log, index, leafHash, at, type, digest } = arrival;
      if (at === undefined || type === undefined) continue;
      const report = this.#report(arrival);
      const author = this.#options.nameOf(log);
      statements.push({
        log,
        index,
        leafHash,
        author,
        type: report?.body?.type ?? type,
        at,
        ...(report?.body === undefined ? {} : { kind: report.body.kind }),
        ...(digest === undefined ? {} : { body: present(fromHex(digest), "a digest in hex") }),
      });
      if (report?.body === undefined) continue;
      const shared = sharedBy(report);
      if (shared !== undefined) {
        shares.push(this.#enter(report, shared));
        texts.push({ share: leafHash, text: textOfShare(shared.content) });
      }
      if (nameOf(report) === "observe/sighting") {
        const { item, count, first, last } = report.body.content as unknown as SightingContent & {
          item: ItemReference;
        };
        const share = fromHex(report.body.of[0] ?? "");
        if (share !== undefined) sightings.push({ log, index, author, share, item: item.index, count, first, last });
      }
    }
    await this.#options.writer.add({ statements, texts, sightings });
    return shares;
  }

  #enter({ hash, log, index, body }: StatementReport, shared: Shared): ShareOnRecord {
    const share = { leafHash: hash, log, index, audience: present(body, "the body of a share").view, ...shared };
    const { digest } = shared.content.items;
    this.#shares.set(hash, share);
    this.#byBlob.set(digest, [...(this.#byBlob.get(digest) ?? []), share]);
    return share;
  }

  #report({ log, index }: Arrival): StatementReport | undefined {
    return this.#options.fold.statement(log, index);
  }
}

function sharedBy(report: StatementReport): Shared | undefined {
  const content: unknown = report.body?.content;
  switch (nameOf(report)) {
    case "open/share":
      return { kind: "share", content: content as ShareContent };
    case "open/objects":
      return { kind: "objects", content: content as ObjectsContent };
    default:
      return undefined;
  }
}

/** The `type/kind` of a statement whose body is here and well formed. */
function nameOf({ body }: StatementReport): string | undefined {
  return body === undefined ? undefined : `${body.type}/${body.kind}`;
}

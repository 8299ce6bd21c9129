import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bytes, canonicalJsonBytes, type Json, sha256, toHex } from "@detente/basics";
import type { CardName, Marks, RecordsContent } from "@detente/record";
import type { ContestFiles, ContestRecord, ItemOfContest } from "@detente/unit";
import { seedState } from "@detente/unit";
import { exists, readWhole, replaceFile, writeNew } from "../files.ts";
import { Trouble } from "../trouble.ts";

/** What opens one of this party's seals. */
interface Kept {
  readonly commitment: string;
  readonly salt: string;
  readonly content: Json;
  /** The seal on the own log, once it is said. */
  readonly said?: { readonly hash: string; readonly index: number };
}

const MAX_FILE: number = 256 * 2 ** 20;
const MAX_SEAL: number = 16 * 2 ** 20;

/**
 * What a party keeps of an audit beside the record, in `audits/<hash>/` of its data directory: public files by their
 * digest, what opens its seals, and, of the holder, the key and the items of its collections.
 */
export class AuditFolder {
  readonly path: string;

  constructor(data: string, contest: string) {
    this.path = join(data, "audits", contest);
  }

  /** The public files that the records in force name, as far as they are here. */
  async files(record: ContestRecord): Promise<ContestFiles> {
    const { records } = seedState(record);
    if (records === undefined) return { cards: undefined, votes: new Map() };
    const { cards, contests } = records.content;
    const votes = new Map<string, Bytes>();
    for (const { id, votes: file } of contests) {
      const bytes = await this.#public(file.digest);
      if (bytes !== undefined) votes.set(id, bytes);
    }
    return { cards: await this.#public(cards.digest), votes };
  }

  /** Takes a public file over, where it is one of those that are `known`; gives its digest. */
  async take(bytes: Bytes, known: ReadonlySet<string>): Promise<string | undefined> {
    const digest = toHex(sha256(bytes));
    if (!known.has(digest)) return undefined;
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const path = this.publicPath(digest);
    if (!(await exists(path))) await writeNew(path, bytes);
    return digest;
  }

  publicPath(digest: string): string {
    return join(this.path, `${digest}.jsonl`);
  }

  /**
   * Keeps what opens a seal, before the seal is said; again, once it is. Each in a file of its own, so that two commands
   * at one time never lose one: nothing else could show what was sealed.
   */
  async keep(kept: Kept): Promise<void> {
    await mkdir(this.#seals, { recursive: true, mode: 0o700 });
    await replaceFile(join(this.#seals, `${kept.commitment}.json`), JSON.stringify(kept));
  }

  /** What opens this party's seals: first those that are said, in the order of the log. */
  async kept(): Promise<readonly Kept[]> {
    if (!(await exists(this.#seals))) return [];
    const all: Kept[] = [];
    for (const name of await readdir(this.#seals)) {
      if (!name.endsWith(".json")) continue;
      const text = new TextDecoder().decode(await readWhole(join(this.#seals, name), MAX_SEAL));
      all.push(JSON.parse(text) as Kept);
    }
    const place = ({ said }: Kept): number => said?.index ?? Number.MAX_SAFE_INTEGER;
    return all.sort((a, b) => place(a) - place(b));
  }

  get #seals(): string {
    return join(this.path, "seals");
  }

  /**
   * Keeps the holder's key and items, by the digest of what it commits to: whoever commits again has another key, and
   * what was committed before needs its own.
   */
  async keepSecret(
    records: RecordsContent,
    key: string,
    items: ReadonlyMap<string, readonly ItemOfContest[]>,
  ): Promise<void> {
    const lines = [...items].flatMap(([id, all]) => [
      JSON.stringify({ contest: id }),
      ...all.map((item) => JSON.stringify([item.card, item.marks])),
    ]);
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    await replaceFile(this.#secretPath(records), [JSON.stringify({ key }), ...lines, ""].join("\n"));
  }

  async secret(
    records: RecordsContent,
  ): Promise<{ readonly key: string; readonly items: ReadonlyMap<string, readonly ItemOfContest[]> }> {
    const path = this.#secretPath(records);
    if (!(await exists(path))) {
      throw new Trouble(
        path,
        "is not here",
        "only where `detente audit commit` was run can cards be opened; bring the file from there",
      );
    }
    const [first = "{}", ...lines] = (await readFile(path, "utf8")).split("\n");
    const items = new Map<string, ItemOfContest[]>();
    let current: ItemOfContest[] = [];
    for (const line of lines) {
      if (line === "") continue;
      const value = JSON.parse(line) as { readonly contest: string } | readonly [CardName, Marks];
      if ("contest" in value) items.set(value.contest, (current = []));
      else current.push({ card: value[0], marks: value[1] });
    }
    return { key: (JSON.parse(first) as { readonly key: string }).key, items };
  }

  #secretPath(records: RecordsContent): string {
    return join(this.path, `${toHex(sha256(canonicalJsonBytes(records as unknown as Json)))}.secret`);
  }

  async #public(digest: string): Promise<Bytes | undefined> {
    const path = this.publicPath(digest);
    return (await exists(path)) ? readWhole(path, MAX_FILE) : undefined;
  }
}

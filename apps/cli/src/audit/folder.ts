import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bytes, type Json, sha256, toHex } from "@detente/basics";
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
  /** Leaf hash of the seal, once it is said. */
  readonly said?: string;
}

const MAX_FILE: number = 256 * 2 ** 20;
const MAX_KEPT: number = 64 * 2 ** 20;

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

  /** Keeps what opens a seal, before the seal is said; again, once it is. */
  async keep(kept: Kept): Promise<void> {
    const all = [...(await this.kept()).filter(({ commitment }) => commitment !== kept.commitment), kept];
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    await replaceFile(join(this.path, "seals.json"), JSON.stringify(all));
  }

  async kept(): Promise<readonly Kept[]> {
    const path = join(this.path, "seals.json");
    if (!(await exists(path))) return [];
    return JSON.parse(new TextDecoder().decode(await readWhole(path, MAX_KEPT))) as Kept[];
  }

  /** Keeps the holder's key and items, by the digest of the list of cards that they belong to. */
  async keepSecret(cards: string, key: string, items: ReadonlyMap<string, readonly ItemOfContest[]>): Promise<void> {
    const lines = [...items].flatMap(([id, all]) => [
      JSON.stringify({ contest: id }),
      ...all.map((item) => JSON.stringify([item.card, item.marks])),
    ]);
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    await replaceFile(this.#secretPath(cards), [JSON.stringify({ key }), ...lines, ""].join("\n"));
  }

  async secret({
    cards,
  }: RecordsContent): Promise<{ readonly key: string; readonly items: ReadonlyMap<string, readonly ItemOfContest[]> }> {
    const path = this.#secretPath(cards.digest);
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

  #secretPath(cards: string): string {
    return join(this.path, `${cards}.secret`);
  }

  async #public(digest: string): Promise<Bytes | undefined> {
    const path = this.publicPath(digest);
    return (await exists(path)) ? readWhole(path, MAX_FILE) : undefined;
  }
}

import { type Bytes, fromHex, present, toHex } from "@detente/basics";
import type { StatedItem } from "@detente/store";
import type { ThingReport } from "@detente/unit";
import { statedItems } from "../standing-items.ts";
import { statusOf } from "../standing-shares.ts";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { FoundStatement } from "./find-contract.ts";
import { audienceOf } from "./statements.ts";
import { withdrawalOf } from "./withdrawals.ts";

type AboutShare = Omit<FoundStatement, "index" | "until" | "sightings" | "text" | "proof">;

/** Tells of items who stated them. Shares are looked up once: one answer has many items of few. */
export class StatementFinder {
  readonly #index: Station["index"];
  readonly #unit: UnitRuntime;
  readonly #shares = new Map<string, AboutShare | undefined>();
  readonly #things = new Map<string, ThingReport | undefined>();

  constructor({ index }: Pick<Station, "index">, unit: UnitRuntime) {
    this.#index = index;
    this.#unit = unit;
  }

  /** `undefined` for what is not open to this party. */
  async ofItem({
    share,
    item,
    until,
    text,
  }: Pick<StatedItem, "share" | "item" | "until" | "text">): Promise<FoundStatement | undefined> {
    const about = await this.#about(share);
    if (about === undefined) return undefined;
    return {
      ...about,
      ...(await statedItems(this.#index.versions, this.#things.get(about.share), item))(item),
      index: item,
      until: until ?? null,
      sightings: await this.#index.search.sightingCount(share, item),
      text: text ?? null,
      proof: `/api/intel/proof?share=${about.share}&index=${item}`,
    };
  }

  /** Of a share as a whole, or an item that has no value. */
  async ofText(share: Bytes, item: number | undefined, text: string): Promise<FoundStatement | undefined> {
    if (item !== undefined) return this.ofItem({ share, item, text });
    const about = await this.#about(share);
    if (about === undefined) return undefined;
    const proof = `/api/statements/${about.share}/proof`;
    const sightings = await this.#index.search.sightingCount(share);
    return { ...about, index: null, until: null, sightings, text, proof };
  }

  async #about(share: Bytes): Promise<AboutShare | undefined> {
    const hash = toHex(share);
    if (!this.#shares.has(hash)) this.#shares.set(hash, await this.#lookUp(hash));
    return this.#shares.get(hash);
  }

  async #lookUp(hash: string): Promise<AboutShare | undefined> {
    const share = this.#unit.indexer.share(hash);
    if (share === undefined) return undefined;
    const { fold } = this.#unit.archive;
    const thing = fold.thing(hash, share.audience);
    this.#things.set(hash, thing);
    const [statement] = await this.#index.reader.statementsByLeaf(present(fromHex(hash), "a leaf hash"));
    const { log, index } = share;
    return {
      party: this.#unit.membership.nameOf(log),
      share: hash,
      title: share.content.title,
      tlp: share.content.tlp,
      audience: audienceOf(share.audience),
      status: statusOf(thing),
      newer: null,
      at: statement?.at ?? null,
      since: thing === undefined ? null : (fold.effectiveAt(log, index) ?? null),
      withdrawal: this.#withdrawal(thing),
    };
  }

  #withdrawal(thing: ThingReport | undefined): FoundStatement["withdrawal"] {
    const found = thing === undefined ? undefined : withdrawalOf(this.#unit, thing);
    return found === undefined ? null : { statement: found.statement, reason: found.reason, at: found.at };
  }
}

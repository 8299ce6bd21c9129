import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import type { CastVoteRecord } from "../cvr.ts";
import type { CardBlock, CvrOptions } from "./cards.ts";
import { type ReadFault, readFault, type RowFault } from "./fault.ts";
import { IdSet } from "./id-set.ts";

/** Gathers the cards of a file and does with what is no card as the options say. */
export class BlockBuilder {
  readonly #malformed: CvrOptions["malformed"];
  readonly #ids = new IdSet();
  #cards: CastVoteRecord[] = [];
  #phantoms: ReadFault[] = [];
  #refused: ReadFault | undefined;

  constructor({ malformed }: CvrOptions) {
    this.#malformed = malformed;
  }

  /** The fault that ends the reading. */
  get refused(): ReadFault | undefined {
    return this.#refused;
  }

  /** Takes a card; refuses one whose id another has: which of the two papers would be drawn? */
  add(file: string, line: number, card: CastVoteRecord): void {
    if (this.#ids.add(card.id)) this.#cards.push(card);
    else
      this.fail(file, line, { code: "duplicate-id", message: `the card ${quote(card.id)} stands in the file before` });
  }

  /** Takes note of something that should be a card. */
  fail(file: string, line: number, why: RowFault): void {
    this.failWith(readFault(file, line, why));
  }

  failWith(fault: ReadFault): void {
    if (this.#malformed === "refuse") this.#refused ??= fault;
    else this.#phantoms.push(fault);
  }

  /** Takes the cards that an element (`undefined` if it is broken) of a file is made into. */
  addAll(
    file: string,
    line: number,
    element: unknown,
    cardsOf: (element: unknown) => Result<readonly CastVoteRecord[], RowFault>,
  ): ReadFault | undefined {
    const cards = element === undefined ? BROKEN : cardsOf(element);
    if (cards.ok) for (const card of cards.value) this.add(file, line, card);
    else this.fail(file, line, cards.fault);
    return this.#refused;
  }

  /** What was gathered since the last time, if anything. */
  *take(): Generator<Result<CardBlock, never>> {
    const block = { cards: this.#cards, phantoms: this.#phantoms };
    if (block.cards.length === 0 && block.phantoms.length === 0) return;
    this.#cards = [];
    this.#phantoms = [];
    yield ok(block);
  }
}

const BROKEN: { readonly ok: false; readonly fault: RowFault } = {
  ok: false,
  fault: { code: "not-json", message: "the element is no JSON; export the file again" },
};

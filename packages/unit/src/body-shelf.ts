import { type Bytes, HashIndex, present, sha256 } from "@detente/basics";
import { audienceKey, type Body, parseFoundBody, readAudience, type StatementLeaf } from "@detente/record";
import type { Statement, StatementBody } from "./statement.ts";

/** A body that has not been delivered, or that fits no leaf delivered so far. */
interface Shelf {
  readonly waiting: Statement[];
  readonly bytes: Bytes | undefined;
}

/** Brings statements and bodies together, whichever comes first and however many statements name one body. */
export class BodyShelf {
  readonly #digests = new HashIndex();
  /** By number of the digest. A body is parsed once, for the first leaf that it fits, and then shared. */
  readonly #shelves: (Shelf | StatementBody | undefined)[] = [];
  readonly #hashes: HashIndex;
  readonly #texts = new Map<string, string>();

  /** @param hashes numbers the leaf hashes that bodies refer to */
  constructor(hashes: HashIndex) {
    this.#hashes = hashes;
  }

  /** Attaches the body that the statement's leaf names, or makes the statement wait for it. True where one is attached. */
  request(statement: Statement, leaf: StatementLeaf): boolean {
    const id = this.#digests.internHex(leaf.body);
    const shelf = this.#shelves[id];
    if (shelf === undefined) this.#shelves[id] = { waiting: [statement], bytes: undefined };
    else if (!isShelf(shelf)) attachShared(statement, leaf, shelf, this.#hashes);
    else if (shelf.bytes === undefined) shelf.waiting.push(statement);
    else this.#attach(id, shelf.bytes, statement, leaf);
    return statement.leaf === undefined;
  }

  /** Takes in a body. Returns those statements that waited for it and now have their body or its flaw. */
  deliver(bytes: Bytes): readonly Statement[] {
    const id = this.#digests.intern(sha256(bytes));
    const shelf = this.#shelves[id];
    if (shelf === undefined) {
      this.#shelves[id] = { waiting: [], bytes };
      return [];
    }
    if (!isShelf(shelf) || shelf.bytes !== undefined) return [];
    const { waiting } = shelf;
    this.#shelves[id] = { waiting: [], bytes };
    for (const statement of waiting) this.#attach(id, bytes, statement, present(statement.leaf, "a leaf that waits"));
    return waiting.filter(({ leaf }) => leaf === undefined);
  }

  /**
   * A statement to the whole unit keeps waiting where the bytes are not for the whole unit: no member could pass them
   * on, so some would judge the statement and others never could.
   */
  #attach(id: number, bytes: Bytes, statement: Statement, leaf: StatementLeaf): void {
    const shared = this.#shelves[id];
    if (shared !== undefined && !isShelf(shared)) {
      attachShared(statement, leaf, shared, this.#hashes);
      return;
    }
    const parsed = parseFoundBody(bytes, leaf);
    // A body that fits a leaf to the whole unit is for the whole unit; only one that does not has to be looked at again.
    if (!parsed.ok && statement.form === "unit-wide" && readAudience(bytes) !== "unit") return;
    statement.leaf = undefined;
    if (!parsed.ok) {
      statement.reason = "malformed-body";
      return;
    }
    statement.body = this.#compact(parsed.value, bytes.length);
    this.#shelves[id] = statement.body;
  }

  /** Drops what the fold does not read and shares the texts that recur, so that a statement stays small. */
  #compact(body: Body, size: number): StatementBody {
    const { type, kind, audience, name, content, unseals } = body;
    const view = audienceKey(audience);
    return {
      type: this.#shared(type),
      kind: this.#shared(kind),
      name: this.#shared(name),
      content,
      of: body.of.map((hash) => this.#hashes.internHex(hash)),
      view: this.#shared(view),
      audience: audience === "unit" ? "unit" : audience,
      unseals,
      size,
    } as StatementBody;
  }

  #shared<Text extends string>(text: Text): Text {
    const known = this.#texts.get(text);
    if (known !== undefined) return known as Text;
    if (this.#texts.size < MAX_SHARED_TEXTS) this.#texts.set(text, text);
    return text;
  }
}

const MAX_SHARED_TEXTS = 4096;

function isShelf(shelf: Shelf | StatementBody): shelf is Shelf {
  return "waiting" in shelf;
}

/** What `parseBody` checks between a leaf and a body, for a body that is parsed already. */
function attachShared(statement: Statement, leaf: StatementLeaf, body: StatementBody, hashes: HashIndex): void {
  if (statement.form === "unit-wide" && body.view !== "unit") return;
  statement.leaf = undefined;
  const fits =
    leaf.size === body.size &&
    (leaf.type === "sealed"
      ? body.view !== "unit"
      : body.view === "unit" &&
        leaf.type === body.type &&
        leaf.of.length === body.of.length &&
        leaf.of.every((hash, i) => hashes.findHex(hash) === body.of[i]));
  if (fits) statement.body = body;
  else statement.reason = "malformed-body";
}

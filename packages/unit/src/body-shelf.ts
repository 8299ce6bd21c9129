import { type Bytes, HashIndex, present } from "@detente/basics";
import type { PlainLeaf } from "@detente/record";
import type { BodyReading } from "./reading.ts";
import type { Claim, Statement, StatementBody } from "./statement.ts";

/** A body that is malformed, for whatever leaf. */
interface Flawed {
  readonly isForUnit: boolean;
}

/** Brings statements and bodies together, whichever comes first and however many statements name one body. */
export class BodyShelf {
  readonly #digests = new HashIndex();
  /** By number of the digest, both. A body is kept once and shared by all statements that name it. */
  readonly #bodies: (StatementBody | Flawed | undefined)[] = [];
  readonly #waiting: (Statement | Statement[] | undefined)[] = [];
  readonly #hashes: HashIndex;
  readonly #texts = new Map<string, string>();
  /** The references of the last body and claim: what is said about one thing often comes in a row. */
  #references: readonly number[] = [];

  /** @param hashes numbers the leaf hashes that bodies refer to */
  constructor(hashes: HashIndex) {
    this.#hashes = hashes;
  }

  /** What a leaf claims of its body. */
  claimOf({ type, size, hashes }: PlainLeaf): Claim {
    return { type, size, body: this.#numberOf(hashes), of: this.#numbersOf(hashes, 64) };
  }

  /** SHA-256 of the body that a claim is about, in hexadecimal. */
  digestOf(claim: Claim): string {
    return this.#digests.hex(claim.body);
  }

  /** Attaches the body that the statement claims, or makes the statement wait for it. True where one is attached. */
  request(statement: Statement, claim: Claim): boolean {
    const body = this.#bodies[claim.body];
    statement.claim = claim;
    if (body !== undefined) return attach(statement, claim, body);
    const waiting = this.#waiting[claim.body];
    if (waiting === undefined) this.#waiting[claim.body] = statement;
    else if (Array.isArray(waiting)) waiting.push(statement);
    else this.#waiting[claim.body] = [waiting, statement];
    return false;
  }

  /**
   * Takes in a body. Returns those statements that waited for it and now have their body or its flaw.
   * @param digest its SHA-256
   */
  deliver(digest: Bytes, reading: BodyReading): readonly Statement[] {
    const id = this.#numberOf(digest);
    if (this.#bodies[id] !== undefined) return [];
    const body = (this.#bodies[id] = "isForUnit" in reading ? reading : this.#compact(reading));
    const waiting = this.#waiting[id];
    if (waiting === undefined) return [];
    this.#waiting[id] = undefined;
    return (Array.isArray(waiting) ? waiting : [waiting]).filter((statement) =>
      attach(statement, present(statement.claim, "a claim that waits"), body),
    );
  }

  /** The number of the digest that `hashes` begin with. */
  #numberOf(hashes: Bytes): number {
    const id = this.#digests.intern(hashes);
    if (id === this.#bodies.length) {
      // Arrays that grow by one stay arrays: with holes, engines make hash tables of them.
      this.#bodies.push(undefined);
      this.#waiting.push(undefined);
    }
    return id;
  }

  /** Numbers the references and shares the texts that recur, so that a statement stays small. */
  #compact(reading: Exclude<BodyReading, Flawed>): StatementBody {
    const { type, kind, name, content, by, audience, view, references, unseals, size } = reading;
    return {
      type,
      kind: this.#shared(kind),
      name,
      content,
      of: this.#numbersOf(references, 0),
      by: this.#shared(by),
      view: this.#shared(view),
      audience,
      unseals,
      size,
    } as StatementBody;
  }

  #numbersOf(hashes: Bytes, start: number): readonly number[] {
    const last = this.#references;
    let isLast = true;
    const numbers: number[] = [];
    for (let at = start; at < hashes.length; at += 32) {
      const id = this.#hashes.intern(hashes, at);
      isLast &&= last[numbers.length] === id;
      numbers.push(id);
    }
    return isLast && last.length === numbers.length ? last : (this.#references = numbers);
  }

  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size < MAX_SHARED_TEXTS) this.#texts.set(text, text);
    return text;
  }
}

const MAX_SHARED_TEXTS = 4096;

/**
 * Gives a statement the body that it claims, or the flaw that either has. A statement to the whole unit keeps waiting
 * where the body is not for the whole unit: no member could pass it on, so some would judge the statement and others
 * never could.
 */
function attach(statement: Statement, claim: Claim, body: StatementBody | Flawed): boolean {
  const isForUnit = "isForUnit" in body ? body.isForUnit : body.view === "unit";
  if (statement.form === "unit-wide" && !isForUnit) return false;
  statement.claim = undefined;
  if ("isForUnit" in body || !fits(claim, body)) statement.reason = "malformed-body";
  else if (body.by !== statement.log.origin) statement.reason = "copied";
  else statement.body = body;
  return true;
}

/** What `parseBody` checks between a leaf and a body. */
function fits(claim: Claim, body: StatementBody): boolean {
  if (claim.size !== body.size) return false;
  if (claim.type === "sealed") return body.view !== "unit";
  return body.view === "unit" && claim.type === body.type && isSame(claim.of, body.of);
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
}

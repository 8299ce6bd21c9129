import { type Bytes, canonicalJson, compareText, concatBytes, type HashIndex, sha256, utf8 } from "@detente/basics";
import { type PlacedRow, type Row, RowTrie } from "./row-trie.ts";
import type { Statement } from "./statement.ts";
import { Voice } from "./voice.ts";

/** Changes whenever the same record would give another digest: stations of different versions do not compare. */
// 2: shares may have the indicator kinds ja3 and ja4; to version 1 such a share is a malformed body.
// 3: shares of objects, match sets and audits are held against rules.
// 4: meetings are held against rules; all else folds alike.
// 5: bodies name the log that they are for; a leaf in another one is void, so that every thing has one author.
export const FOLD_VERSION = "detente-fold/5";

/** Something that was opened, and by whom. */
class Thing implements Row {
  readonly statement: Statement;
  placed: PlacedRow | undefined;
  readonly #hashes: HashIndex;

  constructor(statement: Statement, hashes: HashIndex) {
    this.statement = statement;
    this.#hashes = hashes;
  }

  key(): string {
    return `thing/${this.#hashes.hex(this.statement.id)}`;
  }

  value(): string {
    const { log, index, body } = this.statement;
    return canonicalJson({ name: body?.name ?? null, kind: body?.kind ?? null, author: [log.origin, index] });
  }
}

/** A row whose value is made when a digest is. */
export class DerivedRow implements Row {
  readonly #key: string;
  readonly #make: () => string;
  placed: PlacedRow | undefined;

  constructor(key: string, make: () => string) {
    this.#key = key;
    this.#make = make;
  }

  key(): string {
    return this.#key;
  }

  value(): string {
    return this.#make();
  }
}

/** The effective statements that one audience can see, as things and as what each party says about them. */
export class View {
  readonly key: string;
  /** By number of the leaf hash. */
  readonly things: Map<number, Thing> = new Map();
  readonly #voices = new Map<number, Map<string, Voice>>();
  readonly #derived = new Map<string, DerivedRow>();
  readonly #rows = new RowTrie();
  readonly #hashes: HashIndex;

  constructor(key: string, hashes: HashIndex) {
    this.key = key;
    this.#hashes = hashes;
  }

  /** Takes in a statement that has become effective. */
  apply(statement: Statement): void {
    const { body, id, log, index } = statement;
    if (body === undefined) return;
    // What is sealed stands in no root that all of the audience could compare, so each statement is a row of its own.
    if (this.key !== "unit") this.changed(`statement/${this.#hashes.hex(id)}/${log.origin}`, () => String(index));
    if (body.type === "open") {
      const thing = new Thing(statement, this.#hashes);
      this.things.set(id, thing);
      this.#changed(thing);
    }
    for (const about of body.of) {
      const voice = this.#voice(about, log.origin);
      voice.hear(statement);
      this.#changed(voice);
    }
  }

  /** What the parties have said about a statement, in order of their logs' origins. */
  voices(id: number): Voice[] {
    return [...(this.#voices.get(id)?.values() ?? [])].sort((a, b) => compareText(a.origin, b.origin));
  }

  voice(id: number, origin: string): Voice | undefined {
    return this.#voices.get(id)?.get(origin);
  }

  /** Says that a fact which is kept elsewhere has changed; `value` gives it as canonical JSON. */
  changed(key: string, value: () => string): void {
    let row = this.#derived.get(key);
    if (row === undefined) this.#derived.set(key, (row = new DerivedRow(key, value)));
    this.#changed(row);
  }

  /** As `changed`, for a row of this view that its owner keeps, since it changes often. */
  rowChanged(row: DerivedRow): void {
    this.#changed(row);
  }

  /** SHA-256 over the fold's version, the view's name and its rows: 32 bytes. */
  digest(): Bytes {
    return sha256(concatBytes(utf8(`${FOLD_VERSION}\n${this.key}\n`), this.#rows.digest()));
  }

  #voice(about: number, origin: string): Voice {
    let voices = this.#voices.get(about);
    if (voices === undefined) this.#voices.set(about, (voices = new Map()));
    let voice = voices.get(origin);
    if (voice === undefined) voices.set(origin, (voice = new Voice(about, origin, this.#hashes)));
    return voice;
  }

  #changed(row: Row & { placed: PlacedRow | undefined }): void {
    if (row.placed === undefined) row.placed = this.#rows.add(row);
    else this.#rows.touch(row.placed);
  }
}

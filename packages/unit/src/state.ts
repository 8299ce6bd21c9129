import { type Bytes, fromHex, HashIndex, present } from "@detente/basics";
import { type CharterDocument, charterDigest } from "@detente/record";
import { BodyShelf } from "./body-shelf.ts";
import { type Charter, CharterBook } from "./charter-book.ts";
import { ContestBook } from "./contests/contest-book.ts";
import { KeyRing } from "./key-ring.ts";
import { Log } from "./log.ts";
import { Observatory, type RootAt } from "./observatory.ts";
import type { Statement } from "./statement.ts";
import { View } from "./view.ts";

/** A charter document as one finds it in an open/charter statement, valid or not. */
export interface Draft {
  readonly digest: string;
  readonly document: CharterDocument;
}

const NONE: readonly Statement[] = [];

/** Everything that the fold has learnt. Only the engine changes it. */
export class UnitState {
  /** The unit's id: the digest of its founding charter. */
  readonly unit: string;
  readonly hashes: HashIndex = new HashIndex();
  readonly bodies: BodyShelf = new BodyShelf(this.hashes);
  readonly logs: Map<string, Log> = new Map();
  readonly observatory: Observatory;
  readonly book: CharterBook;
  readonly keys: KeyRing = new KeyRing();
  readonly contests: ContestBook = new ContestBook();
  readonly views: Map<string, View> = new Map();
  /** Charter documents by number of the leaf hash: the hash fixes the body, whoever's log it stands in. */
  readonly drafts: Map<number, Draft> = new Map();
  /** The newest effective proposal of a charter in each log, by the log's origin. */
  readonly proposals: Map<string, { readonly index: number; readonly charter: Charter }> = new Map();
  /** Effective proofs of equivocation, by the log that equivocated. */
  readonly equivocations: Map<string, Statement[]> = new Map();
  /** Effective statements that opened a match set. */
  readonly matchSets: Statement[] = [];
  /** Effective statements that proposed a meeting. */
  readonly meetings: Statement[] = [];
  readonly #draftIds = new Map<string, number[]>();
  readonly #instances: (Statement | Statement[] | undefined)[] = [];
  readonly #id: Bytes;
  /** Party names by log, of all complete charters. */
  readonly #names: Map<string, string> = new Map();

  constructor(unit: string, founding: CharterDocument, rootAt: RootAt) {
    this.unit = unit;
    this.#id = present(fromHex(unit), "the unit's id in hexadecimal");
    this.observatory = new Observatory(rootAt);
    this.book = new CharterBook(unit, founding, (origin) => this.logs.get(origin)?.withdrawals ?? []);
  }

  /** Whether the unit's id stands in `bytes` at `at`. */
  isOwnId(bytes: Bytes, at: number): boolean {
    for (let i = 0; i < this.#id.length; i++) if (bytes[at + i] !== this.#id[i]) return false;
    return true;
  }

  log(origin: string): Log {
    let log = this.logs.get(origin);
    if (log === undefined) this.logs.set(origin, (log = new Log(origin)));
    return log;
  }

  view(key: string): View {
    let view = this.views.get(key);
    if (view === undefined) this.views.set(key, (view = new View(key, this.hashes)));
    return view;
  }

  /** The statements whose leaf has this hash: one, unless somebody has copied a leaf into his own log. */
  instances(id: number): readonly Statement[] {
    const held = this.#instances[id];
    return held === undefined ? NONE : Array.isArray(held) ? held : [held];
  }

  enter(statement: Statement): void {
    const held = this.#instances[statement.id];
    if (held === undefined) this.#instances[statement.id] = statement;
    else if (Array.isArray(held)) held.push(statement);
    else this.#instances[statement.id] = [held, statement];
  }

  addDraft(id: number, document: CharterDocument): void {
    if (this.drafts.has(id)) return;
    const digest = charterDigest(document);
    this.drafts.set(id, { digest, document });
    const ids = this.#draftIds.get(digest);
    if (ids === undefined) this.#draftIds.set(digest, [id]);
    else ids.push(id);
  }

  /** Numbers of the leaf hashes of the drafts with a digest. */
  draftIds(digest: string): readonly number[] {
    return this.#draftIds.get(digest) ?? [];
  }

  nameOf(origin: string): string | undefined {
    return this.#names.get(origin);
  }

  setName(origin: string, name: string): void {
    if (!this.#names.has(origin)) this.#names.set(origin, name);
  }
}

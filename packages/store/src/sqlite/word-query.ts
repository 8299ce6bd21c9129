import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from "@photostructure/sqlite";
import { type Database, withoutNul } from "./database.ts";
import { LAST_CODE_POINT } from "./item-condition.ts";

const MAX_WORDS = 16;
/** Words that a beginning is taken to mean. @internal */
export const MAX_ENDINGS = 16;
/** How texts are cut into words, and words made alike (sqlite.org/fts5.html#unicode61_tokenizer). */
export const TOKENIZER = "unicode61 remove_diacritics 2";
/** Sorts behind a word and before all that go on after it: no word has control characters. */
const BEHIND = "\u0001";

interface WordQuery {
  /** What is looked for in FTS5's language. */
  readonly match: string;
  /** Whether more words begin as the last one does than are looked for. */
  readonly isCut: boolean;
}

/**
 * Asks for texts that have every word of a text, the last one as the beginning of a word: of those that begin so, the
 * first `MAX_ENDINGS` in order of bytes. FTS5 itself would gather all places of all words that begin so before it gave
 * the first text, however many these are; and of its prefix indexes `secure-delete` leaves what was erased.
 */
export class WordAsker {
  /** Kept as long as its statements are. The tokenizer itself says what the words of a text are. */
  readonly #cutter: DatabaseSyncInstance = new DatabaseSync(":memory:");
  readonly #fill: StatementSyncInstance;
  readonly #words: StatementSyncInstance;
  readonly #next: StatementSyncInstance;

  /** @param db where `word_terms` lists the words in the index */
  constructor(db: Database) {
    this.#next = db.prepare("SELECT term FROM word_terms WHERE term >= ? AND term < ? LIMIT 1");
    this.#cutter.exec(`CREATE VIRTUAL TABLE cut USING fts5 (text, content = '', tokenize = '${TOKENIZER}');
      CREATE VIRTUAL TABLE cut_words USING fts5vocab (cut, 'instance')`);
    this.#fill = this.#cutter.prepare("INSERT INTO cut (rowid, text) VALUES (1, ?)");
    this.#words = this.#cutter.prepare(`SELECT term FROM cut_words ORDER BY offset LIMIT ${MAX_WORDS}`);
  }

  /** `undefined` where the text has no words, or no word begins as its last one does. */
  query(text: string): WordQuery | undefined {
    const words = this.#wordsOf(text);
    const last = words.pop();
    const endings = last === undefined ? [] : this.#beginningWith(last);
    if (endings.length === 0) return undefined;
    const any = endings.slice(0, MAX_ENDINGS).map(quoted).join(" OR ");
    return { match: [...words.map(quoted), `(${any})`].join(" AND "), isCut: endings.length > MAX_ENDINGS };
  }

  #wordsOf(text: string): string[] {
    this.#fill.run(withoutNul(text));
    const found = this.#words.all() as { term: string }[];
    this.#cutter.exec("INSERT INTO cut (cut) VALUES ('delete-all')");
    return found.map(({ term }) => term);
  }

  /** Each is looked up behind the one before, which costs the same however many texts have them. */
  #beginningWith(start: string): string[] {
    const found: string[] = [];
    for (let from = start; found.length <= MAX_ENDINGS;) {
      const next = this.#next.get(from, start + LAST_CODE_POINT) as { term: string } | undefined;
      if (next === undefined) break;
      found.push(next.term);
      from = next.term + BEHIND;
    }
    return found;
  }
}

/** In quotes no word is an operator (sqlite.org/fts5.html#fts5_strings). */
function quoted(word: string): string {
  return `"${word}"`;
}

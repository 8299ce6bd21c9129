import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sha256, toBase64, toHex, unwrap, utf8, utf8Decode } from "@detente/basics";
import { charterDigest, draftHeads, draftStatement } from "@detente/record";
import { loadKeys } from "@detente/station";
import { ed25519Signer, formatCheckpoint, leafHash, MemoryTree, signNote } from "@detente/tlog";
import { writeBundle } from "@detente/unit";
import { ITEMS, statement } from "../lib/statements.mjs";
import { newUnit } from "../lib/unit.mjs";

/** @typedef {import("../lib/statements.mjs").DraftedStatement} DraftedStatement */

/** Statements between two rounds of observations, by which they take effect. */
const OBSERVED_EVERY = 3000;

/** A party's log while it is made. */
class Author {
  tree = new MemoryTree();
  /** @type {Uint8Array[]} */
  leaves = [];
  /** @type {Uint8Array[]} */
  bodies = [];

  /** @param {string} origin @param {Uint8Array} seed */
  constructor(origin, seed) {
    this.origin = origin;
    this.seed = seed;
  }

  /** @param {Uint8Array} leaf @param {Uint8Array} [body] @returns {string} the leaf's hash */
  write(leaf, body) {
    const hash = leafHash(leaf);
    this.tree.append(hash);
    this.leaves.push(leaf);
    if (body !== undefined) this.bodies.push(body);
    return toHex(hash);
  }

  /** @returns {string} a signed note */
  checkpoint() {
    const { origin } = this;
    const text = formatCheckpoint({ origin, size: this.tree.size, root: this.tree.root(), extensions: [] });
    return utf8Decode(signNote(text, [ed25519Signer(origin, this.seed)])) ?? "";
  }
}

/**
 * Writes a record file, as `detente export` does, of a unit whose three parties speak in turn about one share and
 * observe one another's logs, so that all of it has taken effect.
 * @param {{ directory: string, path: string, count: number }} work statements apart from the founding
 */
export async function writeRecord({ directory, path, count }) {
  const { directories, charter } = await newUnit(directory, []);
  const authors = [];
  for (const [i, party] of charter.parties.entries()) {
    authors.push(new Author(party.origin, unwrap(await loadKeys(directories[i] ?? "")).current.log));
  }
  const unit = charterDigest(charter);
  const of = found(authors, charter, unit);
  observe(authors, unit);
  for (let number = 0; number < count; number++) {
    const author = /** @type {Author} */ (authors[number % authors.length]);
    const { leaf, body } = statement(number, { unit, by: author.origin, of });
    author.write(leaf, body);
    if (number % OBSERVED_EVERY === OBSERVED_EVERY - 1) observe(authors, unit);
  }
  observe(authors, unit);
  const logs = authors.map((author) => ({
    origin: author.origin,
    checkpoint: author.checkpoint(),
    entries: author.leaves,
  }));
  const lines = writeBundle({ audience: "unit", charter, logs, bodies: authors.flatMap(({ bodies }) => bodies) });
  await pipeline(Readable.from(withFeeds(lines)), createWriteStream(path));
}

/** @param {readonly Author[]} authors @param {import("@detente/record").CharterDocument} charter @param {string} unit */
function found(authors, charter, unit) {
  const salt = new Uint8Array(32);
  const at = 1_789_000_000_000;
  const common = /** @type {const} */ ({ unit, at, audience: "unit", salt });
  for (const author of authors) {
    const by = author.origin;
    const opened = draftStatement({ ...common, by, type: "open", kind: "charter", of: [], content: { charter } });
    const statementHash = author.write(opened.leaf, opened.body);
    const content = { digest: unit };
    const accepted = draftStatement({
      ...common,
      by,
      type: "position",
      kind: "accept",
      of: [statementHash],
      content,
    });
    author.write(accepted.leaf, accepted.body);
  }
  const digest = toHex(sha256(utf8("items")));
  const content = {
    title: "Domains of a campaign",
    tlp: /** @type {const} */ ("amber"),
    collection: { root: digest, count: ITEMS },
    items: { digest, size: 100 * ITEMS },
    kinds: { domain: ITEMS },
  };
  const [first] = authors;
  const by = first?.origin ?? "";
  const share = draftStatement({ ...common, by, type: "open", kind: "share", of: [], content });
  return first?.write(share.leaf, share.body) ?? "";
}

/** Everyone observes everyone. @param {readonly Author[]} authors @param {string} unit */
function observe(authors, unit) {
  const at = 1_789_000_000_000;
  for (const author of authors) {
    const heads = authors
      .filter((other) => other !== author)
      .map(({ origin, tree }) => ({ log: origin, size: tree.size, root: toBase64(tree.root()) }));
    author.write(draftHeads({ unit, at, heads }));
  }
}

/** @param {AsyncIterable<string>} lines */
async function* withFeeds(lines) {
  let block = "";
  for await (const line of lines) {
    block += `${line}\n`;
    if (block.length < 1 << 16) continue;
    yield block;
    block = "";
  }
  yield block;
}

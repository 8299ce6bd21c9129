import { type Bytes, decodeBase64, sha256, utf8 } from "@detente/basics";
import { LEAF_ROOM, MAX_BODY_BYTES, readPlainBody, readPlainLeaf } from "@detente/record";
import { leafHash, prefixedLeafHash } from "@detente/tlog";
import { MAX_LINE, parseBundleLine } from "./bundle-format.ts";
import { type Line, LineCutter } from "./bundle-lines.ts";
import { PackWriter } from "./pack-writer.ts";
import type { PackedLines } from "./packed-lines.ts";

const ENTRY_START = utf8('{"entry":"');
const BODY_START = utf8('{"body":"');
const PLAIN_END = utf8('"}');

/**
 * Does to a record file all that can be done without knowing the unit or what came before: the half of `verifyBundle`
 * that may run in a thread of its own.
 */
export class BundlePacker {
  readonly #cutter = new LineCutter(MAX_LINE);
  #pack = new PackWriter(0);
  /** A zero byte, as leaves are hashed with one (RFC 6962 §2.1), then what was decoded last. */
  readonly #decoded: Bytes = new Uint8Array(1 + MAX_BODY_BYTES);
  readonly #hashes: Bytes = new Uint8Array(LEAF_ROOM);

  /** Packs the lines that end in a chunk. */
  push(chunk: Bytes): PackedLines {
    this.#pack = new PackWriter(chunk.length);
    for (const line of this.#cutter.push(chunk)) this.#line(line);
    return this.#pack.packed();
  }

  /** Packs the last line, where the file does not end in a line feed. */
  end(): PackedLines {
    this.#pack = new PackWriter(0);
    for (const line of this.#cutter.end()) this.#line(line);
    return this.#pack.packed();
  }

  #line(line: Line): void {
    const entry = this.#decode(line, ENTRY_START);
    if (entry >= 0) return this.#entry(entry);
    const body = this.#decode(line, BODY_START);
    if (body >= 0) return this.#body(this.#decoded.subarray(1, 1 + body));
    const parsed = parseBundleLine(line);
    if (parsed.ok && parsed.value.form === "entry") {
      this.#pack.entry(leafHash(parsed.value.bytes), parsed.value.bytes);
    } else if (parsed.ok && parsed.value.form === "body") {
      this.#body(parsed.value.bytes);
    } else if (parsed.ok && parsed.value.form === "blob") {
      this.#pack.blob(sha256(parsed.value.bytes));
    } else {
      this.#pack.line(line);
    }
  }

  /**
   * Decodes what nearly every line holds, as `writeBundle` writes it: base64 means the same in JSON as out of it, and
   * need not be read twice. Gives how many bytes that is; -1 where the line is another.
   */
  #decode(line: Line, start: Bytes): number {
    if (line === undefined || line.length > MAX_BODY_BYTES) return -1;
    for (let i = 0; i < start.length; i++) if (line[i] !== start[i]) return -1;
    const end = line.length - PLAIN_END.length;
    if (line[end] !== PLAIN_END[0] || line[end + 1] !== PLAIN_END[1]) return -1;
    return decodeBase64(line, start.length, end, this.#decoded, 1);
  }

  #entry(length: number): void {
    const hash = prefixedLeafHash(this.#decoded.subarray(0, 1 + length));
    const leaf = this.#decoded.subarray(1, 1 + length);
    const plain = readPlainLeaf(leaf, this.#hashes);
    if (plain === undefined) this.#pack.entry(hash, leaf);
    else this.#pack.plainEntry(hash, plain);
  }

  #body(body: Bytes): void {
    const digest = sha256(body);
    const plain = readPlainBody(body);
    if (plain === undefined) this.#pack.body(digest, body);
    else this.#pack.plainBody(digest, body.length, plain);
  }
}

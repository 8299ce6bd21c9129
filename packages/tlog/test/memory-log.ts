import { type Bytes, err, ok, type Result } from "@detente/basics";
import { ed25519 } from "@noble/curves/ed25519.js";
import {
  type Cosigner,
  ed25519Cosigner,
  ed25519Signer,
  encodeEntryBundle,
  formatCheckpoint,
  type HashReader,
  leafHash,
  MemoryTree,
  type MirrorLog,
  type Send,
  type SignedHead,
  type Signer,
  signNote,
  tileBytes,
  type WireRequest,
  type WireResponse,
} from "../src/index.ts";

/** A whole log in memory, as a disk would keep it: what is staged is there, but served only under a head. */
export class MemoryLog implements MirrorLog {
  readonly stored: Bytes[] = [];
  readonly tree: MemoryTree = new MemoryTree();
  head: SignedHead | undefined;
  /** Set to make the next stage fail as a full disk would. */
  full = false;

  get stagedSize(): number {
    return this.stored.length;
  }

  hashReader(): HashReader {
    return this.tree.reader;
  }

  stage(entries: readonly Bytes[]): Promise<Result<unknown>> {
    if (this.full) return Promise.resolve(err("no-space", "the disk is full"));
    for (const entry of entries) {
      this.stored.push(entry.slice());
      this.tree.append(leafHash(entry));
    }
    return Promise.resolve(ok(undefined));
  }

  commitHead(head: SignedHead, expectedSize: number): Promise<Result<unknown>> {
    if ((this.head?.size ?? 0) !== expectedSize) return Promise.resolve(err("stale-head", "another head is current"));
    this.head = head;
    return Promise.resolve(ok(undefined));
  }

  tile(level: number, index: number, width: number): Promise<Bytes | undefined> {
    const covered = (index * 256 + width) * 256 ** level <= (this.head?.size ?? 0);
    return Promise.resolve(covered ? tileBytes({ level, index, width }, this.tree.reader) : undefined);
  }

  entryBundle(index: number, width: number): Promise<Bytes | undefined> {
    const entries = this.stored.slice(index * 256, index * 256 + width);
    const covered = index * 256 + width <= (this.head?.size ?? 0);
    return Promise.resolve(covered ? encodeEntryBundle(entries) : undefined);
  }
}

export const ORIGIN = "log.example/a";

/** A seed of 32 equal bytes: keys in tests need be nothing but distinct. */
export function seed(byte: number): Bytes {
  return new Uint8Array(32).fill(byte);
}

export const logSigner: Signer = ed25519Signer(ORIGIN, seed(1));
export const witnessKey: Cosigner = ed25519Cosigner("witness.example", seed(2));
export const mirrorKey: Cosigner = ed25519Cosigner("mirror.example", seed(3));

/** A log of `size` entries, each its own text. Two logs with different labels share the first `common` entries only. */
export async function logOf(size: number, label = "entry", common = 0): Promise<MemoryLog> {
  const log = new MemoryLog();
  const text = (i: number): Bytes => new TextEncoder().encode(`${i < common ? "entry" : label} ${i}`);
  await log.stage(Array.from({ length: size }, (_, i) => text(i)));
  return log;
}

/** The log's checkpoint at a size, signed by the log. */
export function checkpointNote(log: MemoryLog, size: number = log.stagedSize, signer: Signer = logSigner): Bytes {
  const root = log.tree.root(size);
  return signNote(formatCheckpoint({ origin: ORIGIN, size, root, extensions: [] }), [signer]);
}

export function post(path: string, body: Bytes, headers: Readonly<Record<string, string>> = {}): WireRequest {
  return { method: "POST", path, headers, body };
}

export function get(path: string): WireRequest {
  return { method: "GET", path, headers: {}, body: new Uint8Array(0) };
}

export function bodyText(response: WireResponse): string {
  return new TextDecoder().decode(response.body);
}

/** Sends to a handler and keeps what was sent. */
export function recording(send: Send): { send: Send; sent: WireRequest[] } {
  const sent: WireRequest[] = [];
  return {
    sent,
    send: (request) => {
      sent.push(request);
      return send(request);
    },
  };
}

/** Ed25519 by another implementation than the one under test. */
export function nobleVerifies(publicKey: Bytes, message: Bytes, signature: Bytes): boolean {
  return ed25519.verify(signature, message, publicKey, { zip215: false });
}

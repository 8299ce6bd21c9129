import type { Bytes } from "@detente/basics";
import {
  consistencyProof,
  ed25519Signer,
  formatCheckpoint,
  leafHash,
  MemoryTree,
  signNote,
  type SignedHead,
} from "@detente/tlog";

/** A log whose keeper signs whatever it likes: any size, any root, and as many versions as it wants. */
export class HostileLog {
  readonly origin: string;
  readonly #seed: Bytes;
  readonly entries: Bytes[] = [];
  readonly tree: MemoryTree = new MemoryTree();

  /** @param seed of the log key, 32 bytes */
  constructor(origin: string, seed: Bytes) {
    this.origin = origin;
    this.#seed = seed;
  }

  get size(): number {
    return this.entries.length;
  }

  /** Gives the index of the first. */
  append(...entries: readonly Bytes[]): number {
    const first = this.size;
    for (const entry of entries) {
      this.entries.push(entry);
      this.tree.append(leafHash(entry));
    }
    return first;
  }

  /** A second version of the log, the same up to `size`. */
  fork(size: number = this.size): HostileLog {
    const other = new HostileLog(this.origin, this.#seed);
    other.append(...this.entries.slice(0, size));
    return other;
  }

  head(size: number = this.size): SignedHead {
    return this.claim(size, this.tree.root(size));
  }

  /** Signs a head that need not be that of any tree. */
  claim(size: number, root: Bytes, origin: string = this.origin): SignedHead {
    const text = formatCheckpoint({ origin, size, root, extensions: [] });
    return { size, root, note: signNote(text, [ed25519Signer(origin, this.#seed)]) };
  }

  proof(oldSize: number, newSize: number = this.size): Bytes[] {
    return consistencyProof(oldSize, newSize, this.tree.reader);
  }
}

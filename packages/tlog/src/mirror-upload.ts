import { type Bytes } from "@detente/basics";
import { leafHash } from "./hash.ts";
import type { HashReader } from "./hash-reader.ts";
import { MemoryTree } from "./memory-tree.ts";
import { type EntryPackage, PackageReader, packageRanges, type UploadHeader } from "./mirror-message.ts";
import { verifySubtreeConsistency } from "./subtree.ts";

/** What of an upload could be shown to belong to the tree. */
export interface VerifiedUpload {
  /** The entries from `nextEntry` on, in order. */
  readonly entries: readonly Bytes[];
  /** Packages verified, those with nothing new among them. */
  readonly packages: number;
  /** Whether the upload's end was reached. */
  readonly complete: boolean;
  /** Why the package after the last verified one was rejected; undefined where it was not, or merely cut short. */
  readonly rejected: string | undefined;
}

/**
 * Verifies the packages of an upload, one after another, up to the first that fails or is cut short.
 * @param root of the tree of `header.end` entries
 * @param reader the tree of the entries held, up to `nextEntry` ≥ `header.start`
 */
export function verifyUpload(
  header: UploadHeader,
  packages: Bytes,
  root: Bytes,
  reader: HashReader,
  nextEntry: number,
): VerifiedUpload {
  const incoming = new PackageReader(packages);
  const entries: Bytes[] = [];
  let verified = 0;
  for (const range of packageRanges(header.start, header.end)) {
    const found = incoming.next(range.end - range.start);
    if (found === undefined) return { entries, packages: verified, complete: false, rejected: undefined };
    const subtree = bundleTree(range.bundle, range.start, found, reader);
    const verdict = verifySubtreeConsistency(range.bundle, range.end, header.end, found.proof, subtree.root(), root);
    if (!verdict.ok) {
      const rejected = `the package of entries ${range.start} to ${range.end} fails: ${verdict.fault.message}`;
      return { entries, packages: verified, complete: false, rejected };
    }
    verified++;
    for (const entry of found.entries.slice(Math.max(0, nextEntry - range.start))) entries.push(entry);
  }
  return { entries, packages: verified, complete: true, rejected: undefined };
}

/** The tree over a bundle's leaves: those held before the package, then the package's. */
function bundleTree(bundle: number, start: number, incoming: EntryPackage, reader: HashReader): MemoryTree {
  const tree = new MemoryTree();
  for (let index = bundle; index < start; index++) tree.append(reader(0, index));
  for (const entry of incoming.entries) tree.append(leafHash(entry));
  return tree;
}

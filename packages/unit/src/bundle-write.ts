import { type Bytes, canonicalJson, type Json, parseCanonicalJson, toBase64 } from "@detente/basics";
import { type Audience, type CharterDocument, charterDigest, isAudience } from "@detente/record";
import { BUNDLE_FORMAT } from "./bundle-format.ts";

type Each<T> = Iterable<T> | AsyncIterable<T>;

/** A log up to one checkpoint. */
export interface BundleLog {
  readonly origin: string;
  /** The signed note of the checkpoint, with its cosignatures. */
  readonly checkpoint: string;
  /** Exactly the checkpoint's entries, in order. */
  readonly entries: Each<Bytes>;
}

export interface BundleSource {
  /** Who may read the file: the whole unit, or parties named in ascending order. */
  readonly audience: Audience;
  /** The founding charter. */
  readonly charter: CharterDocument;
  readonly logs: Each<BundleLog>;
  readonly bodies: Each<Bytes>;
  readonly blobs?: Each<Bytes>;
}

/**
 * Writes a record file that a third person can verify with nothing else at hand: lines without line feeds. Of the
 * bodies only those go in that each reader of the file may read; what cannot be told does not.
 */
export async function* writeBundle(source: BundleSource): AsyncGenerator<string, void, void> {
  let lines = 0;
  const line = (members: { readonly [member: string]: Json }): string => {
    lines++;
    return canonicalJson(members);
  };
  const { audience, charter } = source;
  yield line({ format: BUNDLE_FORMAT, unit: charterDigest(charter), audience });
  yield line({ charter: charter as unknown as Json });
  for await (const { origin, checkpoint, entries } of source.logs) {
    yield line({ log: origin, checkpoint });
    for await (const entry of entries) yield line({ entry: toBase64(entry) });
  }
  for await (const body of source.bodies) if (mayRead(audience, body)) yield line({ body: toBase64(body) });
  for await (const blob of source.blobs ?? []) yield line({ blob: toBase64(blob) });
  yield line({ end: lines });
}

function mayRead(readers: Audience, body: Bytes): boolean {
  const parsed = parseCanonicalJson(body);
  if (!parsed.ok || typeof parsed.value !== "object" || parsed.value === null) return false;
  const { audience } = parsed.value as { readonly audience?: unknown };
  if (!isAudience(audience)) return false;
  return audience === "unit" || (readers !== "unit" && readers.every((reader) => audience.includes(reader)));
}

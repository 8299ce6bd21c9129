import { concatBytes, fileHasher, fromHex, present, toHex, utf8 } from "@detente/basics";

/** A name-based UUID by SHA-1 (RFC 9562 §5.5). */
export function uuid5(namespace: string, name: string): string {
  const hasher = fileHasher();
  hasher.update(concatBytes(present(fromHex(namespace.replaceAll("-", "")), "a UUID"), utf8(name)));
  const bytes = present(fromHex(hasher.digests().sha1), "a digest").subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = toHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

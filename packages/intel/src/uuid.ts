import { type Bytes, concatBytes, fileHasher, fromHex, present, toHex, utf8 } from "@detente/basics";

/** A name-based UUID by SHA-1 (RFC 9562 §5.5). */
export function uuid5(namespace: string, name: string): string {
  const hasher = fileHasher();
  hasher.update(concatBytes(present(fromHex(namespace.replaceAll("-", "")), "a UUID"), utf8(name)));
  return formatted(present(fromHex(hasher.digests().sha1), "a digest"), 5);
}

/**
 * A UUID of random or pseudo-random bytes (RFC 9562 §5.4).
 * @param random 16 bytes or more; six of their bits are not used
 */
export function uuid4(random: Bytes): string {
  return formatted(random, 4);
}

function formatted(random: Bytes, version: 4 | 5): string {
  const bytes = random.slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = toHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

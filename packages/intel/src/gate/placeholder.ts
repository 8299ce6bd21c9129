import type { Indicator } from "@detente/record";
import { parseUrl } from "../canonical/url.ts";

/** RFC 2606 §2 and §3, RFC 6761 §6, RFC 6762 §3: names that nobody can register. */
const RESERVED_NAME = /(?:^|\.)(?:example|test|invalid|localhost|local|example\.(?:com|net|org))$/;
/** The same few digits over and over, or the digits in order: nobody's file has such a digest. */
const MADE_UP_DIGEST = /^(.{1,8})\1+$|^(?:0123456789abcdef|1234567890abcdef)/;
/** The digests of the empty file: MD5 (RFC 1321 §A.5), SHA-1, SHA-256 (FIPS 180-4). */
const EMPTY_FILE: ReadonlySet<string> = new Set([
  "d41d8cd98f00b204e9800998ecf8427e",
  "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
]);

/** Why a value only stands in a real one's place, or `undefined`. */
export function placeholder({ kind, value }: Pick<Indicator, "kind" | "value">): string | undefined {
  switch (kind) {
    case "md5":
    case "sha1":
    case "sha256":
      if (EMPTY_FILE.has(value)) return "it is the digest of the empty file";
      return MADE_UP_DIGEST.test(value) ? "it is a made-up digest" : undefined;
    case "domain":
      return reserved(value);
    case "email":
      return reserved(value.slice(value.lastIndexOf("@") + 1));
    case "url": {
      const url = parseUrl(value);
      return url.ok ? reserved(url.value.host) : undefined;
    }
    default:
      return undefined;
  }
}

function reserved(name: string): string | undefined {
  return RESERVED_NAME.test(name)
    ? `${name} is reserved for examples and tests (RFC 2606, RFC 6761, RFC 6762)`
    : undefined;
}

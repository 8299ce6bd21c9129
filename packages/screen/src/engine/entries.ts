import { formatIpv4, formatIpv6, parseIpv4, parseIpv6, parseNetwork } from "@detente/intel/canonical";
import { INDICATOR_KINDS, type IndicatorKind } from "@detente/record/vocabulary";
import { present, toHex } from "@detente/basics";
import type { SieveExports } from "./sieve-module.ts";

/** A key of the image: text is in ASCII, digests are hexadecimal digits, addresses bytes with their prefix length behind them. */
export type ImageKey = string | readonly number[];

/** The tag of an item's key. */
export function tagOf(
  { TAG_DOMAIN, TAG_EMAIL, TAG_URL, TAG_IPV4, TAG_IPV6, TAG_DIGEST, TAG_EXACT }: SieveExports,
  kind: IndicatorKind,
): number {
  switch (kind) {
    case "domain":
      return TAG_DOMAIN.value;
    case "email":
      return TAG_EMAIL.value;
    case "url":
      return TAG_URL.value;
    case "ipv4":
    case "cidr4":
      return TAG_IPV4.value;
    case "ipv6":
    case "cidr6":
      return TAG_IPV6.value;
    case "ja4":
      return TAG_EXACT.value;
    default:
      return TAG_DIGEST.value;
  }
}

/** As what an item of a kind is to be recognised while it is taken in; 0 if it is not. */
export function formOf(exports: SieveExports, kind: IndicatorKind): number {
  switch (kind) {
    case "domain":
      return exports.FORM_DOMAIN.value;
    case "ipv4":
      return exports.FORM_IPV4.value;
    case "cidr4":
      return exports.FORM_CIDR4.value;
    case "url":
      return exports.FORM_URL.value;
    case "email":
      return exports.FORM_EMAIL.value;
    case "md5":
      return exports.FORM_MD5.value;
    case "sha1":
      return exports.FORM_SHA1.value;
    case "sha256":
      return exports.FORM_SHA256.value;
    default:
      return 0;
  }
}

export function kindCode(kind: IndicatorKind): number {
  return INDICATOR_KINDS.indexOf(kind);
}

export function kindOf(code: number): IndicatorKind {
  return present(INDICATOR_KINDS[code], `indicator kind ${code}`);
}

/** The key of a canonical value. */
export function keyOf(kind: IndicatorKind, value: string): ImageKey {
  switch (kind) {
    case "ipv4":
      return key4(present(parseIpv4(value), value), 32);
    case "ipv6":
      return key6(present(parseIpv6(value), value), 128);
    case "cidr4":
    case "cidr6": {
      const network = present(parseNetwork(value), value);
      return network.family === 4 ? key4(network.address, network.bits) : key6(network.address, network.bits);
    }
    default:
      return value;
  }
}

export function key4(address: number, bits: number): number[] {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255, bits];
}

export function key6(groups: readonly number[], bits: number): number[] {
  return [...groups.flatMap((group) => [group >>> 8, group & 255]), bits];
}

/** The canonical value of a key. */
export function valueOf(kind: IndicatorKind, key: Uint8Array): string {
  switch (kind) {
    case "ipv4":
      return formatIpv4(addressOf(key));
    case "cidr4":
      return `${formatIpv4(addressOf(key))}/${key[4]}`;
    case "ipv6":
      return formatIpv6(groupsOf(key));
    case "cidr6":
      return `${formatIpv6(groupsOf(key))}/${key[16]}`;
    case "domain":
    case "url":
    case "email":
    case "ja4":
      return String.fromCharCode(...key);
    default:
      return toHex(key);
  }
}

function addressOf(key: Uint8Array): number {
  return (
    (((key[0] as number) << 24) | ((key[1] as number) << 16) | ((key[2] as number) << 8) | (key[3] as number)) >>> 0
  );
}

function groupsOf(key: Uint8Array): number[] {
  return Array.from({ length: 8 }, (_, i) => ((key[2 * i] as number) << 8) | (key[2 * i + 1] as number));
}

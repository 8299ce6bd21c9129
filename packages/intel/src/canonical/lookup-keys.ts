import type { Bytes } from "@detente/basics";
import type { IndicatorKind } from "@detente/record";
import { formatNetwork, maskIpv4, maskIpv6, type Network, parseNetwork } from "./cidr.ts";
import { type Ipv6Groups, parseIpv4, parseIpv6 } from "./ip.ts";
import { isPublicSuffix } from "./public-suffix.ts";
import { parseUrl } from "./url.ts";

/** The host that a canonical value is or leads to, as the value writes it; `undefined` where there is none. */
export function hostOf(kind: IndicatorKind, value: string): string | undefined {
  if (kind === "domain") return value;
  if (kind === "email") return value.slice(value.lastIndexOf("@") + 1);
  if (kind !== "url") return undefined;
  const url = parseUrl(value);
  return url.ok ? url.value.host : undefined;
}

/** The domains above a host name, the nearest first, as far as somebody may have registered them. */
export function domainsAbove(host: string): string[] {
  if (networkOf(host) !== undefined) return [];
  const above: string[] = [];
  for (let name = parentOf(host); !isPublicSuffix(name); name = parentOf(name)) above.push(name);
  return above;
}

function parentOf(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}

/**
 * An address, or a network's first address, as bytes that sort by family and address: 4 or 6, then 4 or 16 bytes.
 * `undefined` for any other value.
 */
export function addressKey(value: string): Bytes | undefined {
  const network = networkOf(value);
  return network === undefined ? undefined : keyOf(network, 0);
}

/** First and last address of a network, or twice an address, as `addressKey` has them. */
export function addressRange(value: string): { readonly first: Bytes; readonly last: Bytes } | undefined {
  const network = networkOf(value);
  return network === undefined ? undefined : { first: keyOf(network, 0), last: keyOf(network, 1) };
}

/** The canonical form of each network around an address or network, the narrowest first; its own is not among them. */
export function networksAround(value: string): string[] {
  const network = networkOf(value);
  if (network === undefined) return [];
  return Array.from({ length: network.bits }, (_, i) => formatNetwork(widened(network, network.bits - 1 - i)));
}

/** A value as a network: an address is one that all bits count of. */
function networkOf(value: string): Network | undefined {
  const v4 = parseIpv4(value);
  if (v4 !== undefined) return { family: 4, address: v4, bits: 32, hostBits: false };
  const v6 = parseIpv6(value);
  if (v6 !== undefined) return { family: 6, address: v6, bits: 128, hostBits: false };
  return parseNetwork(value);
}

function widened(network: Network, bits: number): Network {
  return network.family === 4
    ? { family: 4, address: maskIpv4(network.address, bits), bits, hostBits: false }
    : { family: 6, address: maskIpv6(network.address, bits), bits, hostBits: false };
}

/** @param fill what the bits that do not count are: 0 for the first address, 1 for the last */
function keyOf(network: Network, fill: 0 | 1): Bytes {
  const groups: Ipv6Groups =
    network.family === 4 ? [network.address >>> 16, network.address & 0xffff] : network.address;
  const key = new Uint8Array(1 + 2 * groups.length);
  key[0] = network.family;
  for (const [i, group] of groups.entries()) {
    const free = 16 - Math.min(16, Math.max(0, network.bits - 16 * i));
    const filled = fill === 0 ? group : group | ((1 << free) - 1);
    key[1 + 2 * i] = filled >>> 8;
    key[2 + 2 * i] = filled & 0xff;
  }
  return key;
}

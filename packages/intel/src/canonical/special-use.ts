import { present } from "@detente/basics";
import { maskIpv4, maskIpv6, type Network, parseNetwork } from "./cidr.ts";

/** The special-purpose registries of RFC 6890 (with RFC 5737, 3849, 3879, 9637, 6598, 8215, 5771), by what we call each use. */
const REGISTRY: readonly (readonly [string, readonly string[]])[] = [
  ["this-network", ["0.0.0.0/8", "::/128"]],
  ["private", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"]],
  ["shared", ["100.64.0.0/10"]],
  ["loopback", ["127.0.0.0/8", "::1/128"]],
  ["link-local", ["169.254.0.0/16", "fe80::/10"]],
  ["protocol", ["192.0.0.0/24"]],
  ["documentation", ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"]],
  ["benchmarking", ["198.18.0.0/15", "2001:2::/48"]],
  ["multicast", ["224.0.0.0/4", "ff00::/8"]],
  ["reserved", ["240.0.0.0/4"]],
  ["translation", ["64:ff9b::/96", "64:ff9b:1::/48"]],
  ["discard", ["100::/64"]],
];

const NETWORKS: readonly (readonly [string, Network])[] = REGISTRY.flatMap(([use, networks]) =>
  networks.map((text) => [use, present(parseNetwork(text), text)] as const),
);

/** The special uses that a network overlaps; an address is a network of its full length. */
export function specialUses(network: Network): string[] {
  const uses = new Set<string>();
  for (const [use, special] of NETWORKS) if (overlap(network, special)) uses.add(use);
  return [...uses];
}

function overlap(a: Network, b: Network): boolean {
  const bits = Math.min(a.bits, b.bits);
  if (a.family === 4 && b.family === 4) return maskIpv4(a.address, bits) === maskIpv4(b.address, bits);
  if (a.family !== 6 || b.family !== 6) return false;
  const other = maskIpv6(b.address, bits);
  return maskIpv6(a.address, bits).every((group, i) => group === other[i]);
}

import { formatIpv4, formatIpv6, type Ipv6Groups, mappedIpv4, parseIpv4, parseIpv6 } from "./ip.ts";

/** A network: its address with all host bits zero, and how many bits count. */
export type Network =
  | { readonly family: 4; readonly address: number; readonly bits: number; readonly hostBits: boolean }
  | { readonly family: 6; readonly address: Ipv6Groups; readonly bits: number; readonly hostBits: boolean };

const PREFIX = /^(?:0|[1-9][0-9]{0,2})$/;

/** Reads `address/bits` of either family; IPv4-mapped networks come out as IPv4. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const prefix = text.slice(slash + 1);
  if (slash < 0 || !PREFIX.test(prefix)) return undefined;
  const bits = Number(prefix);
  const address = text.slice(0, slash);
  const v4 = parseIpv4(address);
  if (v4 !== undefined) return bits <= 32 ? network4(v4, bits) : undefined;
  const v6 = parseIpv6(address);
  if (v6 === undefined || bits > 128) return undefined;
  const mapped = mappedIpv4(v6);
  if (mapped !== undefined && bits >= 96) return network4(mapped, bits - 96);
  const masked = maskIpv6(v6, bits);
  return { family: 6, address: masked, bits, hostBits: masked.some((group, i) => group !== v6[i]) };
}

export function formatNetwork(network: Network): string {
  const address = network.family === 4 ? formatIpv4(network.address) : formatIpv6(network.address);
  return `${address}/${network.bits}`;
}

export function maskIpv4(address: number, bits: number): number {
  return bits === 0 ? 0 : (address & (-1 << (32 - bits))) >>> 0;
}

export function maskIpv6(groups: Ipv6Groups, bits: number): Ipv6Groups {
  return groups.map((group, i) => {
    const kept = Math.min(16, Math.max(0, bits - 16 * i));
    return group & (0xffff << (16 - kept)) & 0xffff;
  });
}

function network4(address: number, bits: number): Network {
  const masked = maskIpv4(address, bits);
  return { family: 4, address: masked, bits, hostBits: masked !== address };
}

import { present } from "@detente/basics";
import { type Network, parseNetwork } from "../canonical/cidr.ts";
import { formatIpv4, formatIpv6 } from "../canonical/ip.ts";
import type { BlockList, Entry, Obstacle } from "./block-list.ts";
import { headerOf, joinLines, notInFormat, remarkOf, renderEach, type Rendering } from "./rendering.ts";

/** A name is at most 253 characters (RFC 1035 §2.3.4), of which the zone's own may take so many. */
const ZONE_NAME = 64;
const MAX_NAME = 253 - ZONE_NAME - "*.".length;

/**
 * A response policy zone (draft-vixie-dnsop-dns-rpz-00; BIND, Unbound, Knot Resolver, PowerDNS): names and addresses
 * that are answered with NXDOMAIN. The owner names are relative, so the zone may have any name of up to 64 characters.
 */
export function renderRpz(list: BlockList): Rendering {
  const { lines, leftOut } = renderEach(list, (entry) => {
    const owners = ownersOf(entry);
    if (!Array.isArray(owners)) return owners as Obstacle;
    return owners.map((owner) => `${owner} CNAME . ; ${remarkOf(entry)}`).join("\n");
  });
  const count = list.entries.length - leftOut.length;
  const text = joinLines(
    headerOf(list, count, leftOut).map((line) => `; ${line}`),
    ["$TTL 60", `@ SOA localhost. hostmaster.localhost. ${list.serial} 3600 600 604800 60`, "@ NS localhost."],
    lines,
  );
  return { files: [{ name: "detente.rpz", text }], leftOut };
}

function ownersOf({ kind, value }: Entry): readonly string[] | Obstacle {
  switch (kind) {
    case "domain":
      // `32.4.3.2.1.rpz-ip` would be no name here but a rule about an address.
      if (/(?:^|\.)rpz-[^.]*$/.test(value))
        return notInFormat("a name below rpz-… means something else in this format");
      if (value.length > MAX_NAME)
        return notInFormat(`a name over ${MAX_NAME} characters does not fit below the zone's`);
      return [value, `*.${value}`];
    case "ipv4":
      return [addressOwner(value, 32)];
    case "ipv6":
      return [addressOwner(value, 128)];
    case "cidr4":
    case "cidr6":
      return [addressOwner(value)];
    default:
      return notInFormat("a DNS resolver sees names and addresses only");
  }
}

/** `24.0.2.0.192.rpz-ip`, `48.zz.db8.2001.rpz-ip`: the prefix length, then the parts backwards. */
function addressOwner(value: string, bits?: number): string {
  const network: Network = present(parseNetwork(bits === undefined ? value : `${value}/${bits}`), value);
  const parts =
    network.family === 4
      ? formatIpv4(network.address).split(".")
      : formatIpv6(network.address).replace("::", ":zz:").replace(/^:|:$/g, "").split(":");
  return `${network.bits}.${parts.reverse().join(".")}.rpz-ip`;
}

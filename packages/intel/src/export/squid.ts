import type { IndicatorKind } from "@detente/record";
import type { BlockList, Entry, Obstacle } from "./block-list.ts";
import { Covering } from "./covering.ts";
import { headerOf, joinLines, notInFormat, plainRemarkOf, renderEach, type Rendering } from "./rendering.ts";

const ADDRESSES: readonly IndicatorKind[] = ["ipv4", "ipv6", "cidr4", "cidr6"];
const MAX_REMARK = 400;

/**
 * Lists for Squid: `acl … dstdomain "detente.domains"` and `acl … dst "detente.addresses"` (squid.conf, acl). Squid
 * complains of what a wider entry covers, so that is left out.
 */
export function renderSquid(list: BlockList): Rendering {
  const covering = new Covering(list);
  const domains: string[] = [];
  const addresses: string[] = [];
  const { leftOut } = renderEach(list, (entry) => {
    const obstacle = obstacleTo(entry, covering);
    if (obstacle !== undefined) return obstacle;
    const into = entry.kind === "domain" ? domains : addresses;
    into.push(`# ${plainRemarkOf(entry, MAX_REMARK)}`, entry.kind === "domain" ? `.${entry.value}` : entry.value);
    return "";
  });
  const header = headerOf(list, list.entries.length - leftOut.length, leftOut).map((line) => `# ${line}`);
  return {
    files: [
      { name: "detente.domains", text: joinLines(header, domains) },
      { name: "detente.addresses", text: joinLines(header, addresses) },
    ],
    leftOut,
  };
}

function obstacleTo({ kind, value }: Entry, covering: Covering): Obstacle | undefined {
  if (kind === "domain") return covering.aboveDomain(value);
  if (ADDRESSES.includes(kind)) return covering.aroundAddress(value);
  return notInFormat("of a tunnel a proxy sees the host only, and a URL's host may serve others too");
}

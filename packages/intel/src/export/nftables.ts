import type { IndicatorKind } from "@detente/record";
import type { BlockList, Entry } from "./block-list.ts";
import { Covering } from "./covering.ts";
import { headerOf, joinLines, notInFormat, plainRemarkOf, renderEach, type Rendering } from "./rendering.ts";

/** Addresses and networks have sets of their own: nft takes no overlaps within one, and hashes single addresses. */
const SETS = [
  { kind: "ipv4", name: "blocked4", type: "ipv4_addr", flags: "timeout" },
  { kind: "ipv6", name: "blocked6", type: "ipv6_addr", flags: "timeout" },
  { kind: "cidr4", name: "blocked4_networks", type: "ipv4_addr", flags: "interval, timeout" },
  { kind: "cidr6", name: "blocked6_networks", type: "ipv6_addr", flags: "interval, timeout" },
] as const;

/** NFTNL_UDATA_COMMENT_MAXLEN, with its terminating zero. */
const MAX_COMMENT = 127;
const MAX_TIMEOUT_S = 365 * 86_400;

/**
 * Sets for nftables (nft(8)), in the table `inet detente`, which rules of the reader's own refer to. The file is one
 * transaction: nothing is unblocked while it is loaded. What expires before the next load goes by itself.
 */
export function renderNftables(list: BlockList): Rendering {
  const covering = new Covering(list);
  const elements = new Map<IndicatorKind, string[]>(SETS.map(({ kind }) => [kind, []]));
  const { leftOut } = renderEach(list, (entry) => {
    const set = elements.get(entry.kind);
    if (set === undefined) return notInFormat("a packet filter sees addresses only");
    const obstacle = covering.aroundAddress(entry.value);
    if (obstacle !== undefined) return obstacle;
    set.push(elementOf(entry, list.at));
    return "";
  });
  const header = headerOf(list, list.entries.length - leftOut.length, leftOut).map((line) => `# ${line}`);
  const sets = SETS.flatMap(({ kind, name, type, flags }) => [
    `add set inet detente ${name} { type ${type}; flags ${flags}; }`,
    `flush set inet detente ${name}`,
    ...batch(name, elements.get(kind) ?? []),
  ]);
  return { files: [{ name: "detente.nft", text: joinLines(header, ["add table inet detente"], sets) }], leftOut };
}

function batch(name: string, elements: readonly string[]): string[] {
  return elements.length === 0
    ? []
    : [`add element inet detente ${name} {`, ...elements.map((element) => `  ${element},`), "}"];
}

function elementOf(entry: Entry, at: number): string {
  const seconds = Math.min(MAX_TIMEOUT_S, Math.max(1, Math.ceil((entry.expires - at) / 1000)));
  return `${entry.value} timeout ${seconds}s comment "${plainRemarkOf(entry, MAX_COMMENT)}"`;
}

import { join } from "node:path";
import { utf8, utf8Decode } from "@detente/basics";
import {
  hashLines,
  isStricter,
  manifestText,
  type MispShare,
  readManifest,
  type RenderedEvent,
  renderMispEvent,
} from "@detente/intel";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { directoryMirror } from "../../feed/directory.ts";
import { type NotPublished, publishable, type PublishableRow } from "../../feed/publishable.ts";
import { orTrouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";
import type { Flags } from "./publish.ts";

/** Attributes of one event: larger shares are several. */
const PER_EVENT = 50_000;

export async function run(cli: Cli, { tlp, sealed, parties }: Flags, dir: string): Promise<Answer> {
  const mirror = await directoryMirror(dir);
  const bar = cli.progress("reading", undefined, (count) => amount(count, "indicator"));
  const leftOut: Record<NotPublished | "no-type", number> = { state: 0, tlp: 0, audience: 0, party: 0, "no-type": 0 };
  const shares = await publishable(cli, bar, (row) => {
    const why = obstacleOf(row, { tlp, sealed, ...(parties === undefined ? {} : { parties }) });
    if (why !== undefined) leftOut[why]++;
    return why === undefined;
  });
  bar.clear();
  const before = await mirror.read("manifest.json");
  if (before !== undefined) orTrouble(readManifest(before), join(dir, "manifest.json"));
  const manifest = new Map<string, RenderedEvent["manifest"]>();
  let hashes = "";
  let indicators = 0;
  for (const share of shares.flatMap(partsOf)) {
    const event = renderMispEvent(share);
    const text = `${JSON.stringify(event.document)}\n`;
    const old = await mirror.read(`${event.uuid}.json`);
    if (old === undefined || utf8Decode(old) !== text) await mirror.write(`${event.uuid}.json`, utf8(text));
    manifest.set(event.uuid, event.manifest);
    hashes += hashLines(event.uuid, event.hashes);
    leftOut["no-type"] += event.leftOut.length;
    indicators += share.items.length - event.leftOut.length;
  }
  await mirror.write("hashes.csv", utf8(hashes));
  await mirror.write("manifest.json", utf8(manifestText(manifest)));
  // All that lies there is public: also what an interrupted run left without naming it.
  const removed = (await mirror.events()).filter((uuid) => !manifest.has(uuid));
  for (const uuid of removed) await mirror.remove(`${uuid}.json`);
  const kept = Object.entries(leftOut).filter(([, count]) => count > 0);
  return {
    json: { dir, events: manifest.size, indicators, removed, leftOut: Object.fromEntries(kept) },
    text: [
      `Wrote ${amount(indicators, "indicator")} in ${amount(manifest.size, "event")} to ${dir}; ${removed.length} removed`,
      ...kept.map(([why, count]) => `${amount(count, "indicator")} left out: ${WHY[why as keyof typeof WHY]}`),
    ],
    isNo: manifest.size === 0,
  };
}

const WHY: Readonly<Record<NotPublished | "no-type", string>> = {
  state: "withdrawn, or not in effect yet",
  tlp: "under a stricter label; --tlp takes it in",
  audience: "shared with some parties only; --sealed takes it in",
  party: "shared by another party",
  "no-type": "of a kind that MISP has no attribute type for",
};

function obstacleOf(row: PublishableRow, { tlp, sealed, parties }: Flags): NotPublished | undefined {
  if (row.status !== "effective") return "state";
  if (parties?.includes(row.party) === false) return "party";
  if (row.audience !== "unit" && !sealed) return "audience";
  return isStricter(row.tlp, tlp) ? "tlp" : undefined;
}

function partsOf(share: MispShare): MispShare[] {
  const parts = Math.ceil(share.items.length / PER_EVENT);
  return Array.from({ length: parts }, (_, part) => ({
    ...share,
    part,
    items: share.items.slice(part * PER_EVENT, (part + 1) * PER_EVENT),
  }));
}

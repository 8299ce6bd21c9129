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
import { type Tlp, TLP_LABELS } from "@detente/record";
import { list, one, yes } from "../../args.ts";
import { command } from "../../command.ts";
import { directoryMirror } from "../../feed/directory.ts";
import { type NotPublished, publishable, type PublishableRow } from "../../feed/publishable.ts";
import { orTrouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";

/** Attributes of one event: larger shares are several. */
const PER_EVENT = 50_000;

type Flags = { readonly tlp: Tlp; readonly sealed: boolean; readonly parties?: readonly string[] };

export const feedPublishCommand = command<Flags, [string]>({
  brief: "Write what was shared as a MISP feed: a directory that a MISP server can subscribe to",
  about:
    "An event for each share that is in effect and was not withdrawn, by the party that shared it. Only what is TLP:CLEAR, " +
    "unless --tlp names a stricter label, and only what was shared with the whole unit, unless --sealed: whoever can read " +
    "the directory, or the web server that it lies on, gets all of it. Events first, then the list of them; those of shares " +
    "that were withdrawn are removed. Run it from a timer. Exit code 1: there is nothing in it.",
  examples: [
    "detente feed publish /srv/www/misp-feed",
    "detente feed publish feed --tlp amber --parties bravo,charlie   # for this party's own MISP",
  ],
  flags: {
    tlp: { kind: "enum", values: TLP_LABELS, default: "clear", brief: "the strictest label that may be in it" },
    sealed: yes("also what was shared with some parties only"),
    parties: list("party", "only what these parties shared"),
  },
  args: one(String, "DIR", "the directory of the feed"),
  async run(cli, { tlp, sealed, parties }, dir) {
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
  },
});

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

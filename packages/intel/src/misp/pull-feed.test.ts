import { type Bytes, err, ok, unwrap, utf8, utf8Decode } from "@detente/basics";
import { beforeEach, describe, expect, it } from "vitest";
import { hashesOf, hashLines } from "./hashes.ts";
import {
  type FeedReport,
  type FeedMirror,
  type FeedSource,
  markTold,
  pullFeed,
  type PullFeedOptions,
} from "./pull-feed.ts";

const uuid = (i: number): string => `${String(i).padStart(8, "0")}-1c2d-4e3f-8a9b-0c1d2e3f4a5b`;
const attribute = (i: number): { type: string; value: string } => ({ type: "domain", value: `host-${i}.example` });
const eventText = (i: number, timestamp = 1): string =>
  JSON.stringify({ Event: { uuid: uuid(i), info: `event ${i}`, timestamp, Attribute: [attribute(i)] } });

/** A feed of others, and this side's copy: files by name. */
let theirs: Map<string, string>;
let ours: Map<string, string>;
let asked: string[];
/** What becomes of a request: nothing, or this. */
let onTheWay: (name: string) => ReturnType<FeedSource["read"]> | undefined;

beforeEach(() => {
  theirs = new Map();
  ours = new Map();
  asked = [];
  onTheWay = () => undefined;
});

function publish(...events: readonly (readonly [number, number])[]): void {
  theirs.clear();
  for (const [i, timestamp] of events) theirs.set(`${uuid(i)}.json`, eventText(i, timestamp));
  theirs.set(
    "manifest.json",
    JSON.stringify(Object.fromEntries(events.map(([i, timestamp]) => [uuid(i), { timestamp }]))),
  );
  theirs.set("hashes.csv", events.map(([i]) => hashLines(uuid(i), hashesOf([attribute(i)]))).join(""));
}

async function run(more: Partial<PullFeedOptions> = {}): ReturnType<typeof pullFeed> {
  asked = [];
  return pullFeed({
    source: {
      read: async (name) => {
        asked.push(name);
        const text = theirs.get(name);
        return (
          (await onTheWay(name)) ?? (text === undefined ? err("not-found", `${name} is not there`) : ok(utf8(text)))
        );
      },
    },
    mirror,
    maxEvents: 1000,
    maxBytes: 10_000_000,
    onProgress: () => undefined,
    ...more,
  });
}

const mirror: FeedMirror = {
  read: async (name): Promise<Bytes | undefined> => (ours.has(name) ? utf8(ours.get(name) as string) : undefined),
  write: async (name, bytes) => void ours.set(name, utf8Decode(bytes) as string),
  remove: async (name) => void ours.delete(name),
};

const pulled = async (more: Partial<PullFeedOptions> = {}): Promise<FeedReport> => unwrap(await run(more));
const asEvents = (names: readonly string[]): string[] => names.filter((name) => name.length === 41).sort();
const held = (): string[] => asEvents([...ours.keys()]);

describe("following a feed", () => {
  it("fetches what is new or changed and nothing else, and drops what is gone", async () => {
    publish([1, 1], [2, 1], [3, 1]);
    const begun = await pulled();
    expect(begun).toMatchObject({ added: [1, 2, 3].map(uuid), changed: [], gone: [], isComplete: true });
    unwrap(await markTold(mirror, begun));
    expect(ours.get(`${uuid(1)}.json`)).toBe(eventText(1));
    publish([2, 1], [3, 2], [4, 1]);
    const { gone, ...report } = await pulled();
    expect(report).toMatchObject({ added: [uuid(4)], changed: [uuid(3)], hashesDiffer: [] });
    expect(asEvents(asked)).toEqual([3, 4].map((i) => `${uuid(i)}.json`));
    // Until somebody was told, it is reported again, and is there.
    expect([gone, (await pulled()).gone, ours.has(`${uuid(1)}.json`)]).toEqual([[uuid(1)], [uuid(1)], true]);
    unwrap(await markTold(mirror, { gone }));
    expect([...ours.keys()].sort()).toEqual([...held(), "manifest.json"]);
    expect(held()).toEqual([2, 3, 4].map((i) => `${uuid(i)}.json`));
    expect(await pulled()).toMatchObject({ added: [], changed: [], gone: [] });
    expect(asked).toEqual(["manifest.json"]);
  });

  it("goes on after an interruption, wherever it was", async () => {
    publish(...Array.from({ length: 20 }, (_, i) => [i, 1] as const));
    let left = 7;
    onTheWay = async (name) => (name.length === 41 && left-- <= 0 ? err("busy", "later") : undefined) as never;
    const first = await pulled();
    expect(first).toMatchObject({ isComplete: false, fault: { code: "busy" } });
    expect(first.added).toHaveLength(7);
    unwrap(await markTold(mirror, first));
    onTheWay = () => undefined;
    const second = await pulled();
    expect(second).toMatchObject({ isComplete: true });
    expect([...first.added, ...second.added].sort()).toEqual(Array.from({ length: 20 }, (_, i) => uuid(i)));
  });

  it("tells again of what a run has brought that ended before it could tell", async () => {
    const all = Array.from({ length: 150 }, (_, i) => [i, 1] as const);
    publish(...all);
    const onProgress = (done: number): void => {
      if (done === 120) throw new Error("killed");
    };
    await expect(run({ onProgress })).rejects.toThrow("killed");
    expect(
      asEvents(Object.keys(JSON.parse(ours.get("manifest.json") as string)).map((id) => `${id}.json`)),
    ).toHaveLength(104);
    expect((await pulled()).added.toSorted()).toEqual(all.map(([i]) => uuid(i)));
    publish(...all.slice(1).map(([i]) => [i, i === 1 ? 2 : 1] as const));
    const report = await pulled();
    // What is new and has changed is new; what is gone is not new, too.
    expect([report.added.length, report.changed, report.gone]).toEqual([149, [], [uuid(0)]]);
    unwrap(await markTold(mirror, report));
    expect(await pulled()).toMatchObject({ added: [], changed: [], gone: [] });
  });

  it("takes no more than it may at once; the rest comes with the next run", async () => {
    publish(...Array.from({ length: 10 }, (_, i) => [i, 1] as const));
    expect(await pulled({ maxEvents: 6 })).toMatchObject({ isComplete: false });
    expect(held()).toHaveLength(6);
    ours.clear();
    const first = await pulled({ maxBytes: 1 });
    expect(first.added).toHaveLength(4);
    while (!(await pulled({ maxBytes: 1 })).isComplete);
    expect(held()).toHaveLength(10);
  });
});

describe("a hostile feed", () => {
  it("names files that are none of its own: they are never asked for", async () => {
    publish([1, 1]);
    const manifest = JSON.parse(theirs.get("manifest.json") as string) as object;
    const names = ["../../etc/passwd", "..%2f..%2fx", "a/b", uuid(2).toUpperCase(), `${uuid(3)}\u0000`, "__proto__"];
    const bad = Object.fromEntries(names.map((name) => [name, { timestamp: 1 }]));
    theirs.set("manifest.json", JSON.stringify({ ...manifest, ...bad }));
    const report = await pulled();
    expect(report.refusedCount).toBe(Object.keys(bad).length);
    expect(asEvents(asked)).toEqual([`${uuid(1)}.json`]);
    expect(held()).toEqual([`${uuid(1)}.json`]);
  });

  it("gives other events, none, or too deep ones under a name: refused by name, the others taken", async () => {
    publish([1, 1], [2, 1], [3, 1], [4, 1], [5, 1]);
    theirs.set(`${uuid(1)}.json`, eventText(2));
    theirs.set(`${uuid(2)}.json`, `{"Event":${"[".repeat(1_000_000)}`);
    theirs.set(`${uuid(3)}.json`, '{"Event":{"uuid":"../x"}}');
    theirs.delete(`${uuid(4)}.json`);
    const report = await pulled();
    expect(report).toMatchObject({ added: [uuid(5)], refusedCount: 4, isComplete: true });
    expect(report.refused.join("\n")).toMatch(
      /which is another event[\s\S]*deeper than 100[\s\S]*no UUID[\s\S]*not there/,
    );
    unwrap(await markTold(mirror, report));
    // They are asked for again, in case they were being written.
    publish([1, 1], [2, 1], [3, 1], [4, 1], [5, 1]);
    expect((await pulled()).added).toEqual([1, 2, 3, 4].map(uuid));
  });

  it("lists other values than its events have: the events are taken, and that is said", async () => {
    publish([1, 1], [2, 1], [3, 1]);
    theirs.set(
      "hashes.csv",
      `${hashLines(uuid(1), hashesOf([attribute(1)]))}${hashLines(uuid(2), hashesOf([attribute(7)]))}`,
    );
    expect(await pulled()).toMatchObject({ added: [1, 2, 3].map(uuid), hashesDiffer: [uuid(2), uuid(3)] });
    theirs.delete("hashes.csv");
    ours.clear();
    expect((await pulled()).hashesDiffer).toEqual([]);
  });

  it("whose manifest is none changes nothing", async () => {
    publish([1, 1]);
    await pulled();
    for (const [text, code] of [
      ["{", "not-json"],
      ["[1]", "not-a-manifest"],
      ["[".repeat(1_000_000), "too-deep"],
    ] as const) {
      theirs.set("manifest.json", text);
      expect(await run()).toMatchObject({ ok: false, fault: { code } });
    }
    onTheWay = async () => err("too-large", "over the limit");
    expect(await run()).toMatchObject({ ok: false, fault: { code: "too-large" } });
    expect(held()).toEqual([`${uuid(1)}.json`]);
  });

  it("cannot be followed into a mirror that is none", async () => {
    publish([1, 1]);
    ours.set("manifest.json", "5");
    expect(await run()).toMatchObject({ ok: false, fault: { code: "bad-mirror" } });
  });
});

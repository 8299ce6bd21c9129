import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap, utf8, utf8Decode } from "@detente/basics";
import { type NewObject, type ObjectStore, openObjects } from "@detente/store";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FedShares, Holding } from "./holding.ts";

let home: string;
let store: ObjectStore;
let fed: FedShares;
let holding: Holding;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "holding-"));
  store = unwrap(openObjects(join(home, "objects.sqlite"), { now: () => Date.UTC(2026, 10, 26) }));
  fed = new Map();
  holding = new Holding(store, "c", fed);
});
afterEach(() => {
  store.close();
  rmSync(home, { recursive: true });
});

const object = (id: string, version: string | undefined, text: string): NewObject => ({
  id: `malware--${id}`,
  bytes: utf8(text),
  ...(version === undefined ? {} : { version: `${version}-01-01T00:00:00Z` }),
});

/** Puts a share in as the feed does. */
async function put(share: string, log: string, objects: readonly NewObject[], isDerived = false): Promise<void> {
  await holding.note(share, { log, isDerived, isWhole: false, hasShared: false });
  await holding.put(share, 0, objects);
  await holding.note(share, { isWhole: true });
}

/** Takes a share out; what has to be put in anew is, by hand. */
async function takeOut(share: string, again: Readonly<Record<string, readonly NewObject[]>>): Promise<void> {
  await holding.takeOut(share);
  for (const [other, { isWhole, log, isDerived }] of fed)
    if (!isWhole) await put(other, log, again[other] ?? [], isDerived);
}

async function shown(versions: "all" | readonly string[] = "all"): Promise<string[]> {
  const { rows } = await store.reader.objects("c", { versions, limit: 100 });
  return rows.map(({ bytes }) => utf8Decode(bytes) ?? "").toSorted();
}

it("keeps an id for the party that was first, whatever another states under it, and however new that is", async () => {
  const owners = [object("x", "2020", "owner's")];
  const others = [object("x", "2020", "forged"), object("x", "2030", "newer"), object("y", "2020", "own")];
  await put("A", "ann", owners);
  await put("M", "mallory", others);
  expect(await shown()).toEqual(["own", "owner's"]);
  expect(await shown(["last"])).toEqual(["own", "owner's"]);
  // What another had to leave to the owner goes not for a moment when that one goes.
  await holding.takeOut("M");
  expect(await shown()).toEqual(["owner's"]);
  await put("M", "mallory", others);
  await takeOut("M", { A: owners });
  expect(await shown()).toEqual(["owner's"]);
});

it("lets what stood back move up when the holder withdraws", async () => {
  const others = [object("x", "2020", "theirs"), object("y", undefined, "observable")];
  await put("A", "ann", [object("x", "2020", "first"), object("y", undefined, "observable")]);
  await put("B", "bob", others);
  expect(await shown()).toEqual(["first", "observable"]);
  await takeOut("A", { B: others });
  expect(await shown()).toEqual(["observable", "theirs"]);
  await takeOut("B", {});
  expect(await shown()).toEqual([]);
});

it("shows all versions that one party states, in whichever of its shares; what remains when one of these goes stays", async () => {
  const [old, revised] = [object("x", "2020", "old"), object("x", "2021", "revised")];
  await put("A1", "ann", [old]);
  await put("A2", "ann", [revised, old]);
  expect(await shown()).toEqual(["old", "revised"]);
  await takeOut("A1", { A2: [revised, old] });
  expect(await shown()).toEqual(["old", "revised"]);
  await put("A3", "ann", [old]);
  await takeOut("A2", { A3: [old] });
  expect(await shown()).toEqual(["old"]);
});

it("gives an id that stations derive to the share that it derives from, though another used it before", async () => {
  const squatted = [object("x", "2030", "squatted"), object("z", "2020", "z")];
  await put("M", "mallory", squatted);
  await put("A", "ann", [object("x", "2020", "derived")], true);
  expect(await shown()).toEqual(["derived", "z"]);
  await put("M2", "mallory", [object("x", "2031", "again")]);
  await put("A2", "ann", [object("x", "2032", "not even its author's own")]);
  expect(await shown()).toEqual(["derived", "z"]);
  await takeOut("M", { A: [object("x", "2020", "derived")], M2: [object("x", "2031", "again")] });
  expect(await shown()).toEqual(["derived"]);
});

it("keeps an author's identity when a share goes that it came with, and has no other share put in anew", async () => {
  const identity = { ...object("a", "2020", "who ann is"), id: "identity--ann" };
  await put("A", "ann", [identity, object("x", "2020", "x")], true);
  await put("B", "ann", [identity, object("y", "2020", "y")], true);
  await holding.takeOut("A");
  expect([await shown(), [...fed]]).toEqual([["who ann is", "y"], [["B", expect.objectContaining({ isWhole: true })]]]);
  await put("M", "mallory", [{ ...identity, bytes: utf8("forged") }]);
  expect(await shown()).toEqual(["who ann is", "y"]);
});

it("leaves nothing behind of what was being put in when the process ended", async () => {
  await holding.note("A", { log: "ann", isDerived: false, isWhole: false, hasShared: false });
  await holding.put("A", 0, [object("x", "2020", "x")]);
  const after = new Map([["A", (await store.marks.get("c A")) as never]]);
  await new Holding(store, "c", after).takeOut("A");
  expect([await shown(), await store.marks.list(), await store.members.list()]).toEqual([[], [], []]);
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap, utf8 } from "@detente/basics";
import { judge, TLP_MARKINGS } from "@detente/intel";
import { BlobStore, StateStore } from "@detente/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { indicator } from "../../testing/exchange.ts";
import { Shelf } from "./shelf.ts";
import { takeObjects, type TakeOptions, type Taken } from "./take.ts";

const NOW = Date.UTC(2026, 10, 26);
let home: string;
let state: StateStore;
let options: TakeOptions;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "take-"));
  const context = { sharedAt: NOW, now: NOW, lists: [], assets: [], reliability: "F", opinions: new Map() } as const;
  state = unwrap(StateStore.open(join(home, "state")));
  options = {
    shelf: await Shelf.read(state.release),
    blobs: unwrap(await BlobStore.open({ directory: home })),
    identities: new Set(),
    judge: async (items) => judge(items, context).verdicts,
    random: (length) => new Uint8Array(length),
  };
});
afterAll(() => {
  state.close();
  rmSync(home, { recursive: true });
});

const take = async (...objects: readonly object[]): Promise<Taken> => {
  const bytes = objects.map((one) => utf8(JSON.stringify(one)));
  return unwrap(await takeObjects(bytes, { source: "tool", view: "unit", now: NOW }, options));
};

describe("what a tool brings", () => {
  it("is labelled for people where the gate can judge nothing in an indicator", async () => {
    const pattern = "[domain-name:value = 'a.example' AND domain-name:value LIKE 'a%']";
    const snort = { ...indicator(2), pattern_type: "snort", pattern: "alert ip any any -> any any" };
    expect((await take({ ...indicator(1), pattern })).pending?.labels).toEqual({ inform: 1 });
    expect((await take(snort)).pending?.labels).toEqual({ inform: 1 });
    const identity = { ...indicator(3), type: "identity", id: indicator(3).id.replace("indicator", "identity") };
    expect((await take({ ...identity, name: "x" })).pending?.labels).toEqual({});
  });

  it("is under AMBER as far as it bears no label, whatever label others bear", async () => {
    const clear = { ...indicator(1), object_marking_refs: [TLP_MARKINGS.clear] };
    expect((await take(clear)).pending?.content.tlp).toBe("clear");
    expect((await take(clear, indicator(2))).pending?.content.tlp).toBe("amber");
  });

  it("stands once for each id and version; another of these is told of", async () => {
    const other = { ...indicator(1), name: "another" };
    const { successes, failures, pending } = await take(indicator(1), indicator(1), other, indicator(1, 2021));
    expect([successes.length, failures.length, pending?.content.collection.count]).toEqual([3, 1, 2]);
    expect(failures[0]?.message).toContain("objects[2]: another of this id and version");
  });
});

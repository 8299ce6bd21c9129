import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap, utf8 } from "@detente/basics";
import { judge, TLP_MARKINGS } from "@detente/intel";
import { pino } from "pino";
import { StandingGate } from "../../admission/standing-gate.ts";
import { BlobStore, type ObjectStore, openObjects, StateStore } from "@detente/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { indicator } from "../../testing/exchange.ts";
import { Drawers } from "./drawers.ts";
import { Shelf } from "./shelf.ts";
import { takeObjects, type TakeOptions, type Taken } from "./take.ts";

const admission = new StandingGate({}, () => NOW, pino({ level: "silent" }));
const NOW = Date.UTC(2026, 10, 26);
let home: string;
let state: StateStore;
let store: ObjectStore;
let options: TakeOptions;
/** Each request is of a tool that has brought nothing yet. */
let requests = 0;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "take-"));
  const context = { sharedAt: NOW, now: NOW, lists: [], assets: [], reliability: "F", opinions: new Map() } as const;
  state = unwrap(StateStore.open(join(home, "state")));
  store = unwrap(openObjects(join(home, "objects.sqlite"), { now: () => NOW }));
  options = {
    shelf: await Shelf.read(state.release),
    putIn: (some) => {
      const brought = { id: String(++requests), source: String(requests), view: "unit" };
      return new Drawers(store).putIn(brought, some);
    },
    blobs: unwrap(await BlobStore.open({ directory: home })),
    identities: new Set(),
    judge: async (items) => judge(items, context).verdicts,
    random: (length) => new Uint8Array(length),
  };
});
afterAll(() => {
  state.close();
  store.close();
  rmSync(home, { recursive: true });
});

const take = async (...objects: readonly object[]): Promise<Taken> => {
  const bytes = objects.map((one) => utf8(JSON.stringify(one)));
  return unwrap(await takeObjects(bytes, { view: "unit", now: NOW }, options));
};

describe("what a tool brings", () => {
  it("is labelled for people where the gate can judge nothing in an indicator", async () => {
    const pattern = "[domain-name:value = 'a.example' AND domain-name:value LIKE 'a%']";
    const snort = { ...indicator(2), pattern_type: "snort", pattern: "alert ip any any -> any any" };
    expect((await take({ ...indicator(1), pattern })).drafted?.labels).toEqual({ inform: 1 });
    expect((await take(snort)).drafted?.labels).toEqual({ inform: 1 });
    const identity = { ...indicator(3), type: "identity", id: indicator(3).id.replace("indicator", "identity") };
    expect((await take({ ...identity, name: "x" })).drafted?.labels).toEqual({});
  });

  it("is labelled as the least enforceable of the indicators in an object, in whichever order they stand", async () => {
    const labelled = { "a.example": "block", "b.example": "inform", "c.example": "known-benign" } as const;
    const byName: TakeOptions["judge"] = async (items) => {
      const verdicts = await options.judge(items);
      return verdicts.map((one, i) => ({ ...one, label: labelled[items[i]?.value as keyof typeof labelled] }));
    };
    const labelsOf = async (...letters: readonly string[]): Promise<unknown> => {
      const pattern = `[${letters.map((each) => `domain-name:value = '${each}.example'`).join(" OR ")}]`;
      const bytes = [utf8(JSON.stringify({ ...indicator(1), pattern }))];
      return unwrap(await takeObjects(bytes, { view: "unit", now: NOW }, { ...options, judge: byName })).drafted
        ?.labels;
    };
    expect(await labelsOf("a")).toEqual({ block: 1 });
    expect([await labelsOf("a", "b"), await labelsOf("b", "a")]).toEqual([{ inform: 1 }, { inform: 1 }]);
    expect([await labelsOf("b", "c", "a"), await labelsOf("c", "b")]).toEqual([
      { "known-benign": 1 },
      { "known-benign": 1 },
    ]);
  });

  it("does not leave this party where others marked it AMBER: no tool's word makes it this party's own", async () => {
    const own = indicator(3).id.replace("indicator", "identity");
    const marked = { ...indicator(1), object_marking_refs: [TLP_MARKINGS.amber] };
    const foreign = await take(marked);
    expect(foreign.failures.map(({ message }) => message)).toEqual([expect.stringContaining("received as TLP:AMBER")]);
    expect(foreign.drafted).toBeUndefined();
    const bytes = [utf8(JSON.stringify({ ...marked, created_by_ref: own }))];
    const ours = { ...options, identities: new Set([own]) };
    expect(unwrap(await takeObjects(bytes, { view: "unit", now: NOW }, ours)).drafted?.content.tlp).toBe("amber");
  });

  it("is under AMBER as far as it bears no label, whatever label others bear", async () => {
    const clear = { ...indicator(1), object_marking_refs: [TLP_MARKINGS.clear] };
    expect((await take(clear)).drafted?.content.tlp).toBe("clear");
    expect((await take(clear, indicator(2))).drafted?.content.tlp).toBe("amber");
  });

  it("holds up nobody, however much it is: others have their turn at every stage", async () => {
    const bytes = Array.from({ length: 10_000 }, (_, i) => utf8(JSON.stringify(indicator(i))));
    const stages: string[] = [];
    let stage = "reading";
    const run = { isDone: false };
    const others = (async (): Promise<void> => {
      while (!run.isDone) {
        await new Promise((resolve) => setImmediate(resolve));
        if (stages.at(-1) !== stage) stages.push(stage);
      }
    })();
    const watched: TakeOptions = {
      ...options,
      random: (length) => {
        stage = "writing";
        return options.random(length);
      },
      judge: (items) => {
        stage = "judging";
        return admission.judge(items);
      },
    };
    unwrap(await takeObjects(bytes, { view: "unit", now: NOW }, watched));
    run.isDone = true;
    await others;
    expect(stages.slice(0, 3)).toEqual(["reading", "writing", "judging"]);
  });

  it("stands once for each id and version; another of these is told of", async () => {
    const other = { ...indicator(1), name: "another" };
    const { successes, failures, drafted } = await take(indicator(1), indicator(1), other, indicator(1, 2021));
    expect([successes.length, failures.length, drafted?.content.collection.count]).toEqual([3, 1, 2]);
    expect(failures[0]?.message).toContain("objects[2]: another object of this id and version");
  });
});

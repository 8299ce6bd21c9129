import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import { type Account, EMPTY_LEDGER } from "@detente/match";
import { AnswerStore } from "@detente/store";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Ledgers } from "./ledgers.ts";
import { Tabs } from "./tabs.ts";

let home: string;
let answers: AnswerStore;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "ledgers-"));
  answers = unwrap(AnswerStore.open(join(home, "answers.sqlite")));
});

afterAll(() => {
  answers.close();
  rmSync(home, { recursive: true });
});

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const paid = fc.record(
  { request: digest, previous: digest, receipt: fc.uint8Array({ maxLength: 200 }) },
  { requiredKeys: ["request", "previous"] },
);
const account: fc.Arbitrary<Account> = fc.record({ spent: fc.nat(), last: paid }, { requiredKeys: ["spent"] });
const ledger = fc.record({ pooled: fc.nat(), accounts: fc.dictionary(fc.string(), account) });

it("are read as they were kept, by whoever opens the directory next", async () => {
  expect(await new Ledgers(answers.ledgers).get("unknown")).toBe(EMPTY_LEDGER);
  await fc.assert(
    fc.asyncProperty(ledger, async ({ pooled, accounts }) => {
      const kept = { pooled, accounts: new Map(Object.entries(accounts)) };
      await new Ledgers(answers.ledgers).keep("set", kept);
      expect(await new Ledgers(answers.ledgers).get("set")).toEqual(kept);
    }),
    { numRuns: 30 },
  );
});

it("are what was kept or forgotten last, for whoever had read them before", async () => {
  const ledgers = new Ledgers(answers.ledgers);
  expect(await ledgers.get("again")).toBe(EMPTY_LEDGER);
  const kept = { pooled: 1, accounts: new Map([["bob", { spent: 1 }]]) };
  await ledgers.keep("again", kept);
  expect(await ledgers.get("again")).toEqual(kept);
  await ledgers.forget("again");
  expect(await ledgers.get("again")).toBe(EMPTY_LEDGER);
});

it("count as soon as they are being kept, unless that fails", async () => {
  const ledgers = new Ledgers(answers.ledgers);
  const kept = { pooled: 16, accounts: new Map([["bob", { spent: 16 }]]) };
  const keeping = ledgers.keep("at once", kept);
  expect(await ledgers.get("at once")).toBe(kept);
  await keeping;
  const unlucky = unwrap(
    AnswerStore.open(join(home, "unlucky.sqlite"), () => {
      throw new Error("no space left");
    }),
  );
  const lost = new Ledgers(unlucky.ledgers);
  await expect(lost.keep("lost", kept)).rejects.toThrow("no space");
  await expect(lost.keep("lost", EMPTY_LEDGER)).rejects.toThrow("no space");
  expect((await lost.get("lost")).pooled).toBe(16);
  unlucky.close();
});

it("and so is a tab, with the request that is on its way until the next takes its place", async () => {
  const tab = fc.record({ spent: fc.nat(), countersignature: fc.uint8Array({ maxLength: 64 }), previous: digest });
  const inputs = fc.array(fc.string({ unit: "grapheme" }), { maxLength: 4 });
  const asked = fc.option(fc.record({ request: fc.uint8Array(), inputs, blinds: fc.uint8Array() }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(fc.record({ tab, asked }), async (kept) => {
      await new Tabs(answers.tabs, () => 7).keep("set", kept);
      expect(await new Tabs(answers.tabs, () => 7).get("set")).toEqual({ ...kept, at: 7 });
      const tabs = new Tabs(answers.tabs, () => 7);
      tabs.settle("set", { ...kept.tab, spent: kept.tab.spent + 1 });
      expect(await tabs.get("set")).toEqual({
        tab: { ...kept.tab, spent: kept.tab.spent + 1 },
        asked: undefined,
        at: 7,
      });
      expect(await new Tabs(answers.tabs, () => 7).get("set")).toEqual({ ...kept, at: 7 });
      await tabs.keep("set", kept);
      expect(await tabs.get("set")).toEqual({ ...kept, at: 7 });
    }),
    { numRuns: 30 },
  );
});

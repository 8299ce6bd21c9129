import { concatBytes, type Json } from "@detente/basics";
import { parseItems } from "@detente/record";
import { expect, it } from "vitest";
import { draftShare } from "./share-draft.ts";

const key = new Uint8Array(32).fill(7);
const domains = (count: number): Json[] =>
  Array.from({ length: count }, (_, i) => ({ kind: "domain", value: `bad${i}.example` }));
const input = { title: "t", tlp: "green", audience: "unit" } as const;

it("drafts many indicators in their order, and all else goes on meanwhile", async () => {
  let turns = 0;
  let isDone = false;
  const others = (): void => {
    turns++;
    if (!isDone) setImmediate(others);
  };
  setImmediate(others);
  const items = domains(20_000);
  const drafted = await draftShare({ ...input, items }, key);
  isDone = true;
  expect(turns).toBeGreaterThan(2);
  if (!drafted.ok) throw new Error(drafted.fault.message);
  const read = parseItems(concatBytes(...drafted.value.pieces), drafted.value.content);
  expect(read.ok && read.value.items.map(({ indicator }) => indicator)).toEqual(items);
});

it("names the first item that is none, and refuses none at all", async () => {
  const bad = await draftShare({ ...input, items: [...domains(2), { kind: "domain", value: "Not normal" }] }, key);
  expect(bad).toMatchObject({
    ok: false,
    fault: { code: "bad-item", message: expect.stringContaining("items[2].value") },
  });
  expect(await draftShare({ ...input, items: [] }, key)).toMatchObject({ ok: false, fault: { code: "bad-item" } });
});

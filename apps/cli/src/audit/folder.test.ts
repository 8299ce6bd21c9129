import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import type { ContestContent } from "@detente/record";
import { commitRecords, type ListedCard } from "@detente/unit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { charterOf } from "../testing/audit-scene.ts";
import { AuditFolder } from "./folder.ts";

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-folder-"));
});
afterAll(() => rm(dir, { recursive: true }));

it("keeps what opens each seal, whoever seals at the same time, in the order of the log", async () => {
  const folder = new AuditFolder(dir, "seals");
  const seals = Array.from({ length: 8 }, (_, i) => ({ commitment: `c${i}`, salt: `s${i}`, content: { random: i } }));
  await Promise.all(seals.map((seal) => folder.keep(seal)));
  expect((await folder.kept()).map(({ salt }) => salt).toSorted()).toEqual(seals.map(({ salt }) => salt));
  await Promise.all(seals.slice(1).map((seal, i) => folder.keep({ ...seal, said: { hash: `h${i}`, index: 9 - i } })));
  expect((await folder.kept()).map(({ salt }) => salt)).toEqual(["s7", "s6", "s5", "s4", "s3", "s2", "s1", "s0"]);
});

it("keeps the key of each commitment, also to the same cards", async () => {
  const folder = new AuditFolder(dir, "keys");
  const charter = charterOf([{ round: 1, at: 1 }]) as ContestContent;
  const cards = Array.from({ length: 20 }, (_, i): ListedCard => ({
    card: ["east", i + 1],
    marks: new Map([["mayor", [[i % 3 === 0 ? 1 : 0, 1] as const]]]),
  }));
  const commit = (byte: number): ReturnType<typeof commitRecords> =>
    commitRecords(charter, [{ name: "east", cards: 20 }], cards, new Uint8Array(32).fill(byte));
  const [first, second] = [unwrap(commit(1)), unwrap(commit(2))];
  expect(second.content.cards.digest).toBe(first.content.cards.digest);
  await folder.keepSecret(first.content, "one", first.items);
  await folder.keepSecret(second.content, "two", second.items);
  expect(await folder.secret(first.content)).toEqual({ key: "one", items: first.items });
  expect(await folder.secret(second.content)).toEqual({ key: "two", items: second.items });
});

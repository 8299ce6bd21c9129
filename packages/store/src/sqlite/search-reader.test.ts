import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bytes, present, sha256, toHex, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { NewItem } from "../index-ports.ts";
import type { ValueRange } from "../search-ports.ts";
import { type IndexStore, openIndex } from "./index-store.ts";
import { reversed } from "./reversed.ts";
import { MAX_ENDINGS } from "./word-query.ts";

const share = (name: string): Bytes => sha256(utf8(name));
const [ann, bob] = [share("ann"), share("bob")];

type Described = NewItem & { readonly text?: string };

function item(of: Bytes, number: number, value: string, more: Partial<Described> = {}): Described {
  return { share: of, item: number, kind: "domain", value, host: value, ...more };
}

async function indexOf(...items: readonly Described[]): Promise<IndexStore> {
  const index = unwrap(openIndex(":memory:"));
  await add(index, ...items);
  return index;
}

async function add(index: IndexStore, ...items: readonly Described[]): Promise<void> {
  const texts = items.flatMap(({ share: of, item: number, text }) =>
    text === undefined ? [] : [{ share: of, item: number, text }],
  );
  await index.writer.add({ items, texts });
}

async function valuesIn(index: IndexStore, range: ValueRange, limit = 100): Promise<string[]> {
  const found: string[] = [];
  let after: string | undefined;
  do {
    const page = present(await index.search.valuesIn(range, limit, after), "a page");
    found.push(...page.rows.map(({ value }) => value));
    after = page.next;
  } while (after !== undefined);
  return found;
}

async function words(index: IndexStore, text: string): Promise<string[]> {
  const { rows } = await index.search.searchWords(text, { limit: 100 });
  return rows.flatMap(({ item: number, values }) => {
    if (number === undefined) return ["share"];
    return values.length === 0 ? [`item ${number}`] : values.map(({ value }) => value);
  });
}

test("a value stands once, with all who state it", async () => {
  const index = await indexOf(item(ann, 0, "evil.example", { text: "phishing" }), item(bob, 4, "evil.example"));
  await add(index, item(bob, 5, "evil.example", { kind: "url" }), item(bob, 6, "other.example"));
  const of = async (): Promise<unknown> => index.search.valuesNamed(["evil.example", "none.example"]);
  expect(await of()).toEqual([
    { kind: "domain", value: "evil.example", stated: 2, withdrawn: 0 },
    { kind: "url", value: "evil.example", stated: 1, withdrawn: 0 },
  ]);
  const named = { kind: "domain", value: "evil.example" };
  const statements = (await index.search.statedBy(named, 10)).map(({ item: number, text }) => [number, text]);
  expect(statements).toEqual([
    [0, "phishing"],
    [4, undefined],
  ]);
  expect(await index.search.statedBy(named, 1)).toHaveLength(1);
  const shared = await index.search.sharedItems(bob, { limit: 10 });
  expect(shared.rows.map(({ item: number, stated }) => [number, stated])).toEqual([[4, 2]]);
  // What is added again replaces what was there, and is not counted twice.
  await add(index, item(ann, 0, "evil.example"), item(bob, 4, "changed.example"));
  expect(await of()).toMatchObject([{ stated: 1 }, { stated: 1 }]);
});

test("names below a domain are found, with it, and no others", async () => {
  const label = fc.constantFrom("a", "b", "-", "a-");
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { maxLength: 20 }),
      name,
      fc.integer({ min: 1, max: 4 }),
      async (names, domain, limit) => {
        const index = await indexOf(...names.map((value, i) => item(ann, i, value)));
        const expected = names.filter((value) => value === domain || value.endsWith(`.${domain}`));
        expect((await valuesIn(index, { under: domain }, limit)).sort()).toEqual(expected.sort());
        index.close();
      },
    ),
    { numRuns: 60 },
  );
});

test("addresses within bounds are found, page by page in their order", async () => {
  const at = (...bytes: readonly number[]): Bytes => Uint8Array.from(bytes);
  const addresses = [at(4, 9, 0, 0, 1), at(4, 10, 0, 0, 1), at(6, 10), at(4, 10, 0, 0, 0), at(4, 10, 255, 0, 0)];
  const index = await indexOf(
    ...addresses.map((address, i) => ({ share: ann, item: i, kind: "ipv4", value: toHex(address), address })),
  );
  const found = await valuesIn(index, { first: at(4, 10, 0, 0, 0), last: at(4, 10, 255, 255, 255) }, 2);
  expect(found).toEqual(["040a000000", "040a000001", "040aff0000"]);
});

test("texts inside values and words of texts are found; nothing in them is an operator", async () => {
  const index = await indexOf(
    item(ann, 0, "evil.example", { text: "Köder gegen Wahlämter\nc2, phishing" }),
    item(ann, 1, "evil-two.example", { text: 'NEAR("a b") OR NOT *' }),
  );
  await index.writer.add({ texts: [{ share: ann, text: "The second wave" }] });
  expect(await valuesIn(index, { inside: "VIL-T" })).toEqual(["evil-two.example"]);
  expect(await valuesIn(index, { inside: "example" }, 1)).toEqual(["evil.example", "evil-two.example"]);
  for (const text of ["koder WAHL", "c2", "köder", "phi"]) expect(await words(index, text)).toEqual(["evil.example"]);
  expect(await words(index, "NOT near")).toEqual(["evil-two.example"]);
  expect(await words(index, "wav second")).toEqual([]);
  expect(await words(index, "wave second")).toEqual(["share"]);
  // An object has several values, or none: its words are found once.
  await add(
    index,
    item(bob, 7, "one.example"),
    item(bob, 7, "two.example", { text: "Zebra" }),
    item(bob, 7, "one.example"),
  );
  await index.writer.add({ texts: [{ share: bob, item: 8, text: "Zebra malware" }] });
  expect(await words(index, "zebra")).toEqual(["one.example", "two.example", "item 8"]);
  expect((await index.search.valuesNamed(["one.example"]))[0]?.stated).toBe(1);
  // The shortest beginning, in letters and in signs.
  await index.writer.add({ texts: [{ share: bob, item: 9, text: "z 東京" }] });
  for (const [text, expected] of [
    ["ze", 3],
    ["z", 4],
    ["Z", 4],
    ["9", 0],
    ["東", 1],
  ] as const)
    expect(await words(index, text)).toHaveLength(expected);
  for (const text of ["", '"', "kod wahl", "***", "AND"]) expect(await words(index, text)).toEqual([]);
  expect(await index.search.valuesIn({ inside: "evil" }, 10, "1; DROP")).toBeUndefined();
});

test("a beginning stands for the first words that begin so, however many texts have them, and is told to be cut", async () => {
  const number = (i: number): string => String(i).padStart(3, "0");
  const index = await indexOf(
    ...Array.from({ length: 300 }, (_, i) => item(ann, i, `v${i}.example`, { text: `seen w${number(i)} words` })),
  );
  const found = async (text: string): Promise<[number, boolean]> => {
    const { rows, isCut } = await index.search.searchWords(text, { limit: 100 });
    return [rows.length, isCut];
  };
  expect(await found("words seen w00")).toEqual([10, false]);
  expect(await found("seen w0")).toEqual([MAX_ENDINGS, true]);
  expect(await found("w")).toEqual([MAX_ENDINGS, true]);
  expect(await found("seen w299")).toEqual([1, false]);
  expect(await found("w0 seen")).toEqual([0, false]);
  expect((await index.search.searchWords("w0", { limit: 100 })).rows.map(({ item: i }) => i)).toEqual(
    Array.from({ length: MAX_ENDINGS }, (_, i) => i),
  );
  await index.writer.add({ texts: [{ share: bob, item: 2, text: "before\0behind" }] });
  expect((await index.search.searchWords("behind", { limit: 1 })).rows[0]?.item).toBe(2);
  expect((await index.search.searchWords("before\0behind", { limit: 1 })).rows[0]?.item).toBe(2);
  // What is asked for is cut into words as texts are, whatever it is made of.
  const anything = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.string({ unit: "binary", maxLength: 20 }),
  );
  await fc.assert(
    fc.asyncProperty(anything, async (text) => {
      await index.writer.add({ texts: [{ share: bob, item: 1, text: `${text} a` }] });
      const whole = await index.search.searchWords(`${text} a`, { limit: 100 });
      expect(whole.rows.map(({ item: i }) => i)).toContain(1);
    }),
    { numRuns: 60 },
  );
});

test("what was withdrawn is found by its very value alone, until it is back", async () => {
  const address = Uint8Array.of(4, 1, 2, 3, 4);
  const index = await indexOf(
    item(ann, 0, "evil.example", { text: "phishing", address }),
    item(bob, 0, "bad.example", { text: "phishing" }),
  );
  const ranges: readonly ValueRange[] = [
    { under: "evil.example" },
    { first: address, last: address },
    { inside: "evil" },
  ];
  const found = async (): Promise<unknown[]> => [
    ...(await Promise.all(ranges.map((range) => valuesIn(index, range)))),
    await words(index, "phishing"),
    (await index.search.valuesNamed(["evil.example"])).map(({ stated, withdrawn }) => [stated, withdrawn]),
  ];
  const all = [["evil.example"], ["evil.example"], ["evil.example"], ["evil.example", "bad.example"], [[1, 0]]];
  expect(await found()).toEqual(all);
  await index.writer.setWithdrawn(ann, true);
  expect(await found()).toEqual([[], [], [], ["bad.example"], [[0, 1]]]);
  expect(await index.search.statedBy({ kind: "domain", value: "evil.example" }, 5)).toMatchObject([
    { isWithdrawn: true },
  ]);
  // Items that come after the withdrawal are withdrawn too.
  await add(index, item(ann, 1, "late.evil.example", { text: "phishing" }));
  expect((await found())[0]).toEqual([]);
  expect(await index.search.withdrawnShares()).toEqual([{ share: ann, isWithdrawn: true }]);
  const restoring = index.writer.setWithdrawn(ann, false);
  // What a process leaves that ends now.
  expect(await index.search.withdrawnShares()).toEqual([{ share: ann, isWithdrawn: undefined }]);
  await restoring;
  expect(await index.search.withdrawnShares()).toEqual([{ share: ann, isWithdrawn: false }]);
  expect((await found())[0]).toEqual(["evil.example", "late.evil.example"]);
  expect(await words(index, "phishing")).toHaveLength(3);
});

test("of items that were removed no byte is left in any file", async () => {
  const home = mkdtempSync(join(tmpdir(), "store-"));
  const index = unwrap(openIndex(join(home, "index.sqlite")));
  const secret = "zebrafinch";
  const items = Array.from({ length: 300 }, (_, i) =>
    item(ann, i, `${secret}-${i}.example`, { text: `${secret} of a kind ${i}` }),
  );
  await add(index, ...items);
  await add(index, item(bob, 0, "kept.example", { text: "kept" }));
  const held = (): string[] =>
    readdirSync(home).filter((file) => {
      const bytes = readFileSync(join(home, file));
      // As text, as it stands from its end, and as the trigrams of the text index.
      return [secret, reversed(secret), "zeb"].some((text) => bytes.includes(text));
    });
  expect(held()).not.toEqual([]);
  await index.writer.removeItems(ann);
  expect(held()).toEqual([]);
  expect(await valuesIn(index, { under: "example" })).toEqual(["kept.example"]);
  index.close();
  rmSync(home, { recursive: true });
});

import { collect, unwrap } from "@detente/basics";
import { generateIntelligence } from "@detente/intel";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IndicatorKeys } from "./indicator-keys.ts";
import { WatchList } from "./watch-list.ts";

const items = generateIntelligence("keys", 300, 0).map(({ kind, value }, ref) => ({ kind, value, ref }));

describe("IndicatorKeys", () => {
  it("tell members from others, also from their bytes, and name the set whatever its order", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...items]), (members) => {
        const keys = IndicatorKeys.of(members);
        const read = unwrap(IndicatorKeys.decode(keys.encode()));
        const inside = new Set(members.map(({ ref }) => ref));
        for (const item of items) {
          expect([keys.has(item), read.has(item)]).toEqual([inside.has(item.ref), inside.has(item.ref)]);
        }
        expect(read.version).toBe(keys.version);
        expect(IndicatorKeys.of([...members].reverse()).version).toBe(keys.version);
        expect(IndicatorKeys.of([...members, ...members]).version).toBe(keys.version);
      }),
      { numRuns: 20 },
    );
  });

  it("differ between sets, and take e-mail addresses as the index does", () => {
    const email = (value: string): { kind: "email"; value: string } => ({ kind: "email", value });
    expect(IndicatorKeys.of(items.slice(1)).version).not.toBe(IndicatorKeys.of(items).version);
    expect(IndicatorKeys.of([email("Bob@mail.example")]).has(email("bob@mail.example"))).toBe(true);
  });

  it("refuse other bytes", () => {
    for (const bytes of ["", "detente", "detente indicator keys 1\n123"]) {
      expect(IndicatorKeys.decode(Buffer.from(bytes)).ok).toBe(false);
    }
  });
});

describe("WatchList", () => {
  it("screens for what is new only", async () => {
    const [first, second] = [
      { kind: "domain", value: "old.example", ref: 0 },
      { kind: "domain", value: "new.example", ref: 1 },
    ] as const;
    const list = new WatchList([first, second]);
    const delta = list.newSince(IndicatorKeys.of([first]));
    async function* log(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("old.example new.example\n");
    }
    const hits = delta === undefined ? [] : await collect(delta.screener.screen(log(), { name: "log" }));
    expect(hits).toMatchObject([{ indicator: { value: "new.example" } }]);
    expect(list.newSince(list.keys)).toBeUndefined();
  });
});

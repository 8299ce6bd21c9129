import { createHash } from "node:crypto";
import { type Bytes, toHex, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HAS_PYTHON, python } from "../testing/python.ts";
import { cardId, type ManifestBatch, manifestCardIds } from "./card-id.ts";
import { drawCards } from "./draw-cards.ts";

const seed: Bytes = new Uint8Array(32).fill(7);
const textOf = (bytes: Bytes): string => new TextDecoder().decode(bytes);
const drawnIds = (ids: Iterable<Bytes>, count: number): string[] =>
  unwrap(drawCards(seed, ids, count)).map(({ id }) => textOf(id));

const manifest = fc.uniqueArray(fc.record({ name: fc.string({ unit: "grapheme", maxLength: 6 }), cards: fc.nat(30) }), {
  maxLength: 8,
  selector: ({ name }) => name,
});

describe("the canonical id of a card", () => {
  it("is canonical JSON, by position or imprint", () => {
    expect(textOf(cardId('Jx "9"', 46))).toBe('["Jx \\"9\\"",46]');
    expect(textOf(cardId("b", "46"))).toBe('["b","46"]');
  });

  it("is the same in bulk as one by one", () => {
    fc.assert(
      fc.property(manifest, (batches) => {
        const bulk = Array.from(manifestCardIds(batches), textOf);
        const single = batches.flatMap(({ name, cards }) =>
          Array.from({ length: cards }, (_, i) => textOf(cardId(name, i + 1))),
        );
        expect(bulk).toEqual(single);
      }),
    );
    const [last] = Array.from(manifestCardIds([{ name: "b", cards: 1234 }]), textOf).slice(-1);
    expect(last).toBe('["b",1234]');
  });
});

describe("our draw", () => {
  it("is the ids in the order of SHA-256 of seed and id", () => {
    fc.assert(
      fc.property(manifest, fc.nat(40), (batches, count) => {
        const ids = Array.from(manifestCardIds(batches), textOf);
        const ticketOf = (id: string): string => createHash("sha256").update(seed).update(id).digest("hex");
        const expected = ids.toSorted((a, b) => (ticketOf(a) < ticketOf(b) ? -1 : 1)).slice(0, count);
        const drawn = unwrap(drawCards(seed, manifestCardIds(batches), count));
        expect(drawn.map(({ id }) => textOf(id))).toEqual(expected);
        expect(drawn.map(({ ticket }) => toHex(ticket))).toEqual(expected.map(ticketOf));
      }),
    );
  });

  it.skipIf(!HAS_PYTHON)("is the one that Python computes from the rule alone", () => {
    const batches = [
      { name: "Ward 1", cards: 300 },
      { name: "Lefèvre – absentee", cards: 120 },
    ];
    const script = `
ids = [json.dumps([b["name"], i], separators=(",", ":"), ensure_ascii=False) for b in given for i in range(1, b["cards"] + 1)]
answer = sorted(ids, key=lambda id: hashlib.sha256(bytes([7] * 32) + id.encode()).digest())[:50]`;
    expect(drawnIds(manifestCardIds(batches), 50)).toEqual(python(script, batches));
  });

  it("does not depend on the order of files, and goes on where it stopped", () => {
    fc.assert(
      fc.property(manifest, fc.nat(20), fc.nat(20), (batches, first, more) => {
        const turned: ManifestBatch[] = batches.toReversed();
        const whole = drawnIds(manifestCardIds(batches), first + more);
        expect(drawnIds(manifestCardIds(turned), first + more)).toEqual(whole);
        expect(whole.slice(0, first)).toEqual(drawnIds(manifestCardIds(turned), first));
      }),
    );
  });

  it("refuses a card that stands twice among those drawn", () => {
    const ids = ["a", "b", "c", "b"].map(utf8);
    expect(drawCards(seed, ids, 4)).toMatchObject({ ok: false, fault: { code: "duplicate-card" } });
  });

  it("takes ids of any length", () => {
    const ids = ["a", "b".repeat(1000), "c".repeat(300)];
    expect(drawnIds(ids.map(utf8), 3).toSorted()).toEqual(ids);
  });
});

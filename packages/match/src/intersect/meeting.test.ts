import { concatBytes, sha256, unwrap } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kernel } from "../testing/groups.ts";
import { count, learn, meet, type Met, show, type Side, sideOf } from "../testing/meeting.ts";
import { noise } from "../testing/parties.ts";
import { countedMessage } from "./counted.ts";
import { checkList, multiplyPart } from "./list.ts";
import { encodeStep } from "./message.ts";
import { sortedElements, sortedOrder } from "./sorted.ts";

/** Both sides once they have each other's list. */
function metOf(a: Side, b: Side): readonly [Met, Met] {
  return [meet(kernel, a, b.commitment, b.list), meet(kernel, b, a.commitment, a.list)];
}

describe("an intersection", () => {
  it("is that of the sets, on both sides: empty, whole, and any between", () => {
    const item = fc.integer({ min: 0, max: 30 }).map((i) => `domain:h${i}.example`);
    const list = fc.uniqueArray(item, { maxLength: 20 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        // Expected: the plain intersection.
        const expected = a.filter((each) => b.includes(each)).toSorted();
        const [mine, theirs] = metOf(sideOf(kernel, a, "a"), sideOf(kernel, b, "b"));
        expect([unwrap(count(mine, theirs.counted)), unwrap(count(theirs, mine.counted))]).toEqual([
          expected.length,
          expected.length,
        ]);
        expect(learn(kernel, mine, show(kernel, theirs), theirs.counted)).toEqual({ ok: true, value: expected });
        expect(learn(kernel, theirs, show(kernel, mine), mine.counted)).toEqual({ ok: true, value: expected });
      }),
      {
        numRuns: 3,
        examples: [
          [[], []],
          [["x"], ["x"]],
        ],
      },
    );
  });

  it("is that of lists of different classes, beyond one part", () => {
    const many = Array.from({ length: 1100 }, (_, i) => `ipv4:${i}`);
    const [mine, theirs] = metOf(sideOf(kernel, many, "a"), sideOf(kernel, ["ipv4:1099", "ipv4:1100", "ipv4:0"], "b"));
    expect([mine.commitment.count, theirs.commitment.count]).toEqual([1152, 1024]);
    expect(unwrap(count(mine, theirs.counted))).toBe(2);
    const expected = { ok: true, value: ["ipv4:0", "ipv4:1099"] };
    expect(learn(kernel, mine, show(kernel, theirs), theirs.counted)).toEqual(expected);
    expect(learn(kernel, theirs, show(kernel, mine), mine.counted)).toEqual(expected);
  });

  it("has messages whose lengths tell the classes alone", () => {
    const lengths = [["a"], ["a", "b", "c"]].map((items) => {
      const [mine] = metOf(sideOf(kernel, items, "a"), sideOf(kernel, ["c"], "b"));
      return [mine.list, mine.counted, show(kernel, mine)].map((message) => message.length);
    });
    expect(lengths[0]).toEqual([5 + 32 * 1024, 5 + 32 * 1024, 5 + 32 * 1024 + 64]);
    expect(lengths[1]).toEqual(lengths[0]);
  });

  it("sorts as bytes are ordered, whatever they begin with", () => {
    const element = fc.tuple(fc.constantFrom(0, 255), fc.uint8Array({ minLength: 31, maxLength: 31 }));
    const list = fc.array(
      element.map(([first, rest]) => Uint8Array.of(first, ...rest)),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(list, fc.nat(7), (elements, shared) => {
        const alike = elements.map((each, i) =>
          i % 2 === 0 ? each : each.map((byte, at) => (at < shared ? 7 : byte)),
        );
        const expected = alike.map((each) => Buffer.from(each)).toSorted((a, b) => Buffer.compare(a, b));
        expect(Buffer.from(sortedElements(concatBytes(...alike)))).toEqual(Buffer.concat(expected));
        expect(sortedOrder(concatBytes(...alike))).toHaveLength(alike.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a dishonest side", () => {
  const [ours, theirs] = [sideOf(kernel, ["a", "b", "c"], "ours"), sideOf(kernel, ["b", "c", "d"], "theirs")];
  const [mine, other] = metOf(ours, theirs);

  it("cannot send another list than it committed to, nor one that is none or has an element twice", () => {
    const changed = sideOf(kernel, ["b", "c", "e"], "theirs");
    const { count: size } = theirs.commitment;
    expect(checkList(theirs.commitment, changed.list)).toMatchObject({ fault: { code: "not-committed" } });
    const committed = (list: Uint8Array): ReturnType<typeof checkList> =>
      checkList({ count: size, digest: sha256(list) }, list);
    const twice = Uint8Array.from(theirs.list);
    twice.copyWithin(37, 5, 37);
    for (const list of [
      encodeStep("list", theirs.blinded.subarray(32)),
      encodeStep("counted", theirs.blinded),
      encodeStep("list", theirs.blinded.toReversed()),
      twice,
    ]) {
      expect(committed(list)).toMatchObject({ fault: { code: "bad-message" } });
    }
  });

  it("cannot have the identity or what is no canonical encoding multiplied", () => {
    // RFC 9496, appendix A.3: not canonical; and the identity.
    for (const bad of ["00".repeat(32), `edffffff${"ff".repeat(27)}7f`]) {
      const elements = concatBytes(theirs.blinded.subarray(32), Uint8Array.from(Buffer.from(bad, "hex")));
      expect(multiplyPart(kernel, ours.prover.key, elements)).toMatchObject({ fault: { code: "bad-element" } });
    }
  });

  it("is found out when what it counted with is not what it proves", () => {
    const liar = countedMessage(sideOf(kernel, ["x"], "noise").blinded);
    expect(unwrap(count(mine, liar))).toBe(0);
    expect(learn(kernel, mine, show(kernel, other), liar)).toMatchObject({ fault: { code: "not-as-counted" } });
    expect(count(mine, encodeStep("counted", other.doubled))).toMatchObject({ fault: { code: "bad-message" } });
  });

  it("cannot seem to have all by sending back what it got", () => {
    expect(count(mine, mine.counted)).toMatchObject({ fault: { code: "bad-message" } });
  });

  it("cannot prove with another key, swap what it proves, or change any byte of it", () => {
    const contents = show(kernel, other);
    expect(learn(kernel, mine, contents, other.counted)).toEqual({ ok: true, value: ["b", "c"] });
    const swapped = Uint8Array.from(contents);
    swapped.set(contents.subarray(5, 37), 37);
    swapped.set(contents.subarray(37, 69), 5);
    expect(learn(kernel, mine, swapped, other.counted)).toMatchObject({ fault: { code: "bad-proof" } });
    const key = noise(32, "key").fill(0, 31);
    const rekeyed = meet(kernel, { ...theirs, prover: { ...theirs.prover, key } }, ours.commitment, ours.list);
    expect(learn(kernel, mine, show(kernel, rekeyed), rekeyed.counted)).toMatchObject({ fault: { code: "bad-proof" } });
    fc.assert(
      fc.property(fc.nat(contents.length - 1), fc.nat(7), (place, bit) => {
        const flipped = contents.map((byte, i) => (i === place ? byte ^ (1 << bit) : byte));
        expect(learn(kernel, mine, flipped, other.counted).ok).toBe(false);
      }),
      { numRuns: 12 },
    );
    expect(learn(kernel, mine, other.counted, other.counted)).toMatchObject({ fault: { code: "bad-message" } });
  });
});

import { type Bytes, sha256, toHex, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kernel } from "../testing/groups.ts";
import { noise } from "../testing/parties.ts";
import {
  begin,
  contentsOf,
  countCommon,
  type Counted,
  countedOf,
  exchange,
  listOf,
  randomBytesToBegin,
  showContents,
  type Side,
} from "./intersection.ts";
import { encodeStep } from "./message.ts";
import { sortedElements } from "./sorted.ts";

function sideOf(items: readonly string[], name: string): Side {
  return begin(kernel, items.map(utf8), noise(randomBytesToBegin(items.length), name));
}

/** Both sides after they counted. */
function counted(a: Side, b: Side): readonly [Counted, Counted] {
  const first = unwrap(exchange(kernel, a, b.commitment, listOf(b)));
  const second = unwrap(exchange(kernel, b, a.commitment, listOf(a)));
  return [unwrap(countCommon(first, countedOf(second))), unwrap(countCommon(second, countedOf(first)))];
}

function texts(inputs: readonly Bytes[]): string[] {
  return inputs.map((input) => Buffer.from(input).toString()).toSorted();
}

describe("an intersection", () => {
  it("is that of the sets, on both sides: empty, whole, and any between", () => {
    const item = fc.integer({ min: 0, max: 30 }).map((i) => `domain:h${i}.example`);
    const list = fc.uniqueArray(item, { maxLength: 20 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const expected = a.filter((each) => b.includes(each)).toSorted();
        const [mine, theirs] = counted(sideOf(a, "a"), sideOf(b, "b"));
        expect([mine.count, theirs.count]).toEqual([expected.length, expected.length]);
        expect(texts(unwrap(showContents(kernel, mine, contentsOf(kernel, theirs))))).toEqual(expected);
        expect(texts(unwrap(showContents(kernel, theirs, contentsOf(kernel, mine))))).toEqual(expected);
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

  it("has messages whose lengths tell the classes alone", () => {
    const lengths = [["a"], ["a", "b", "c"]].map((items) => {
      const [mine] = counted(sideOf(items, "a"), sideOf(["c"], "b"));
      return [listOf(mine.side), countedOf(mine), contentsOf(kernel, mine)].map((message) => message.length);
    });
    expect(lengths[0]).toEqual([5 + 32 * 1024, 5 + 32 * 1024, 5 + 32 * 1024 + 64]);
    expect(lengths[1]).toEqual(lengths[0]);
  });
});

describe("a dishonest side", () => {
  const [ours, theirs] = [sideOf(["a", "b", "c"], "ours"), sideOf(["b", "c", "d"], "theirs")];
  const [mine, other] = counted(ours, theirs);

  it("cannot send another list than it committed to", () => {
    const changed = sideOf(["b", "c", "e"], "theirs");
    expect(exchange(kernel, ours, theirs.commitment, listOf(changed))).toMatchObject({
      fault: { code: "not-committed" },
    });
    const short = encodeStep("list", theirs.blinded.subarray(32));
    expect(exchange(kernel, ours, theirs.commitment, short)).toMatchObject({ fault: { code: "bad-message" } });
    const none = encodeStep("list", new Uint8Array(32 * 1024));
    const committed = { ...theirs.commitment, list: sha256(none) };
    expect(exchange(kernel, ours, committed, none)).toMatchObject({ fault: { code: "bad-element" } });
  });

  it("is found out when what it counted with is not what it proves", () => {
    const liar = sortedElements(sideOf(["x"], "noise").blinded);
    const fooled = unwrap(countCommon(mine, encodeStep("counted", liar)));
    expect(fooled.count).toBe(0);
    expect(showContents(kernel, fooled, contentsOf(kernel, other))).toMatchObject({
      fault: { code: "not-as-counted" },
    });
    expect(countCommon(mine, encodeStep("counted", other.doubled))).toMatchObject({ fault: { code: "bad-message" } });
  });

  it("cannot prove with another key, or swap what it proves", () => {
    const contents = contentsOf(kernel, other);
    expect(
      unwrap(showContents(kernel, mine, contents))
        .map(toHex)
        .toSorted(),
    ).toEqual(["62", "63"]);
    const swapped = Uint8Array.from(contents);
    swapped.set(contents.subarray(5, 37), 37);
    swapped.set(contents.subarray(37, 69), 5);
    expect(showContents(kernel, mine, swapped)).toMatchObject({ fault: { code: "bad-proof" } });
    const rekeyed = { ...other, side: { ...other.side, key: noise(32, "key").fill(0, 31) } };
    expect(showContents(kernel, mine, contentsOf(kernel, rekeyed))).toMatchObject({ fault: { code: "bad-proof" } });
    expect(showContents(kernel, mine, countedOf(other))).toMatchObject({ fault: { code: "bad-message" } });
  });
});

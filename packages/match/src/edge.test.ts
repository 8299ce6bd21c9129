import { type Bytes, concatBytes, sha256, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkList } from "./intersect/list.ts";
import { finish, NEW_TAB } from "./lookup/asker.ts";
import { charge, EMPTY_LEDGER } from "./lookup/budget.ts";
import { parseTranscript } from "./lookup/transcript.ts";
import { applyDelta, encodeDelta } from "./set/delta.ts";
import { openLabel } from "./set/label.ts";
import { decodeSet, encodeSet } from "./set/set-file.ts";
import { verifyTag } from "./set/set-proof.ts";
import { TagSet } from "./set/tag-set.ts";
import { kernel } from "./testing/groups.ts";
import { sideOf } from "./testing/meeting.ts";
import { ASKER, askedSetOf, noise, question, signAsAsker } from "./testing/parties.ts";

const tags = TagSet.of(concatBytes(...Array.from({ length: 200 }, (_, i) => sha256(utf8(`${i}`)).subarray(0, 8))));
const empty = TagSet.of(new Uint8Array(0));
const file = encodeSet(tags);
const asked = question(kernel, NEW_TAB, [utf8("domain:a.example")], "edge");
const askedSet = askedSetOf(kernel);
const side = sideOf(kernel, ["a"], "edge");

/** Everything that takes bytes from another party, and bytes that it would take. */
const READERS: Readonly<Record<string, readonly [Bytes, (bytes: Bytes) => { readonly ok: boolean }]>> = {
  "a set file": [file.bytes, (bytes) => decodeSet(bytes, file)],
  "a shard with its proof": [
    file.bytes.subarray(12),
    (shard) => verifyTag(file, tags.bytes().subarray(0, 8), { shard, path: [] }),
  ],
  "a delta": [encodeDelta(empty, tags), (bytes) => applyDelta(empty, bytes, file)],
  "a label": [noise(64, "label"), (bytes) => openLabel(noise(64, "output"), bytes)],
  "a request": [asked.request, (bytes) => charge(EMPTY_LEDGER, { partner: 9, pool: 9 }, ASKER, bytes)],
  "a response": [noise(132 + 32, "r"), (bytes) => finish(kernel, askedSet, NEW_TAB, asked, bytes, signAsAsker)],
  "a transcript": [concatBytes(utf8("DMT2"), noise(90, "t")), parseTranscript],
  "a list": [side.list, (bytes) => checkList(side.commitment, bytes)],
};

/** Bytes that are anything, or begin well, or differ from what is right by a little. */
function near(right: Bytes): fc.Arbitrary<Bytes> {
  const index = fc.integer({ min: 0, max: right.length - 1 });
  return fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    index.map((length) => right.slice(0, length)),
    fc
      .tuple(index, fc.integer({ min: 1, max: 255 }))
      .map(([at, flip]) => right.map((b, i) => (i === at ? b ^ flip : b))),
    fc.uint8Array({ maxLength: 60 }).map((rest) => concatBytes(right.subarray(0, 4), rest)),
  );
}

describe.each(Object.entries(READERS))("whoever is handed %s", (name, [right, read]) => {
  it("gets a fault for what is wrong, and never throws", () => {
    // A request is anybody's to make, and of other elements another one: here only its form counts.
    const expected = name === "a request" ? [true, false] : [false];
    fc.assert(
      fc.property(near(right), (bytes) => expected.includes(read(bytes).ok)),
      { numRuns: 200 },
    );
  });
});

it("the bytes that tests begin with are right where they can be", () => {
  const good = ["a set file", "a shard with its proof", "a delta", "a request", "a list"];
  expect(good.filter((name) => READERS[name]?.[1](READERS[name]?.[0]).ok)).toEqual(good);
});

import { type Bytes, concatBytes, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./parse-json.ts";

/** What is parsed at once where it is small. */
const FILLING = " ".repeat(256 * 1024);

async function inTurns(text: string): Promise<unknown> {
  const read = await parseJson(utf8(text + FILLING));
  return read.ok ? read.value : read.fault.code;
}

function atOnce(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return "bad-json";
  }
}

describe("a large body", () => {
  it("is what JSON.parse makes of it", async () => {
    const names = fc.constantFrom("objects", "items", "__proto__", "constructor");
    const value = fc.oneof(fc.array(fc.jsonValue({ maxDepth: 3 })), fc.jsonValue({ maxDepth: 2 }));
    const members = fc.array(fc.tuple(names, value), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(members, fc.constantFrom(0, 1), async (pairs, space) => {
        const written = pairs.map(([name, one]) => `"${name}":${JSON.stringify(one, undefined, space)}`);
        const text = `{${written.join(",")}}`;
        expect(await inTurns(text)).toEqual(atOnce(text));
      }),
      { numRuns: 60 },
    );
  });

  it("is refused where JSON.parse refuses it", async () => {
    const parts = ['{"a":', "[", "]", "{", "}", '"', "\\", ",", "1", ":", '"b"', " ", "[1,2]", '{"c":[3]}', "]}"];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...parts), { maxLength: 12 }), async (some) => {
        const text = some.join("");
        expect(await inTurns(text)).toEqual(atOnce(text));
      }),
      { numRuns: 150 },
    );
    for (const text of [
      '{"a":[1,]}',
      '{"a":[,1]}',
      '{"a":[1,2}',
      '{"a":[1 2,3]}',
      '{"a":[1,"]}',
      '{"a":[ ]}',
      '{"a":[1}]',
    ]) {
      expect([text, await inTurns(text)]).toEqual([text, atOnce(text)]);
    }
    const wrong: Bytes = concatBytes(utf8('{"a":["'), Uint8Array.of(0xff), utf8(`","b"]}${FILLING}`));
    expect(await parseJson(wrong)).toMatchObject({ fault: { code: "bad-json" } });
  });

  it("holds up nobody, however much there is in it", async () => {
    const text = JSON.stringify({
      objects: Array.from({ length: 100_000 }, (_, i) => JSON.stringify({ a: `"${i}"` })),
    });
    const order: string[] = [];
    const reading = parseJson(utf8(text)).then(({ ok }) => order.push(ok ? "read" : "fault"));
    await new Promise((resolve) => setImmediate(resolve));
    order.push("another request");
    await reading;
    expect(order).toEqual(["another request", "read"]);
  });
});

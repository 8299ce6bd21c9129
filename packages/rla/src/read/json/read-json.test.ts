import * as fc from "fast-check";
import { expect, it } from "vitest";
import { fileOf } from "../../testing/files.ts";
import type { ReadFault } from "../fault.ts";
import { LIMITS } from "../input.ts";
import { JsonPicker, type Shape } from "./json-picker.ts";
import { readJson } from "./read-json.ts";

/* The other implementation of RFC 8259 is the engine's. */

type Seen = readonly [key: string, value: unknown, line: number];

async function read(
  text: string,
  size?: number,
  shapes?: Readonly<Record<string, Shape>>,
): Promise<{ seen: Seen[]; fault?: ReadFault }> {
  const seen: Seen[] = [];
  for await (const part of readJson("f.json", fileOf(text, "f.json", size).open(), shapes)) {
    if (!part.ok) return { seen, fault: part.fault };
    const { key, values, lines, isElement } = part.value;
    values.forEach((value, i) => seen.push([isElement ? `${key}[]` : key, value, lines[i]!]));
  }
  return { seen };
}

it("finds members and elements with their lines, wherever the pieces end", async () => {
  const text =
    '\ufeff{ "a": 1, "list": [\n {"x": "],}\\""},\n  "two", 3.5e1, [\n[]], null\n], "e\\u0021": {}, "empty": [ ],\n "last": true }\n';
  for (const size of [1, 2, 3, 5, 8, 1000]) {
    expect(await read(text, size)).toEqual({
      seen: [
        ["a", 1, 1],
        ["list[]", { x: '],}"' }, 2],
        ["list[]", "two", 3],
        ["list[]", 35, 3],
        ["list[]", [[]], 3],
        ["list[]", null, 4],
        ["e!", {}, 5],
        ["last", true, 6],
      ],
    });
  }
});

it.each([
  ["", "not-json"],
  ["[]", "not-json"],
  ['{"a":1', "not-json"],
  ['{"a":1}}', "not-json"],
  ['{"a" 1}', "not-json"],
  ['{"a":[1,,2]}', "not-json"],
  ['{"a":[1,]}', "not-json"],
  ['{"a":1,}', "not-json"],
  ["{a:1}", "not-json"],
  ['{"a":["never closed', "not-json"],
  [`{"a":[${"[".repeat(1e6)}`, "too-deep"],
  [`{"a":["${"x".repeat(LIMITS.element + 1e5)}"]}`, "too-large"],
])("refuses a frame that is none: %.30s", async (text, code) => {
  expect((await read(text, 1 << 16)).fault?.code).toBe(code);
});

it("gives an element that is no JSON as undefined and goes on", async () => {
  for (const shapes of [undefined, { a: { x: "leaf" } }] as const) {
    const { seen } = await read('{"a":[{"x":1},{"x":tru},{"x":2}]}', 5, shapes);
    expect(seen.map(([, value]) => value)).toEqual([{ x: 1 }, undefined, { x: 2 }]);
  }
});

it("picks what is wanted and refuses a wanted member that stands twice", () => {
  const picker = new JsonPicker({ id: "leaf", rows: [{ n: "leaf" }] });
  const pick = (text: string): unknown => (picker.pick(new TextEncoder().encode(text), 0) < 0 ? "no" : picker.value);
  expect(pick('{"no":{"id":[1]},"i\\u0064":"é\\n","rows":[{"n":-1.5,"m":[]},{}]}')).toEqual({
    id: "é\n",
    rows: [{ n: -1.5 }, {}],
  });
  for (const text of [
    '{"id":1,"id":2}',
    '{"id":1,"i\\u0064":2}',
    '{"id":01}',
    '{"id":.5}',
    '{"rows":[1,]}',
    '{"id" 1}',
    "{,}",
  ]) {
    expect(pick(`${text} `)).toBe("no");
  }
});

it("parses as the engine does, whether by pieces or by picking", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 20 }),
      async (list, size) => {
        const { seen } = await read(JSON.stringify({ list }), size);
        const expected = JSON.parse(JSON.stringify(list)) as unknown[];
        expect(seen.map(([, value]) => value)).toEqual(expected);
        const picked = await read(JSON.stringify({ list: list.map((x) => ({ y: [list], x })) }, undefined, 1), size, {
          list: { x: "leaf" },
        });
        expect(picked.seen.map(([, value]) => value)).toEqual(expected.map((x) => ({ x })));
      },
    ),
    { numRuns: 200 },
  );
});

import { concatBytes, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, LineCutter } from "./bundle-lines.ts";

const LIMIT = 6;

function linesOf(bytes: Uint8Array, cuts: readonly number[]): (string | undefined)[] {
  const cutter = new LineCutter(LIMIT);
  const lines: (string | undefined)[] = [];
  const take = (line: Line): void => void lines.push(line && Buffer.from(line).toString());
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    for (const line of cutter.push(bytes.subarray(from, cut))) take(line);
    from = cut;
  }
  for (const line of cutter.end()) take(line);
  return lines;
}

test("lines are the same however the bytes come, and one over the limit is a line too", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", "\r"), maxLength: LIMIT + 3 });
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), fc.array(fc.nat(60)), (lines, isEnded, at) => {
      const bytes = utf8(lines.map((text) => `${text}\n`).join(""));
      const open = isEnded ? bytes : concatBytes(bytes, utf8("last"));
      const cuts = at.map((cut) => Math.min(cut, open.length)).sort((a, b) => a - b);
      const expected = [...lines, ...(isEnded ? [] : ["last"])].map((text) => (text.length > LIMIT ? undefined : text));
      expect(linesOf(open, cuts)).toEqual(expected);
    }),
  );
});

import { expect, it } from "vitest";
import type { Leaf } from "./mime-walker.ts";
import { PartBody, type PartText } from "./part-body.ts";

it("knows the line of each place in a text of many lines, however often it is asked", () => {
  const leaf: Leaf = {
    path: [1],
    line: 1,
    type: { value: "text/plain", parameters: new Map() },
    encoding: "",
    isAttachment: false,
  };
  const body = new PartBody(leaf, { digests: false, text: true }, () => undefined);
  const lines = 90_000;
  for (let i = 0; i < lines; i++) body.take({ text: "http://a.b", line: 3 + i, column: 1 }, true);
  const { lineOf } = body.text as PartText;
  let wrong = 0;
  for (let at = 0; at < 11 * lines - 1; at++) if (lineOf(at) !== 3 + Math.floor(at / 11)) wrong++;
  expect(wrong).toBe(0);
});

import { describe, expect, it } from "vitest";
import type { Palette } from "./paint.ts";
import { table } from "./table.ts";
import { amount, audienceText, moment, plain } from "./text.ts";

const PLAIN: Palette = { good: String, bad: String, doubtful: String, faint: String, strong: String };

describe("table", () => {
  it("aligns text to the left and numbers to the right, and ends no line in blanks", () => {
    expect(
      table(
        ["party", "entries", ""],
        [
          ["alpha", 7, "x"],
          ["bo", 1204, ""],
        ],
        PLAIN,
      ),
    ).toEqual(["party  entries", "alpha        7  x", "bo       1,204"]);
  });

  it("takes more rows than a call takes arguments", () => {
    const rows = Array.from({ length: 200_000 }, () => [1]);
    expect(table(["n"], rows, PLAIN)).toHaveLength(200_001);
  });

  it("pads by what is seen, not by the colours", () => {
    const loud = { text: "ab", paint: (text: string) => `<<${text}>>` };
    expect(
      table(
        ["a", "b"],
        [
          [loud, "x"],
          ["abcd", "y"],
        ],
        PLAIN,
      ),
    ).toEqual(["a     b", "<<ab>>    x", "abcd  y"]);
  });

  it("prints no control characters of others", () => {
    expect(table(["a"], [["x\u001b[2J\ny"]], PLAIN).join("")).not.toMatch(/[\u001b\n]/);
  });
});

describe("texts", () => {
  it("say amounts, times and audiences", () => {
    expect([amount(1, "share"), amount(1204, "entry", "entries")]).toEqual(["1 share", "1,204 entries"]);
    expect([moment(0), moment(8.64e15 + 1)]).toEqual(["1970-01-01 00:00:00Z", "8640000000000001 ms"]);
    expect([audienceText("unit"), audienceText(["a", "b"]), audienceText(null)]).toEqual(["unit", "a, b", "others"]);
    expect(plain("a".repeat(500)).length).toBe(160);
  });
});

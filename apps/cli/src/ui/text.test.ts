import { describe, expect, it } from "vitest";
import { plainJson } from "./text.ts";

describe("somebody else's JSON on a terminal", () => {
  it("has the same value, and no character that steers or hides", () => {
    const value = { a: "\u009b31m \u202eevil\u2028 \ue000 \u{e0041} ok ä 語 😀", "b\\\u007f": ["\\\u0085"] };
    const shown = plainJson(`{\r${JSON.stringify(value).slice(1)}`);
    expect(JSON.parse(shown)).toEqual(value);
    expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(shown).toContain("ok ä 語 😀");
  });
});

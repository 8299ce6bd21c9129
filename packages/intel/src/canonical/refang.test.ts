import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refang } from "./refang.ts";

describe("refang", () => {
  it("undoes what reports do", () => {
    expect(refang("hxxps[:]//evil[.]example[/]x")).toBe("https://evil.example/x");
    expect(refang("hXXp://a{dot}example and fxp://b(.)example")).toBe("http://a.example and ftp://b.example");
    expect(refang("bob[@]a.example, eve(at)b.example")).toBe("bob@a.example, eve@b.example");
    expect(refang("h**p://a[.]example")).toBe("http://a.example");
  });

  it("leaves other text alone and is idempotent", () => {
    expect(refang("array[0].x (a) thxxp:")).toBe("array[0].x (a) thxxp:");
    const pieces = fc.array(
      fc.constantFrom("[", "]", ".", "(", ")", "dot", "at", "hxxp", ":", "/", "@", "\\", "{", "}", "a"),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const once = refang(parts.join(""));
        expect(refang(once)).toBe(once);
      }),
    );
  });
});

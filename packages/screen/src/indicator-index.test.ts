import { expect, describe, it } from "vitest";
import { buildIndicatorIndex } from "./indicator-index.ts";
import { createScreener } from "./screener.ts";

describe("the index", () => {
  it("reports every item of a value and refuses what is no indicator", async () => {
    const twice = buildIndicatorIndex([
      { kind: "domain", value: "Evil.example", ref: "a" },
      { kind: "domain", value: "evil.example", ref: "b" },
      { kind: "domain", value: "com", ref: "c" },
      { kind: "ipv4", value: "evil.example", ref: "d" },
    ]);
    expect(twice.size).toBe(2);
    expect(twice.refused.map(({ item, code }) => `${item.ref} ${code}`)).toEqual([
      "c not-an-indicator",
      "d type-mismatch",
    ]);
    const source = (async function* () {
      yield new TextEncoder().encode("evil.example");
    })();
    const refs: string[] = [];
    for await (const hit of createScreener(twice).screen(source, { name: "x" })) refs.push(hit.indicator.ref);
    expect(refs).toEqual(["a", "b"]);
  });
});

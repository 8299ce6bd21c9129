import { expect, it } from "vitest";
import { wordsOfObject } from "./text.ts";

it("is what people wrote of an object, its name first", () => {
  const view = {
    type: "malware",
    description: "Steals\nvotes",
    name: "Zebra",
    aliases: ["Zed", 5],
    is_family: true,
    labels: [],
  };
  expect(wordsOfObject({ view } as never)).toBe("Zebra\nSteals\nvotes\nZed");
  expect(wordsOfObject({ view: { type: "relationship" } } as never)).toBe("");
  expect(wordsOfObject({ view: { name: "x".repeat(9000) } } as never)).toHaveLength(8000);
});

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
  expect(wordsOfObject({ view })).toBe("Zebra\nSteals\nvotes\nZed");
  expect(wordsOfObject({ view: { type: "relationship" } })).toBe("");
  expect(wordsOfObject({ view: { name: "x".repeat(9000) } })).toHaveLength(8000);
});

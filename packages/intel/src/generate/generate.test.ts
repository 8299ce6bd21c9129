import { sha256, toHex, unwrap, utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { INDICATOR_KINDS } from "@detente/record";
import { encodeItem, parseItem } from "../item.ts";
import { readIndicators } from "../read/read-indicators.ts";
import { generateIndicatorFiles } from "./files.ts";
import { generateIntelligence } from "./intelligence.ts";
import { generateTelemetry } from "./telemetry.ts";

const start = Date.UTC(2026, 9, 1, 6);
const items = generateIntelligence("one", 300, start);

describe("generated intelligence", () => {
  it("is valid, distinct, of every kind but fingerprints, and the same for the same seed", () => {
    expect(items).toHaveLength(300);
    expect(new Set(items.map(({ kind }) => kind))).toEqual(
      new Set(INDICATOR_KINDS.filter((kind) => !/^ja[34]$/.test(kind))),
    );
    for (const item of items) expect(unwrap(parseItem(encodeItem(item)))).toEqual(item);
    expect(generateIntelligence("one", 300, start)).toEqual(items);
    expect(generateIntelligence("two", 300, start)).not.toEqual(items);
  });

  it("comes back from each of its files", () => {
    const keys = items.map(({ kind, value }) => `${kind} ${value}`);
    for (const { name, text } of generateIndicatorFiles("one", items)) {
      const file = readIndicators(name, text);
      expect(file.items.map(({ kind, value }) => `${kind} ${value}`)).toEqual(keys);
      expect(file.rejected).toEqual([]);
    }
    const csv = readIndicators("x", generateIndicatorFiles("one", items)[0]?.text ?? "");
    expect(csv.items).toEqual(items);
  });
});

describe("generated telemetry", () => {
  const options = { seed: "one", items, lines: 500, hitsPerMille: 60, start };

  it("is the same for the same seed", () => {
    const digest = (): string[] => generateTelemetry(options).map(({ text }) => toHex(sha256(utf8(text))));
    expect(digest()).toEqual(digest());
  });

  it("plants hits in lines that are there", () => {
    for (const { text, planted } of generateTelemetry(options)) {
      const count = text.trimEnd().split("\n").length;
      expect(count).toBeGreaterThanOrEqual(500);
      expect(planted.length).toBeGreaterThan(10);
      for (const { line, time } of planted) expect(line <= count && time >= start - 1000).toBe(true);
    }
  });

  it("works without indicators", () => {
    for (const { planted } of generateTelemetry({ ...options, items: [] })) expect(planted).toEqual([]);
  });
});

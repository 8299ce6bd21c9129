import { canonicalJsonBytes, type Json, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalIndicator } from "./canonical/canonical.ts";
import { encodeItem, type Item, makeItem, mergeItems, parseItem } from "./item.ts";

const full: Item = {
  kind: "domain",
  value: "evil.example",
  labels: ["a", "b"],
  description: "seen",
  confidence: 80,
  first: 1,
  last: 2,
  until: 3,
  source: "indicator--1",
};

const codeOf = (item: unknown): string => {
  const result = parseItem(canonicalJsonBytes(item as Json));
  return result.ok ? "ok" : result.fault.code;
};

describe("items", () => {
  it("survive the wire", () => {
    expect(unwrap(parseItem(encodeItem(full)))).toEqual(full);
    const client: Item = { kind: "ja3", value: "ada70206e40642a3e4461f35503241d5" };
    expect(unwrap(parseItem(encodeItem(client)))).toEqual(client);
    expect(unwrap(parseItem(encodeItem({ kind: "ipv4", value: "192.0.2.1" })))).toEqual({
      kind: "ipv4",
      value: "192.0.2.1",
    });
  });

  it("are refused when a partner's do not have the form", () => {
    expect(codeOf({ ...full, extra: 1 })).toBe("not-an-item");
    expect(codeOf({ ...full, confidence: 101 })).toBe("not-an-item");
    expect(codeOf({ ...full, confidence: 1.5 })).toBe("not-an-item");
    expect(codeOf({ ...full, first: -1 })).toBe("not-an-item");
    expect(codeOf({ ...full, kind: "mutex" })).toBe("not-an-item");
    expect(codeOf({ kind: "domain" })).toBe("not-an-item");
    expect(codeOf([])).toBe("not-an-item");
  });

  it("are refused when their value is not canonical or would match too much", () => {
    expect(codeOf({ ...full, value: "Evil.example" })).toBe("not-an-item");
    expect(codeOf({ ...full, value: "co.uk" })).toBe("not-canonical");
    expect(codeOf({ ...full, kind: "url" })).toBe("not-an-item");
    expect(codeOf({ ...full, kind: "cidr4", value: "0.0.0.0/0" })).toBe("not-canonical");
    expect(codeOf({ ...full, labels: ["b", "a"] })).toBe("not-canonical");
    expect(codeOf({ ...full, description: "\u001b[2Jgone" })).toBe("not-an-item");
    expect(codeOf({ ...full, description: "\u202egone" })).toBe("not-canonical");
  });

  it("are refused when the bytes are not canonical JSON", () => {
    for (const text of ['{"value":"evil.example","kind":"domain"}', "nonsense", '{"kind": "domain"}']) {
      expect(parseItem(utf8(text))).toMatchObject({ ok: false, fault: { code: "not-canonical-json" } });
    }
    expect(parseItem(new Uint8Array(70_000))).toMatchObject({ ok: false, fault: { code: "not-an-item" } });
  });

  it("expire when both rows about them have, and never where one never does", () => {
    const item: Item = { kind: "domain", value: "evil.example" };
    expect(mergeItems({ ...item, until: 5 }, { ...item, until: 7 })).toEqual({ ...item, until: 7 });
    expect(mergeItems({ ...item, until: 7 }, { ...item, until: 5 })).toEqual({ ...item, until: 7 });
    expect(mergeItems({ ...item, until: 5 }, item)).toEqual(item);
    expect(mergeItems(item, { ...item, until: 5 })).toEqual(item);
  });

  it("made from any texts can always be encoded and read back", () => {
    const canonical = unwrap(canonicalIndicator("evil.example"));
    const text = fc.string({ unit: "binary", maxLength: 1500 });
    fc.assert(
      fc.property(fc.array(fc.oneof(text, fc.constant("\ud800 x"))), text, text, (labels, description, source) => {
        const item = makeItem(canonical, { labels, description, source });
        expect(unwrap(parseItem(encodeItem(item)))).toEqual(item);
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { candidate, NOW } from "../testing/candidates.ts";
import { blockList, type Candidate, expiryOf, obstaclesTo } from "./block-list.ts";

const DAY = 86_400_000;
const policy = { now: NOW, minConfidence: 0 };
const codes = (one: Candidate, more = {}): string[] => obstaclesTo(one, { ...policy, ...more }).map(({ code }) => code);

describe("what is enforced", () => {
  it("is in effect, lives still, touches no special addresses; every obstacle is named", () => {
    expect(codes(candidate("evil.example"))).toEqual([]);
    const old = { kind: "ipv4", value: "10.0.0.1", last: NOW - 31 * DAY, labels: ["special-use:private"] } as const;
    const all = candidate("10.0.0.1", { status: "withdrawn", item: old });
    expect(codes(all, { parties: ["bravo"], minConfidence: 50 })).toEqual([
      "withdrawn",
      "other-party",
      "expired",
      "low-confidence",
      "special-use",
    ]);
    expect(codes(candidate("evil.example", { status: "pending" }))).toEqual(["pending"]);
    const newer = { share: "1a2b3c4d5e6f", index: 3, modified: "2026-11-02T00:00:00Z" };
    const replacedBy = (revoked: boolean): unknown =>
      obstaclesTo(candidate("evil.example", { status: "replaced", newer: { ...newer, revoked } }), policy);
    expect(replacedBy(false)).toEqual([
      { code: "replaced", message: "its author has a newer version of 2026-11-02T00:00:00Z (1a2b3c4d:3)" },
    ]);
    expect(replacedBy(true)).toMatchObject([
      { message: expect.stringContaining("revoked it in a newer version of 2026") },
    ]);
  });

  it("reaches the confidence that is asked for; silence is none", () => {
    const stated = (confidence: number): Candidate =>
      candidate("evil.example", { item: { kind: "domain", value: "evil.example", confidence } });
    expect(codes(stated(50), { minConfidence: 50 })).toEqual([]);
    expect(codes(stated(49), { minConfidence: 50 })).toEqual(["low-confidence"]);
    expect(codes(candidate("evil.example"), { minConfidence: 1 })).toEqual(["low-confidence"]);
  });

  it("has a label of the gate that is enforced, and of its confidence what time has left", () => {
    const one = candidate("evil.example", { item: { kind: "domain", value: "evil.example", confidence: 80 } });
    const verdict = {
      item: one.item,
      confidence: 40,
      reasons: [{ code: "placeholder", text: "nobody has it" }],
    } as const;
    const gate = (label: "block" | "inform"): object => ({
      gate: { verdictOf: () => ({ ...verdict, label }), labels: ["block"] },
    });
    expect(codes(one, gate("block"))).toEqual([]);
    expect(codes(one, gate("inform"))).toEqual(["gate"]);
    expect(codes(one, { ...gate("block"), minConfidence: 41 })).toEqual(["low-confidence"]);
    expect(obstaclesTo(one, { ...policy, ...gate("inform") })[0]?.message).toBe(
      "the gate labels it inform: nobody has it",
    );
  });

  it("is TLP:CLEAR where others will read the list", () => {
    expect(codes(candidate("evil.example", { tlp: "green" }), { isPublic: true })).toEqual(["marking-narrower"]);
    expect(codes(candidate("evil.example", { tlp: "clear" }), { isPublic: true })).toEqual([]);
  });

  it("is not prolonged by a last sighting or a share from the future", () => {
    const seen = candidate("evil.example", { item: { kind: "domain", value: "evil.example", last: NOW + 1000 * DAY } });
    expect(expiryOf({ ...seen, item: { ...seen.item, until: NOW + DAY } })).toBe(NOW + DAY);
    expect(expiryOf(seen)).toBe(NOW - DAY + 90 * DAY);
    const list = blockList([candidate("evil.example", { at: NOW + 1000 * DAY })], policy);
    expect(list.entries.map(({ expires }) => expires)).toEqual([NOW + 90 * DAY]);
  });

  it("stands once, in one order, with everyone who asks for it", () => {
    const candidates = [
      candidate("1.1.1.1"),
      candidate("b.example"),
      candidate("a.example", { party: "bravo" }),
      candidate("a.example", { index: 9 }),
      candidate("A.example", { index: 8 }),
      candidate("Bob@a.example"),
      candidate("bob@a.example", { party: "bravo" }),
    ];
    const list = blockList(candidates, policy);
    expect(
      list.entries.map(({ value, grounds }) => [value, grounds.map(({ party, index }) => `${party}:${index}`)]),
    ).toEqual([
      ["a.example", ["alpha:8", "alpha:9", "bravo:7"]],
      ["b.example", ["alpha:7"]],
      ["1.1.1.1", ["alpha:7"]],
      ["Bob@a.example", ["alpha:7", "bravo:7"]],
    ]);
    expect(blockList(candidates.toReversed(), policy).entries.map(({ value }) => value.toLowerCase())).toEqual(
      list.entries.map(({ value }) => value.toLowerCase()),
    );
    expect(list.serial).toBe(Math.floor(NOW / 1000));
  });
});

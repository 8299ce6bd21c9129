import { canonicalJsonBytes, type Json, unwrap } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { type Outcome, outcomeBytes, parseOutcome, givenUp } from "./outcome.ts";
import { hitBytes, parseHit, type QueuedHit } from "./queued-hits.ts";

const HIT: QueuedHit = {
  indicator: 1,
  line: 7,
  column: 3,
  field: "dns.rrname",
  time: 1_795_428_000_000.5,
  class: "subdomain",
  match: 'a"\n\u{1f600}.example',
};
const damaged = (change: Readonly<Record<string, unknown>>): string => JSON.stringify({ ...HIT, ...change });
const SCREENED = {
  worker: "one 1",
  summary: {
    format: "eve",
    lines: 9,
    bytes: 100,
    hits: 1,
    flags: [{ code: "invalid-utf8", count: 2, line: 3 }],
    from: null,
    to: 5,
  },
  hits: "a".repeat(64),
} as const;

describe("hits from a queue", () => {
  const line = Buffer.from(hitBytes(HIT)).subarray(0, -1);

  it("come back as they went, in one line", () => {
    expect(unwrap(parseHit(line, 2, 7))).toEqual(HIT);
    expect(line.includes(0x0a)).toBe(false);
  });

  it("are refused outside of the segment and of the list of indicators", () => {
    expect(parseHit(line, 1, 7).ok).toBe(false);
    expect(parseHit(line, 2, 6).ok).toBe(false);
  });

  it.each([
    "",
    "{}",
    "[]",
    "null",
    damaged({ indicator: -1 }),
    damaged({ line: 0 }),
    damaged({ column: 0 }),
    damaged({ field: 4 }),
    damaged({ time: "now" }),
    damaged({ class: "certain" }),
    damaged({ class: "toString" }),
    damaged({ match: {} }),
    damaged({ more: 1 }),
    "\u00ff",
  ])("are refused as %s", (text) => {
    expect(parseHit(Buffer.from(text, "latin1"), 2, 7)).toMatchObject({ ok: false, fault: { code: "malformed" } });
  });
});

describe("a worker's report", () => {
  it("comes back as it went", () => {
    for (const outcome of [SCREENED, givenUp("one 1", "why")] as const) {
      expect(unwrap(parseOutcome(outcomeBytes(outcome as Outcome)))).toEqual(outcome);
    }
  });

  it("can be told whatever went wrong", () => {
    const lone = givenUp("one 1", `${"a".repeat(1023)}\u{1f600}`);
    expect(unwrap(parseOutcome(outcomeBytes(lone)))).toEqual({ worker: "one 1", reason: `${"a".repeat(1023)}\ufffd` });
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["a list", []],
    ["no worker", { reason: "why" }],
    ["a worker of endless name", { worker: "a".repeat(129), reason: "why" }],
    ["no hits", { worker: "w", summary: SCREENED.summary }],
    ["no summary", { worker: "w", hits: SCREENED.hits }],
    ["a negative count", { ...SCREENED, summary: { ...SCREENED.summary, lines: -1 } }],
    ["a format that nobody has", { ...SCREENED, summary: { ...SCREENED.summary, format: "exe" } }],
    [
      "a flag that nobody has",
      { ...SCREENED, summary: { ...SCREENED.summary, flags: [{ code: "x", count: 1, line: 1 }] } },
    ],
    ["a time in words", { ...SCREENED, summary: { ...SCREENED.summary, from: "now" } }],
  ])("is refused with %s", (_, value) => {
    expect(parseOutcome(canonicalJsonBytes(value as Json))).toMatchObject({ ok: false, fault: { code: "malformed" } });
  });
});

import type { Ledger } from "@detente/match";
import { expect, it } from "vitest";
import { dueIn, totalsContent } from "./totals.ts";

const HOUR = 3_600_000;
const NOON = Date.UTC(2031, 0, 1, 12);

function ledger(pooled: number): Ledger {
  return { pooled, accounts: new Map() };
}

it("are due at the first midnight after something was asked that was not told", () => {
  const told = { to: NOON + 12 * HOUR, pooled: 5, partners: [] };
  expect(dueIn(ledger(0), undefined, NOON, NOON + HOUR)).toBeUndefined();
  expect(dueIn(ledger(5), undefined, NOON, NOON + HOUR)).toBe(11 * HOUR);
  expect(dueIn(ledger(5), undefined, NOON, NOON + 13 * HOUR)).toBe(0);
  expect(dueIn(ledger(5), told, NOON, NOON + 13 * HOUR)).toBeUndefined();
  expect(dueIn(ledger(6), told, NOON, NOON + 13 * HOUR)).toBe(23 * HOUR);
});

it("name those who have an answer, in order, with the digest of the last receipt", () => {
  const receipt = new Uint8Array(0);
  const last = { request: new Uint8Array(32), previous: new Uint8Array(32), receipt };
  const accounts = new Map([
    ["cem", { spent: 16, last }],
    ["bob", { spent: 1, last }],
    ["dan", { spent: 0 }],
  ]);
  // SHA-256 of nothing (FIPS 180-4).
  const digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  expect(totalsContent({ pooled: 17, accounts }, NOON)).toEqual({
    to: NOON,
    pooled: 17,
    partners: [
      { party: "bob", spent: 1, receipt: digest },
      { party: "cem", spent: 16, receipt: digest },
    ],
  });
});

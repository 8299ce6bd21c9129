import { expect, it } from "vitest";
import type { Candidate, Observed } from "../export/block-list.ts";
import { candidate, NOW } from "../testing/candidates.ts";
import { judgeShares, type SharesContext } from "./judge-shares.ts";

const DAY = 86_400_000;
const context: SharesContext = { now: NOW, lists: [], assets: [], reliability: {} };

/** An indicator that says all that the gate asks for, and who observed it. */
function shared(party: string, share: string, observed?: Observed, value = "evil.net"): Candidate {
  const item = { kind: "domain", value, description: "c2", last: NOW - DAY, confidence: 80 } as const;
  return candidate(value, { party, share: share.repeat(64), item, ...(observed === undefined ? {} : { observed }) });
}
const labels = (candidates: readonly Candidate[], more: Partial<SharesContext> = {}): (string | undefined)[] => {
  const { verdictOf } = judgeShares(candidates, { ...context, ...more });
  return candidates.map((one) => verdictOf(one)?.label);
};
const refutedBy = (...names: readonly string[]): Observed => ({ sightings: [], refutedBy: names });

it("hears what parties say of a value that did not share it, of whichever share they say it", () => {
  const other = shared("bravo", "b");
  expect(labels([shared("alpha", "a")])).toEqual(["block"]);
  expect(labels([shared("alpha", "a", refutedBy("charlie")), other])).toEqual(["inform", "inform"]);
  expect(labels([shared("alpha", "a", refutedBy("charlie")), shared("bravo", "b", refutedBy("delta"))])).toEqual([
    "known-benign",
    "known-benign",
  ]);
});

it("counts a party once, and one that shared the value not at all", () => {
  expect(labels([shared("alpha", "a", refutedBy("charlie", "charlie"))])).toEqual(["inform"]);
  expect(labels([shared("alpha", "a", refutedBy("alpha", "bravo")), shared("bravo", "b")])).toEqual(["block", "block"]);
  expect(labels([shared("alpha", "a", refutedBy("bravo")), shared("bravo", "b", undefined, "other.net")])).toEqual([
    "inform",
    "block",
  ]);
});

it("lets sightings outweigh doubts, and keep alive what they saw", () => {
  const seen: Observed = {
    sightings: ["charlie", "delta"].map((party) => ({ party, last: NOW })),
    refutedBy: ["echo"],
  };
  expect(labels([shared("alpha", "a", seen)])).toEqual(["block"]);
  const old = shared("alpha", "a");
  const stale = { ...old, at: NOW - 200 * DAY, item: { ...old.item, last: NOW - 200 * DAY } };
  expect(labels([stale])).toEqual(["inform"]);
  expect(labels([{ ...stale, observed: { ...seen, refutedBy: [] } }])).toEqual(["block"]);
});

it("judges each share by its own source, and says whose a warning is about", () => {
  expect(labels([shared("alpha", "a"), shared("bravo", "b")], { reliability: { bravo: "G" } })).toEqual([
    "block",
    "inform",
  ]);
});

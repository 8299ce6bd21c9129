import { utf8, toBase64, toHex, sha256 } from "@detente/basics";
import type { AuditedContest, Marks } from "@detente/record";
import { describe, expect, it } from "vitest";
import { bundleBlobs } from "../bundle-blobs.ts";
import { claimOf, followFrom, outcomeOf, totalsOf } from "./claim.ts";

function contest(rule: AuditedContest["rule"], candidates = ["A", "B", "C"]): AuditedContest {
  return { id: "c", name: "C", candidates, rule, bound: 100, rounds: [10] };
}

const times = (count: number, marks: Marks): Marks[] => Array.from({ length: count }, () => marks);
const PLURALITY = { method: "plurality", seats: 1, marks: 1 } as const;

// What wins by each rule was counted by hand.
describe("what records report", () => {
  it("is the most votes, overvotes left out, and no tie", () => {
    const votes = [
      ...times(3, [[0, 1]]),
      ...times(2, [[1, 1]]),
      ...times(4, [
        [1, 1],
        [2, 1],
      ]),
      null,
      [],
    ];
    expect(totalsOf(contest(PLURALITY), votes)).toEqual([3, 2, 0]);
    expect(claimOf(contest(PLURALITY), votes)).toEqual({ ok: true, value: { winners: [0] } });
    expect(claimOf(contest({ ...PLURALITY, seats: 2 }), votes)).toEqual({ ok: true, value: { winners: [0, 1] } });
    expect(claimOf(contest(PLURALITY), votes.slice(1))).toMatchObject({ fault: { message: "contest c: is tied" } });
  });

  it("is the most points", () => {
    const rule = { method: "score", seats: 1, points: [2, 1] } as const;
    const votes = [
      ...times(3, [
        [0, 1],
        [1, 2],
      ]),
      ...times(4, [
        [1, 1],
        [2, 2],
      ]),
    ];
    expect(totalsOf(contest(rule), votes)).toEqual([6, 11, 4]);
    expect(claimOf(contest(rule), votes)).toEqual({ ok: true, value: { winners: [1] } });
  });

  it("is more than a share, or not", () => {
    const rule = { method: "super-majority", candidate: 0, numerator: 2, denominator: 3 } as const;
    const exactly = [...times(4, [[0, 1]]), ...times(2, [[1, 1]])];
    expect(claimOf(contest(rule), exactly)).toEqual({ ok: true, value: { winners: [] } });
    expect(claimOf(contest(rule), [...exactly, [[0, 1]]])).toEqual({ ok: true, value: { winners: [0] } });
  });

  it("counts the totals of pools with the votes", () => {
    const pools = [{ recorded: 4, totals: [0, 3, 1] }];
    const votes = times(2, [[0, 1]]);
    expect(totalsOf(contest(PLURALITY), votes, pools)).toEqual([2, 3, 1]);
    expect(claimOf(contest(PLURALITY), votes, pools)).toEqual({ ok: true, value: { winners: [1] } });
    const rule = { method: "super-majority", candidate: 0, numerator: 1, denominator: 3 } as const;
    expect(claimOf(contest(rule), votes, pools)).toEqual({ ok: true, value: { winners: [] } });
  });

  it("has no vote of a card with two marks where one is to reach a share", () => {
    const rule = { method: "super-majority", candidate: 0, numerator: 1, denominator: 2 } as const;
    const both: Marks = [
      [0, 1],
      [1, 1],
    ];
    expect(totalsOf(contest(rule), [both, [[1, 1]], null, []])).toEqual([0, 1, 0]);
  });

  it("is the last one standing, with assertions that suffice", () => {
    // A 4, B 3, C 2; C goes, its ballots go to B: 5 to 4.
    const votes = [
      ...times(4, [
        [0, 1],
        [1, 2],
      ]),
      ...times(3, [
        [1, 1],
        [2, 2],
      ]),
      ...times(2, [
        [2, 1],
        [1, 2],
      ]),
    ];
    const claim = claimOf(contest({ method: "irv" }), votes);
    expect(claim).toMatchObject({ value: { winners: [1] } });
    expect(claim.ok && outcomeOf(contest({ method: "irv" }), claim.value).ok).toBe(true);
  });
});

// By the rules, in one's head.
it.each([
  [PLURALITY, [5, 3, 2], [0], true],
  [PLURALITY, [5, 3, 2], [1], false],
  [PLURALITY, [5, 5, 2], [1], true],
  [PLURALITY, [5, 3, 2], [], false],
  [PLURALITY, [5, 3], [0], false],
  [{ ...PLURALITY, seats: 2 }, [5, 3, 2], [0, 2], false],
  [{ ...PLURALITY, seats: 2 }, [5, 3, 2], [0, 0], false],
  [{ ...PLURALITY, seats: 2 }, [5, 3, 3], [0, 2], true],
  [{ method: "super-majority", candidate: 0, numerator: 1, denominator: 2 }, [5, 3, 2], [0], false],
  [{ method: "super-majority", candidate: 0, numerator: 1, denominator: 2 }, [5, 3, 2], [], true],
  [{ method: "super-majority", candidate: 0, numerator: 1, denominator: 2 }, [6, 3, 2], [0], true],
  [{ method: "super-majority", candidate: 0, numerator: 1, denominator: 2 }, [6, 3, 2], [1], false],
  [{ method: "irv" }, [5, 3, 2], [2], true],
  [{ method: "irv" }, [5, 3, 2], [3], false],
] as const)("winners of %j by %j are %j: %s", (rule, totals, winners, expected) => {
  expect(followFrom(contest(rule), totals, winners)).toBe(expected);
});

it("takes no claim that does not make its winners win", () => {
  const flaw = (rule: AuditedContest["rule"], claim: Parameters<typeof outcomeOf>[1]): string => {
    const outcome = outcomeOf(contest(rule), claim);
    return outcome.ok ? "none" : outcome.fault.message;
  };
  expect(flaw(PLURALITY, { winners: [0] })).toBe("none");
  expect(flaw(PLURALITY, { winners: [0, 1] })).toBe("contest c: names 2 winners for 1 seats");
  expect(flaw({ ...PLURALITY, seats: 2 }, { winners: [1, 1] })).toBe(
    "contest c: its winners are not distinct candidates",
  );
  expect(flaw(PLURALITY, { winners: [3] })).toBe("contest c: its winners are not distinct candidates");
  const share = { method: "super-majority", candidate: 0, numerator: 1, denominator: 2 } as const;
  expect(flaw(share, { winners: [1] })).toBe("contest c: names a winner that does not stand");
  const irv = { method: "irv" } as const;
  expect(flaw(irv, { winners: [] })).toBe("contest c: an instant run-off has one winner");
  expect(flaw(irv, { winners: [0], assertions: [] })).toMatch("the assertions allow the eliminations");
  const stranger = [{ kind: "not-eliminated-before", winner: 0, loser: 7 } as const];
  expect(flaw(irv, { winners: [0], assertions: stranger })).toBe(
    "contest c: its assertions are not about its candidates",
  );
});

// The assertions of "RAIRE" (Blom, Stuckey and Teague 2019) are about candidates that stand, their own two among them.
it.each([
  [{ kind: "not-eliminated-before", winner: 0, loser: 0 }],
  [{ kind: "not-eliminated-before", winner: 3, loser: 1 }],
  [{ kind: "not-eliminated-next", winner: 0, loser: 1, continuing: [0, 1, 3] }],
  [{ kind: "not-eliminated-next", winner: 0, loser: 1, continuing: [0, 2] }],
  [{ kind: "not-eliminated-next", winner: 0, loser: 1, continuing: [1, 2] }],
] as const)("takes no assertion that is none: %j", (assertion) => {
  const outcome = outcomeOf(contest({ method: "irv" }), { winners: [0], assertions: [assertion] });
  expect(outcome).toMatchObject({ fault: { message: "contest c: its assertions are not about its candidates" } });
});

it("takes one winner at most where a share is to be reached", () => {
  const share = { method: "super-majority", candidate: 0, numerator: 1, denominator: 2 } as const;
  expect(outcomeOf(contest(share), { winners: [] })).toMatchObject({ ok: true, value: { reached: false } });
  expect(outcomeOf(contest(share), { winners: [0] })).toMatchObject({ ok: true, value: { reached: true } });
});

it("finds blobs of a record file by their digests, in whatever pieces it comes", async () => {
  const [wanted, other] = [utf8("a list of votes"), utf8("something else")];
  const file = utf8(
    [`{"entry":"AAAA"}`, ...[other, wanted].map((blob) => `{"blob":"${toBase64(blob)}"}`), '{"body":"AAAA"}', ""].join(
      "\n",
    ),
  );
  const digest = toHex(sha256(wanted));
  const pieces = [file.subarray(0, 5), file.subarray(5, 60), file.subarray(60)];
  expect(await bundleBlobs(pieces, new Set([digest]))).toEqual(new Map([[digest, wanted]]));
});

import { describe, expect, it } from "vitest";
import type { MatchPolicy } from "./policy.ts";
import { checkMatchPolicy } from "./policy.ts";
import { reachDigest, reachOf } from "./reach.ts";

/* Who may find what: TLP 2.0 (FIRST) and audiences that fail closed. */

const [ONE, OTHER] = ["1a".repeat(32), "2b".repeat(32)];
const partners = ["bob", "cem", "dan"].map((party) => ({ party, budget: 1 }));
const forCem = { leafHash: ONE, audience: ["ann", "cem"] } as const;

describe("an item of a share", () => {
  it("reaches those with whom it was shared, whatever its label", () => {
    expect(reachOf({ partners }, forCem, "clear")).toEqual(["cem"]);
    expect(reachOf({ partners }, forCem, "red")).toEqual(["cem"]);
    expect(reachOf({ partners }, { leafHash: ONE, audience: "unit" }, "red")).toEqual(["bob", "cem", "dan"]);
    expect(reachOf({ partners }, { leafHash: ONE, audience: [] }, "clear")).toEqual([]);
  });

  it("reaches whom an exception names, for that share", () => {
    const exceptions = [{ partners: ["bob"], share: ONE }];
    expect(reachOf({ partners, exceptions }, forCem, "red")).toEqual(["bob", "cem"]);
    expect(reachOf({ partners, exceptions }, { ...forCem, leafHash: OTHER }, "clear")).toEqual(["cem"]);
  });

  it("reaches whom an exception names, for exactly that audience up to that label", () => {
    const exceptions = [{ partners: ["bob"], audience: ["cem", "ann"], tlp: "amber" as const }];
    const policy = { partners, exceptions };
    expect(["clear", "green", "amber"].map((tlp) => reachOf(policy, forCem, tlp as "amber"))).toEqual(
      Array.from({ length: 3 }, () => ["bob", "cem"]),
    );
    for (const tlp of ["amber+strict", "red", "unclear"] as const) {
      expect([tlp, reachOf(policy, forCem, tlp)]).toEqual([tlp, ["cem"]]);
    }
    expect(reachOf(policy, { ...forCem, audience: ["ann", "dan", "cem"] }, "clear")).toEqual(["cem", "dan"]);
    expect(reachOf(policy, { ...forCem, audience: ["ann"] }, "clear")).toEqual([]);
  });
});

describe("a policy", () => {
  const policy = (exceptions: NonNullable<MatchPolicy["exceptions"]>): MatchPolicy => ({
    partners,
    pool: 1,
    exceptions,
  });

  it.each([
    [[{ partners: ["eve"], share: ONE }], "eve may not ask"],
    [[{ partners: ["bob"], audience: ["bob", "cem"], tlp: "red" as const }], "add it"],
    [[{ partners: ["bob"], audience: ["ann", "ann"], tlp: "red" as const }], "once"],
  ])("refuses exceptions that can mean nothing", (exceptions, why) => {
    const checked = checkMatchPolicy(policy(exceptions), "ann");
    expect(checked).toMatchObject({ ok: false, fault: { message: expect.stringContaining(why) } });
    expect(checked).toMatchObject({ fault: { message: expect.stringContaining("match.exceptions[0]") } });
  });

  it("names each partner once, and not this party", () => {
    expect(checkMatchPolicy(policy([]), "ann")).toEqual({ ok: true, value: undefined });
    expect(checkMatchPolicy(policy([]), "cem")).toMatchObject({ ok: false, fault: { code: "bad-policy" } });
    const twice = { ...policy([]), partners: [...partners, { party: "bob", budget: 1000 }] };
    expect(checkMatchPolicy(twice, "ann")).toMatchObject({ ok: false, fault: { code: "bad-policy" } });
  });

  it("is another decision where shares or exceptions are others, and nothing else", () => {
    const plain = reachDigest({});
    expect(reachDigest(policy([]))).toBe(plain);
    expect(reachDigest({ ...policy([]), kinds: ["domain"] } as MatchPolicy)).toBe(plain);
    expect(reachDigest({ shares: false })).not.toBe(plain);
    expect(reachDigest(policy([{ partners: ["bob"], share: ONE }]))).not.toBe(plain);
  });
});

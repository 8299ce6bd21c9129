import { describe, expect, it } from "vitest";
import type { PendingShare } from "./pending.ts";
import { type ReleaseRule, whyNot } from "./rule.ts";

const rule: ReleaseRule = { audience: "unit", types: ["indicator", "malware"], tlp: "green", perHour: 2 };

function pending(changes: Partial<PendingShare> = {}): PendingShare {
  return {
    id: "1",
    source: "tool",
    view: "unit",
    came: 0,
    content: {
      title: "t",
      tlp: "green",
      collection: { root: "ab".repeat(32), count: 2 },
      items: { digest: "cd".repeat(32), size: 100 },
    },
    types: { indicator: 1, malware: 1 },
    labels: { block: 1 },
    why: null,
    releasedBy: null,
    intent: null,
    ...changes,
  };
}

const red = { content: { ...pending().content, tlp: "amber" as const } };

describe("a rule", () => {
  it("lets out what is within it in every respect, and says of anything else why not", () => {
    expect(whyNot(pending(), [rule], 1)).toBeUndefined();
    expect(whyNot(pending({ labels: {} }), [rule], 0)).toBeUndefined();
    expect(whyNot(pending(), [], 0)).toBe("no rule is for this audience");
    expect(whyNot(pending({ view: '["ann","bob"]' }), [rule], 0)).toBe("no rule is for this audience");
    expect(whyNot(pending({ types: { indicator: 1, tool: 1 } }), [rule], 0)).toBe(
      "objects of type tool are not released by rule",
    );
    expect(whyNot(pending({ labels: { block: 5, inform: 1 } }), [rule], 0)).toBe(
      "there are indicators that the gate labels inform",
    );
    expect(whyNot(pending(red), [rule], 0)).toBe("it is TLP:AMBER");
    expect(whyNot(pending(), [rule], 2)).toBe("2 were released within an hour already");
  });

  it("is for exactly its audience, in whatever order it names it; one of several is enough", () => {
    const narrow: ReleaseRule = { ...rule, audience: ["bob", "ann"], tlp: "amber", labels: ["block", "inform"] };
    const share = pending({ view: '["ann","bob"]', ...red, labels: { inform: 2 } });
    expect(whyNot(share, [rule, narrow], 0)).toBeUndefined();
    expect(whyNot(share, [{ ...narrow, perHour: 1 }, narrow], 1)).toBeUndefined();
    expect(whyNot(pending({ view: '["ann","bob","cem"]' }), [narrow], 0)).toBe("no rule is for this audience");
  });
});

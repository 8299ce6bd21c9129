import { sha256, toHex, utf8 } from "@detente/basics";
import { NEW_TAB } from "@detente/match";
import { describe, expect, it } from "vitest";
import { countFlaw, type OwnCount } from "./counted.ts";

/* This party has asked 1, 16 and 64 questions, in this order; the partner says how many. */

const DAY = 86_400_000;
const receipts = new Map([1, 17, 81].map((spent) => [spent, sha256(utf8(`receipt ${spent}`))]));

function own(change: Partial<OwnCount> = {}): OwnCount {
  const tab = { ...NEW_TAB, spent: 81 };
  return {
    tab: { tab, asked: undefined, at: 0 },
    underWay: 0,
    receiptAfter: (spent) => receipts.get(spent),
    ...change,
  };
}

function counted(spent: number, receipt = toHex(receipts.get(spent) ?? sha256(utf8("another")))) {
  return { party: "bob", spent, receipt };
}

describe("what a partner says it was asked", () => {
  it("agrees with the receipts wherever it was said, until the rest is due", () => {
    for (const spent of [1, 17, 81]) expect(countFlaw(counted(spent), own(), 3 * DAY)).toBeUndefined();
    expect(countFlaw(undefined, own(), 3 * DAY)).toBeUndefined();
    expect(countFlaw(counted(81), own(), 100 * DAY)).toBeUndefined();
    const nothing = { ...own(), tab: { tab: NEW_TAB, asked: undefined } };
    expect(countFlaw(undefined, nothing, 100 * DAY)).toBeUndefined();
  });

  it("may count a request whose answer is not here yet", () => {
    expect(countFlaw(counted(97), own({ underWay: 16 }), 0)).toBeUndefined();
    expect(countFlaw(counted(82), own({ underWay: 16 }), 0)).toContain("counts 82 questions, the receipts here 81");
    expect(countFlaw(counted(98), own({ underWay: 16 }), 0)).toContain("counts 98 questions, the receipts here 81");
  });

  it("is found out where it is more, less, or of another receipt", () => {
    expect(countFlaw(counted(97), own(), 0)).toContain("it has invented some");
    expect(countFlaw(counted(5), own(), 0)).toContain("no receipt ends there");
    expect(countFlaw(counted(17, "ab".repeat(32)), own(), 0)).toContain(
      `here is ${toHex(receipts.get(17) as Uint8Array)}`,
    );
    expect(countFlaw(counted(17), own(), 3 * DAY + 1)).toContain("counts 17 questions, the receipts here 81");
    expect(countFlaw(undefined, own(), 3 * DAY + 1)).toContain("it hides some");
  });
});

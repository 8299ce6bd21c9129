import { type Bytes, unwrap, utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { kernel } from "../testing/groups.ts";
import { ASKER, question } from "../testing/parties.ts";
import { NEW_TAB } from "./asker.ts";
import { charge, EMPTY_LEDGER, type Ledger } from "./budget.ts";

const BUDGET = { partner: 16, pool: 16 };

function request(spent: number, name: string, questions = 1): Bytes {
  const inputs = Array.from({ length: questions }, (_, i) => utf8(`domain:${name}${i}.example`));
  return question(kernel, { ...NEW_TAB, spent }, inputs, name).request;
}

function codeOf(ledger: Ledger, bytes: Bytes, budget = BUDGET): string {
  const counted = charge(ledger, budget, ASKER, bytes);
  return counted.ok ? "charged" : counted.fault.code;
}

describe("charging", () => {
  it("goes to the last question of a budget and of the pool, and no further", () => {
    expect(codeOf(EMPTY_LEDGER, request(0, "all", 16))).toBe("charged");
    expect(codeOf(EMPTY_LEDGER, request(0, "all", 16), { partner: 15, pool: 16 })).toBe("budget-exhausted");
    expect(codeOf(EMPTY_LEDGER, request(0, "all", 16), { partner: 16, pool: 15 })).toBe("pool-exhausted");
  });

  it("stops where the request before was not answered yet: it comes again before another does", () => {
    const paid = unwrap(charge(EMPTY_LEDGER, BUDGET, ASKER, request(0, "first")));
    expect(codeOf(paid, request(1, "second"))).toBe("not-countersigned");
    expect(codeOf(paid, request(0, "first"))).toBe("charged");
  });
});

import { describe, expect, it } from "vitest";
import { Strangers } from "./strangers.ts";

const rate = (burst: number) => ({ perSecond: 1, burst });
const limits = (requests: number, concurrent: number) => ({
  requests: rate(requests),
  bytes: rate(1),
  statements: rate(1),
  concurrent,
});

describe("Strangers", () => {
  it("puts off the address that asks too much, and no other", () => {
    const strangers = new Strangers({ each: limits(2, 8), all: limits(100, 8), now: () => 0 });
    const ask = (address: string): boolean => strangers.enter(address).allowed;
    expect([ask("192.0.2.1"), ask("192.0.2.1"), ask("192.0.2.1")]).toEqual([true, true, false]);
    expect(ask("192.0.2.2")).toBe(true);
    expect([ask("2001:db8::1"), ask("2001:db8::2"), ask("2001:db8::3")]).toEqual([true, true, false]);
  });

  it("bounds all together, and gives back the place of one whom that bound refuses", () => {
    const strangers = new Strangers({ each: limits(100, 1), all: limits(100, 1), now: () => 0 });
    const first = strangers.enter("192.0.2.1");
    expect(strangers.enter("192.0.2.2")).toMatchObject({ allowed: false, limit: "concurrent" });
    if (first.allowed) first.leave();
    expect(strangers.enter("192.0.2.2").allowed).toBe(true);
  });

  it.each([
    ["192.0.2.7", "::ffff:192.0.2.7", true],
    ["192.0.2.7", "192.0.2.8", false],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::6", true],
    ["2001:db8:1:2::6", "2001:db8:1:3::6", false],
    ["2001:db8::6", "2001:db8:0:0:1::", true],
    ["::1", "0:0:0:0:1::", true],
    ["::1", "1::", false],
    ["fe80::1%eth0", "fe80::2", true],
  ])("%s and %s are one caller: %s", (first, second, same) => {
    const strangers = new Strangers({ each: limits(1, 8), all: limits(100, 8), now: () => 0 });
    strangers.enter(first);
    expect(strangers.enter(second).allowed).toBe(!same);
  });
});

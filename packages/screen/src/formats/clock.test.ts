import { describe, expect, it } from "vitest";
import { parseLeadingTime } from "./clock.ts";

const iso = (line: string, writtenBy?: string): string | null => {
  const time = parseLeadingTime(line, writtenBy === undefined ? undefined : Date.parse(writtenBy));
  return time === null ? null : new Date(time).toISOString();
};

describe("times without a year", () => {
  // The first line is RFC 3164's own example (§5.4).
  it.each([
    ["<34>Oct 11 22:14:15 mymachine su: 'su root' failed", "2003-10-12T00:00:00Z", "2003-10-11T22:14:15.000Z"],
    ["Oct 11 22:14:15 mymachine su: x", "2003-10-11T22:14:15Z", "2003-10-11T22:14:15.000Z"],
    ["Oct 11 22:14:15.250 mymachine su: x", "2003-12-31T00:00:00Z", "2003-10-11T22:14:15.250Z"],
    ["Oct 11 22:14:15 mymachine su: x", "2003-10-09T00:00:00Z", "2002-10-11T22:14:15.000Z"],
    ["Dec 31 23:59:59 mx postfix/qmgr[1]: x", "2026-01-02T00:00:00Z", "2025-12-31T23:59:59.000Z"],
    // East of Greenwich the new year has come.
    ["Jan  1 00:30:00 mx postfix/qmgr[1]: x", "2025-12-31T23:30:00Z", "2026-01-01T00:30:00.000Z"],
    ["Feb 29 12:00:00 mx postfix/qmgr[1]: x", "2027-06-01T00:00:00Z", "2024-02-29T12:00:00.000Z"],
  ])("%s, written by %s", (line, writtenBy, time) => {
    expect(iso(line, writtenBy)).toBe(time);
  });

  it("are none where nobody knows when they were written, and where there is no such day", () => {
    expect(iso("Oct 11 22:14:15 mymachine su: x")).toBeNull();
    expect(iso("Feb 30 12:00:00 mx x", "2026-06-01T00:00:00Z")).toBeNull();
    expect(iso("Oct 11 25:14:15 mx x", "2026-06-01T00:00:00Z")).toBeNull();
  });

  it("may have one after all", () => {
    expect(iso("<166>May 01 2019 12:00:00: %ASA-6-302013: x", "2026-06-01T00:00:00Z")).toBe("2019-05-01T12:00:00.000Z");
    expect(iso("May 01 2019 12:00:00 fw x")).toBe("2019-05-01T12:00:00.000Z");
  });
});

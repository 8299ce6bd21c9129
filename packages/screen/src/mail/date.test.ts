import { describe, expect, it } from "vitest";
import { parseMailboxTime, parseMailTime } from "./date.ts";

const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

describe("the date of a message", () => {
  // Appendices A.1.1 and A.6.2 of RFC 5322 have the first two; the rest are of its §4.3.
  it.each([
    ["Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T15:55:06.000Z"],
    ["21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06.000Z"],
    ["Thu, 01 Jan 04 00:00:00 UT", "2004-01-01T00:00:00.000Z"],
    ["Sat, 1 Jan 101 00:00:00 Z", "2001-01-01T00:00:00.000Z"],
    ["Fri, 1 May 2026 12:00:00 EST", "2026-05-01T17:00:00.000Z"],
    ["Fri, 1 May 2026 12:00:00 EDT", "2026-05-01T16:00:00.000Z"],
    ["Fri, 1 May 2026 12:00:00 CST", "2026-05-01T18:00:00.000Z"],
    ["Fri, 1 May 2026 12:00:00 CDT", "2026-05-01T17:00:00.000Z"],
    ["Fri, 1 May 2026 12:00:00 MST", "2026-05-01T19:00:00.000Z"],
    ["Fri, 1 May 2026 12:00:00 MDT", "2026-05-01T18:00:00.000Z"],
    ["Fri, 1 May 2026 12:00:00 PST", "2026-05-01T20:00:00.000Z"],
    ["Fri, 1 May 2026 12:00:00 PDT", "2026-05-01T19:00:00.000Z"],
    ["Fri, 1 May 2026 12:00:00 CEST", "2026-05-01T12:00:00.000Z"],
    ["Fri, 1 May 2026 12:00:00 A", "2026-05-01T12:00:00.000Z"],
    ["yesterday", null],
  ])("%s", (text, expected) => {
    expect(iso(parseMailTime(text))).toBe(expected);
  });
});

it("is read from a mailbox's line (RFC 4155 appendix A)", () => {
  expect(iso(parseMailboxTime("From a@b.test Thu Jan  1 00:00:01 1998"))).toBe("1998-01-01T00:00:01.000Z");
  expect(iso(parseMailboxTime("From 17@xxx Fri May 01 12:00:00 +0200 2026"))).toBe("2026-05-01T10:00:00.000Z");
});

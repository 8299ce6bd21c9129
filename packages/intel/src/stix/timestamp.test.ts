import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTimestamps, isTimestamp, timestampMillis } from "./timestamp.ts";

describe("timestamps (STIX 2.1 §2.16)", () => {
  it("are RFC 3339 in UTC, days that exist only", () => {
    for (const good of [
      "2016-01-20T12:31:12.123Z",
      "2016-01-20T12:31:12Z",
      "2016-12-31T23:59:60Z",
      "2024-02-29T00:00:00.1Z",
    ]) {
      expect(isTimestamp(good)).toBe(true);
    }
    for (const bad of [
      "2016-01-20T12:31:12+00:00",
      "2016-01-20t12:31:12z",
      "2016-01-20 12:31:12Z",
      "2016-01-20T12:31Z",
      "2016-01-20T12:31:12.Z",
      "2023-02-29T00:00:00Z",
      "2016-13-01T00:00:00Z",
      "2016-01-01T24:00:00Z",
      "2016-01-20",
      `2016-01-20T12:31:12.${"1".repeat(60)}Z`,
    ]) {
      expect(isTimestamp(bad)).toBe(false);
    }
  });

  it("are ordered to their last digit", () => {
    expect(compareTimestamps("2016-01-20T12:31:12Z", "2016-01-20T12:31:12.000Z")).toBe(0);
    expect(compareTimestamps("2016-01-20T12:31:12.000001Z", "2016-01-20T12:31:12.000002Z")).toBe(-1);
    expect(compareTimestamps("2016-01-20T12:31:12.1Z", "2016-01-20T12:31:12.09Z")).toBe(1);
    expect(compareTimestamps("2016-01-20T12:31:10Z", "2016-01-20T12:31:10.5Z")).toBe(-1);
  });

  it("agree with dates where these are exact", () => {
    const date = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(date, date, (a, b) => {
        expect(isTimestamp(a.toISOString())).toBe(true);
        expect(timestampMillis(a.toISOString())).toBe(a.getTime());
        expect(compareTimestamps(a.toISOString(), b.toISOString())).toBe(Math.sign(a.getTime() - b.getTime()));
      }),
      { numRuns: 200 },
    );
    expect(timestampMillis("1969-12-31T23:59:59.999999Z")).toBe(-1);
    expect(timestampMillis("2016-12-31T23:59:60Z")).toBe(Date.UTC(2017, 0, 1));
  });
});

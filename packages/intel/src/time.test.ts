import * as fc from "fast-check";
import { expect, it } from "vitest";
import { parseTime } from "./time.ts";

it("reads RFC 3339 as Date.parse does", () => {
  const range = { min: new Date(0), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true };
  fc.assert(
    fc.property(fc.date(range), (date) => {
      expect(parseTime(date.toISOString())).toBe(date.getTime());
    }),
  );
  for (const text of ["2026-05-01T12:00:00+02:00", "2026-05-01T12:00:00.5-07:00", "2026-05-01"]) {
    expect(parseTime(text)).toBe(Date.parse(text));
  }
});

it("reads what logs and feeds write", () => {
  const noon = Date.UTC(2026, 4, 1, 12);
  expect(parseTime("2026-05-01 12:00:00")).toBe(noon);
  expect(parseTime("2026-05-01T12:00:00.123456+0000")).toBe(noon + 123);
  expect(parseTime("2026-05-01 12:00:00 UTC")).toBe(noon);
  expect(parseTime("1777636800")).toBe(noon);
  expect(parseTime("1777636800.999999")).toBe(noon + 999);
  expect(parseTime("1777636800000")).toBe(noon);
});

it("refuses what is no time", () => {
  for (const text of [
    "",
    "yesterday",
    "2026-02-30",
    "2026-13-01T00:00:00Z",
    "2026-05-01T24:00:00Z",
    "12",
    "1960-01-01",
  ]) {
    expect(parseTime(text)).toBeUndefined();
  }
});

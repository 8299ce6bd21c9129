import * as fc from "fast-check";
import { expect, it } from "vitest";
import { parseTime, utcTime } from "./time.ts";

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
  expect(parseTime("2026-05-01 12:00")).toBe(noon);
  expect(parseTime("2026-05-01T12:00Z")).toBe(noon);
  expect(parseTime(" 2026-05-01t14:30:59,9 +0230")).toBe(noon + 59_900);
  expect(parseTime("2026-05-01T11:59:60.000000001Z")).toBe(noon);
  expect(parseTime("1777636800")).toBe(noon);
  expect(parseTime("1777636800.999999")).toBe(noon + 999);
  expect(parseTime("1777636800000")).toBe(noon);
});

it("knows the calendar as Date does", () => {
  const wrong: string[] = [];
  for (let year = 1970; year <= 2410; year++) {
    for (let month = 1; month <= 12; month++) {
      for (const day of [1, 27, 28, 29, 30, 31, 32]) {
        const date = new Date(Date.UTC(year, month - 1, day));
        const expected = date.getUTCMonth() === month - 1 ? date.getTime() : undefined;
        if (utcTime([year, month, day], 0, 0) !== expected) wrong.push(`${year}-${month}-${day}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(utcTime([2026, 0, 1], 0, 0)).toBeUndefined();
  expect(utcTime([2026, 13, 1], 0, 0)).toBeUndefined();
  expect(utcTime([2026, 1, 0], 0, 0)).toBeUndefined();
  expect(utcTime([2026, 1, Number.NaN], 0, 0)).toBeUndefined();
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

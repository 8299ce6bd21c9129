import { utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { indicator, uuid } from "../testing/exchange.ts";
import { checkObject, isTimestamp } from "./object-check.ts";

const check = (value: unknown): unknown => {
  const checked = checkObject(utf8(typeof value === "string" ? value : JSON.stringify(value)));
  return checked.ok ? checked.value : checked.fault.message;
};
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

describe("an object", () => {
  it("is known by its id, and dated by modified, else by created, in its own digits", () => {
    const { id } = indicator(1);
    const known = { id, type: "indicator", specVersion: "2.1" };
    expect(check({ ...indicator(1), modified: "2020-01-01T00:00:00.10Z" })).toEqual({
      ...known,
      version: "2020-01-01T00:00:00.10Z",
    });
    expect(check({ ...indicator(1), modified: undefined })).toEqual({ ...known, version: "2020-01-01T00:00:00Z" });
    expect(check({ ...indicator(1), spec_version: undefined })).toMatchObject({ specVersion: "2.0" });
    const domain = { type: "domain-name", id: `domain-name--${uuid(1)}` };
    expect(check(domain)).toEqual({ ...domain, specVersion: "2.1", version: undefined });
  });

  it("is refused with a reason where it is none", () => {
    const refused: [unknown, string][] = [
      ["[]", "is not a JSON object"],
      ["{", "is not JSON"],
      [{ type: "indicator" }, "has no id"],
      [{ ...indicator(1), id: "indicator--1" }, "not of the form"],
      [{ ...indicator(1), id: indicator(1).id.toUpperCase() }, "not of the form"],
      [{ ...indicator(1), type: "malware" }, "another type"],
      [{ type: "bundle", id: `bundle--${uuid(1)}` }, "is a bundle"],
      [{ ...indicator(1), modified: "2020-01-01" }, "modified: is not a timestamp"],
      [{ ...indicator(1), created: 5 }, "created: is not a timestamp"],
      [{ ...indicator(1), spec_version: 2.1 }, "spec_version"],
      [JSON.stringify(indicator(1)).replace("{", `{"x":${nested(60)},`), "deeper than 60"],
      [{ ...indicator(1), x: "x".repeat(8 << 20) }, "bytes, at most"],
    ];
    const shown = refused.map(([value, why]) => [why, String(check(value)).includes(why)]);
    expect(shown).toEqual(refused.map(([, why]) => [why, true]));
    expect(check(JSON.stringify(indicator(1)).replace("{", `{"x":${nested(58)},`))).toMatchObject({
      type: "indicator",
    });
  });

  it("has timestamps of days that exist", () => {
    const good = ["2020-02-29T23:59:59Z", "2020-02-29T00:00:00.123456789Z"];
    const bad = [
      "2021-02-29T00:00:00Z",
      "2020-13-01T00:00:00Z",
      "2020-01-01T24:00:01Z",
      "2020-01-01T00:00:00+00:00",
      "2020-01-01t00:00:00z",
      5,
    ];
    expect([good.filter(isTimestamp), bad.filter(isTimestamp)]).toEqual([good, []]);
  });
});

import { expect, it } from "vitest";
import { versionOf } from "./version.ts";

const version = (modified: unknown, kind: "domain" | "observable" = "domain"): string | undefined =>
  versionOf({ class: kind, view: modified === undefined ? {} : { modified } });

it("is the moment of `modified`, a greater text for a later one, to the last digit (STIX 2.1 §3.6)", () => {
  const rising = [
    "2016-01-20T12:31:12Z",
    "2016-01-20T12:31:12.000001Z",
    "2016-01-20T12:31:12.09Z",
    "2016-01-20T12:31:12.1Z",
  ];
  const versions = rising.map((text) => version(text) ?? "");
  expect(versions.toSorted()).toEqual(versions);
  expect(new Set(versions).size).toBe(4);
  expect(version("2016-01-20T12:31:12.100Z")).toBe(version("2016-01-20T12:31:12.1Z"));
});

it("is nothing for observables, whatever they say, nor for what has no such timestamp", () => {
  expect(version("2016-01-20T12:31:12Z", "observable")).toBeUndefined();
  for (const modified of [undefined, "2016", "9999-99-99T00:00:00Z", 5]) expect(version(modified)).toBeUndefined();
});

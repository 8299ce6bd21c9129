import { utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { indicator, uuid } from "../testing/exchange.ts";
import { checkObject } from "./object-check.ts";

const check = (value: unknown): unknown => {
  const checked = checkObject(utf8(typeof value === "string" ? value : JSON.stringify(value)));
  return checked.ok ? checked.value : checked.fault.message;
};

describe("an object", () => {
  it("is known by its id, and dated by modified, else by created, in its own digits", () => {
    const { id } = indicator(1);
    const known = { id, type: "indicator" };
    expect(check({ ...indicator(1), modified: "2020-01-01T00:00:00.10Z" })).toEqual({
      ...known,
      version: "2020-01-01T00:00:00.10Z",
    });
    const marking = {
      type: "marking-definition",
      spec_version: "2.1",
      id: `marking-definition--${uuid(1)}`,
      created: "2020-01-01T00:00:00Z",
      definition_type: "statement",
      definition: { statement: "(c)" },
    };
    expect(check(marking)).toMatchObject({ version: "2020-01-01T00:00:00Z" });
  });

  it("is, if observable, also known by what its content gives, whatever id it claims", () => {
    const domain = { type: "domain-name", id: `domain-name--${uuid(1)}`, value: "example.com" };
    // The UUIDv5 of {"value":"example.com"} in the namespace of STIX 2.1 §2.9, by Python's uuid module.
    const contentId = "domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7";
    expect(check(domain)).toEqual({ type: domain.type, id: domain.id, contentId, version: undefined });
  });

  it("is refused with a reason where it is none", () => {
    const refused: [unknown, string][] = [
      ["[]", "is not a JSON object"],
      ["{", "is not JSON"],
      [{ type: "indicator" }, "missing"],
      [{ ...indicator(1), id: "indicator--1" }, "id: "],
      [{ ...indicator(1), id: `malware--${uuid(1)}` }, "does not begin with the type"],
      [{ type: "bundle", id: `bundle--${uuid(1)}` }, "is a bundle"],
      [{ ...indicator(1), modified: "2020-01-01" }, "modified: "],
      [{ ...indicator(1), spec_version: undefined }, "as in STIX 2.0"],
      [{ ...indicator(1), pattern: undefined }, "pattern: is missing"],
      [{ ...indicator(1), x: "x".repeat(8 << 20) }, "bytes, at most"],
    ];
    const shown = refused.map(([value, why]) => [why, String(check(value)).includes(why)]);
    expect(shown).toEqual(refused.map(([, why]) => [why, true]));
  });
});

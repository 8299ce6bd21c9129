import { utf8, utf8Decode } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readStixBundle } from "./bundle.ts";
import { entriesAt, scanJson } from "./json-scan.ts";

const ID = "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d";
const tool = `{ "type":"tool", "spec_version":"2.1", "id":"tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
  "created":"2016-04-06T20:03:48.000Z","modified":"2016-04-06T20:03:48.000Z","name":"a, \\"]}\\\\" , "x_n": 1.50 }`;
const domain = '{"type":"domain-name","id":"domain-name--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","value":"example.com"}';

describe("bundles", () => {
  it("come apart into their objects, byte for byte, bad ones among good ones", () => {
    for (const text of [
      `{"type":"bundle","id":"${ID}","objects":[ ${tool} ,5,${domain}, {"type":"tool"}]}`,
      `\n{"more":true,"next":"[","objects":[${tool},5,${domain},{"type":"tool"}]}`,
      `[${tool},5,${domain},{"type":"tool"}]`,
    ]) {
      const bundle = readStixBundle(utf8(text));
      if (!bundle.ok) throw new Error(bundle.fault.message);
      const texts = bundle.value.objects.map((object) =>
        object.ok ? utf8Decode(object.value.bytes) : object.fault.code,
      );
      expect(texts).toEqual([tool, "not-an-object", domain, "unsupported-version"]);
    }
  });

  it("may be empty", () => {
    expect(readStixBundle(utf8(`{"type":"bundle","id":"${ID}"}`))).toEqual({
      ok: true,
      value: { id: ID, objects: [] },
    });
    expect(readStixBundle(utf8('{"objects":[]}'))).toEqual({ ok: true, value: { objects: [] } });
  });

  it.each([
    ["5", "not-a-bundle"],
    ["{}", "not-a-bundle"],
    ['{"type":"bundle","objects":[]}', "not-a-bundle"],
    [`{"type":"bundle","id":"${ID}","objects":{}}`, "not-a-bundle"],
    ['{"objects":[],"objects":[]}', "not-a-bundle"],
    ["{", "not-json"],
  ])("are refused: %s", (text, code) => {
    expect(readStixBundle(utf8(text))).toMatchObject({ ok: false, fault: { code } });
  });
});

describe("scanning JSON", () => {
  it("finds the entries that JSON.parse finds, and nothing wrong", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 6 }),
        fc.constantFrom(undefined, 1, "\t"),
        (list, indent) => {
          const text = JSON.stringify(list, null, indent);
          expect(entriesAt(text, 0).map(({ start, end }) => JSON.parse(text.slice(start, end)) as unknown)).toEqual(
            JSON.parse(text),
          );
          expect(scanJson(text, 64)).toBeUndefined();
          const object = JSON.stringify({ 'a"\\': list, b: 1 }, null, indent);
          expect(entriesAt(object, 0).map(({ name }) => name)).toEqual(['a"\\', "b"]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

import { unwrap, utf8 } from "@detente/basics";
import { expect, it } from "vitest";
import { indicatorsIn } from "./indicators-in.ts";
import { readStixObject } from "./object.ts";

/** An indicator as STIX 2.1 §4.7 has it. */
const INDICATOR = {
  type: "indicator",
  spec_version: "2.1",
  id: "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
  created: "2016-04-06T20:03:48.000Z",
  modified: "2016-04-06T20:03:48.000Z",
  pattern:
    "[domain-name:value = 'EVIL.example' OR domain-name:value = 'evil.example'] OR [ipv4-addr:value = '203.0.113.7']",
  pattern_type: "stix",
  valid_from: "2016-01-01T00:00:00Z",
};

function found(changes: object): string[] {
  const object = unwrap(readStixObject(utf8(JSON.stringify({ ...INDICATOR, ...changes }))));
  return indicatorsIn(object).map(({ kind, value }) => `${kind} ${value}`);
}

it("finds each value that a pattern lists, once, in canonical form, with what the indicator says of it", () => {
  expect(found({})).toEqual(["domain evil.example", "ipv4 203.0.113.7"]);
  const rich = { confidence: 70, labels: ["phishing"], valid_until: "2017-01-01T00:00:00Z", name: "bait" };
  const object = unwrap(readStixObject(utf8(JSON.stringify({ ...INDICATOR, ...rich }))));
  expect(indicatorsIn(object)[0]).toEqual({
    kind: "domain",
    value: "evil.example",
    labels: ["phishing"],
    description: "bait",
    confidence: 70,
    first: Date.UTC(2016, 0, 1),
    until: Date.UTC(2017, 0, 1),
    source: INDICATOR.id,
  });
});

it.each([
  ["was revoked", { revoked: true }],
  ["is said to be benign", { indicator_types: ["benign"] }],
  ["is narrowed by AND", { pattern: "[domain-name:value = 'evil.example' AND url:value = 'http://evil.example/']" }],
  ["is in another language", { pattern_type: "yara", pattern: "rule x { condition: true }" }],
  ["is no value that is looked for", { pattern: "[process:name = 'evil.exe']" }],
])("finds none in what %s", (_, changes) => {
  expect(found(changes)).toEqual([]);
});

it("finds none in observables", () => {
  const object = {
    type: "domain-name",
    id: "domain-name--3c10e93f-798e-5a26-a0c1-08156efab7f5",
    value: "evil.example",
  };
  expect(indicatorsIn(unwrap(readStixObject(utf8(JSON.stringify(object)))))).toEqual([]);
});

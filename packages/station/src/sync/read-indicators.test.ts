import { concatBytes, unwrap, utf8 } from "@detente/basics";
import { TLP_MARKINGS } from "@detente/intel";
import { type ObjectsContent, ObjectsWriter } from "@detente/record";
import { expect, test } from "vitest";
import { blobInPieces } from "../testing/blob-in-pieces.ts";
import { type FoundIndicator, type FoundInShare, type FoundVersion, readIndicators } from "./read-indicators.ts";

const MODIFIED = "2026-11-01T00:00:00Z";

const ID_3 = "indicator--00000000-0000-4000-8000-0000000000a3";

function observable(value: string, modified: string): string {
  return JSON.stringify({
    type: "domain-name",
    id: "domain-name--00000000-0000-4000-8000-000000000001",
    value,
    modified,
  });
}

function indicator(number: number, domain: string, more: object = {}): string {
  return JSON.stringify({
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--00000000-0000-4000-8000-0000000000a${number}`,
    created: MODIFIED,
    modified: MODIFIED,
    name: `the ${domain} wave`,
    pattern: `[domain-name:value = '${domain}']`,
    pattern_type: "stix",
    valid_from: MODIFIED,
    ...more,
  });
}

test("an object's own label goes with what it names, of several versions the newest counts, and words are found of all", async () => {
  const objects = [
    indicator(1, "clear.example"),
    // Its author labelled the share laxer than this object.
    indicator(2, "red.example", { object_marking_refs: [TLP_MARKINGS.red] }),
    indicator(3, "old.example"),
    indicator(3, "new.example", { modified: "2026-11-02T00:00:00Z" }),
    `{"type":"no STIX at all"}`,
    // As new, and said later; an id in other letters is the same.
    indicator(3, "newest.example", {
      modified: "2026-11-02T00:00:00.000Z",
      id: ID_3.toUpperCase().replace("INDICATOR", "indicator"),
    }),
    indicator(3, "older.example", { revoked: true }),
    // Observables have no versions, whatever they say.
    observable("one.example", "2026-11-01T00:00:00Z"),
    observable("one.example", "2026-11-02T00:00:00Z"),
  ];
  const writer = new ObjectsWriter(new Uint8Array(32).fill(7), objects.length);
  for (const object of objects) unwrap(writer.push(utf8(object)));
  const { pieces, collection, items } = writer.end();
  const content: ObjectsContent = { title: "t", tlp: "clear", collection, items };
  const found: FoundIndicator[] = [];
  const words: FoundInShare["words"][number][] = [];
  const versions: FoundVersion[] = [];
  const read = await readIndicators(blobInPieces(concatBytes(...pieces), 100), { kind: "objects", content }, (some) => {
    found.push(...some.items);
    words.push(...some.words);
    versions.push(...some.versions);
  });
  expect(read?.ok).toBe(true);
  expect(found.map(({ index, indicator: { value }, tlp }) => [index, value, tlp])).toEqual([
    [0, "clear.example", undefined],
    [1, "red.example", "red"],
    [5, "newest.example", undefined],
  ]);
  expect(words.map(({ index }) => index)).toEqual([0, 1, 5, 7, 8]);
  expect(words[2]?.text).toContain("the newest.example wave");
  expect(versions.map(({ index, version, isRevoked }) => [index, version, isRevoked])).toEqual([
    [0, "2026-11-01T00:00:00", false],
    [1, "2026-11-01T00:00:00", false],
    [5, "2026-11-02T00:00:00", false],
  ]);
});

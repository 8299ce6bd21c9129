import { describe, expect, it } from "vitest";
import { readIndicators } from "../read/read-indicators.ts";
import type { IndicatorFile } from "../read/report.ts";
import type { SharingGoal } from "./distribution.ts";

/* Events after the definitions of the MISP core format (draft-dulaunoy-misp-core-format). */

const GROUP = "4f6e3c0a-5a51-4f0e-9b1c-0d8a8e2f9a11";
const domain = (name: string, more: object = {}): object => ({
  type: "domain",
  category: "Network activity",
  to_ids: true,
  value: `${name}.example`,
  ...more,
});
const read = (event: object, goal?: SharingGoal): IndicatorFile =>
  readIndicators("event.json", JSON.stringify({ Event: { info: "x", ...event } }), goal);
const goal = (more: Partial<SharingGoal> = {}): SharingGoal => ({
  audience: "unit",
  tlp: "amber",
  groups: new Map([[GROUP, ["alpha", "bravo", "charlie"]]]),
  ...more,
});
const said = (file: IndicatorFile): string[] => file.rejected.map(({ place, code }) => `${place} ${code}`);
const reasons = (file: IndicatorFile): string => file.rejected.map(({ message }) => message).join("\n");

describe("what an attribute says beside its value", () => {
  it("is kept where export would give something else: its type, the other half, its category", () => {
    const { items } = read({
      Attribute: [
        { type: "ip-src", category: "Network activity", value: "203.0.113.9" },
        { type: "ip-dst", category: "Payload delivery", value: "203.0.113.10" },
        { type: "ip-dst|port", category: "Network activity", value: "203.0.113.11|443" },
        { type: "domain|ip", category: "Network activity", value: "evil.example|203.0.113.12" },
        { type: "filename|md5", category: "Payload delivery", value: "a|b.exe|cead3f77f6cda6ec00f57d76c9a6879f" },
        { type: "hostname", category: "Network activity", value: "host.evil.example" },
        {
          type: "malware-sample",
          category: "Artifacts dropped",
          value: "c.exe|dead3f77f6cda6ec00f57d76c9a6879f",
          data: "UEs",
        },
        { type: "ip-dst", category: "Network activity", value: "203.0.113.9" },
        { type: "ip-dst", category: "Network activity", value: "203.0.113.13" },
      ],
    });
    expect(
      items.map(({ value, labels = [] }) => [value, ...labels.filter((label) => label.startsWith("misp:"))]),
    ).toEqual([
      ["203.0.113.9", 'misp:type="ip-dst"', 'misp:type="ip-src"'],
      ["203.0.113.10", 'misp:category="Payload delivery"'],
      ["203.0.113.11", 'misp:ip-dst|port="443"'],
      ["evil.example", 'misp:domain|ip="203.0.113.12"'],
      ["203.0.113.12", 'misp:domain|ip="evil.example"'],
      ["cead3f77f6cda6ec00f57d76c9a6879f", 'misp:filename|md5="a|b.exe"'],
      ["host.evil.example", 'misp:type="hostname"'],
      ["dead3f77f6cda6ec00f57d76c9a6879f", 'misp:category="Artifacts dropped"', 'misp:filename|md5="c.exe"'],
      ["203.0.113.13"],
    ]);
  });

  it("has tags of the event and clusters of galaxies too; confidence is read from them", () => {
    const { items, ignored } = read({
      Tag: [{ name: 'misp:confidence-level="rarely-confident"' }, { name: "type:OSINT" }, { name: "own", local: 1 }],
      Galaxy: [{ name: "Threat Actor", GalaxyCluster: [{ tag_name: 'misp-galaxy:threat-actor="Anunak"' }] }],
      Attribute: [
        domain("a", { Tag: [{ name: 'misp:confidence-level="usually-confident"' }, { name: "TLP:GREEN" }] }),
        domain("b", { Tag: [{ name: "kept", exportable: false }] }),
        domain("c", { Tag: [{ name: 'detente:confidence="83"' }, { name: 'detente:source="indicator--1"' }] }),
      ],
    });
    const labels = ['misp-galaxy:threat-actor="Anunak"', "type:OSINT"];
    expect(items).toEqual([
      { kind: "domain", value: "a.example", labels, confidence: 75 },
      { kind: "domain", value: "b.example", labels, confidence: 25 },
      { kind: "domain", value: "c.example", labels, confidence: 83, source: "indicator--1" },
    ]);
    expect(ignored).toEqual([{ what: "tags that MISP keeps to itself", count: 2 }]);
  });

  it("reads the Admiralty scale and keeps its tag (STIX 2.1 appendix A: 2 is 70)", () => {
    const tag = 'admiralty-scale:information-credibility="2"';
    expect(read({ Attribute: [domain("a", { Tag: [{ name: tag }] })] }).items[0]).toMatchObject({
      labels: [tag],
      confidence: 70,
    });
  });

  it("loses nothing silently: what is cut, turned round or does not fit is remarked upon", () => {
    const { items, remarks } = read({
      Attribute: [
        domain("a", { Tag: [{ name: "x".repeat(101) }] }),
        domain("b", { comment: "two\nlines" }),
        domain("c", { first_seen: "2026-02-01T00:00:00+00:00", last_seen: "2026-01-01T00:00:00+00:00" }),
        domain("d", { first_seen: "soon" }),
        domain("e", { Tag: Array.from({ length: 33 }, (_, i) => ({ name: `tag-${i}` })) }),
      ],
    });
    expect(remarks.map(({ place, code }) => `${place} ${code}`)).toEqual([
      "Event.Attribute[0] label-left-out",
      "Event.Attribute[1] text-cut",
      "Event.Attribute[2] bad-time",
      "Event.Attribute[3] bad-time",
      "Event.Attribute[4] label-left-out",
    ]);
    expect(items[2]).toEqual({ kind: "domain", value: "c.example" });
    expect(items[4]?.labels).toHaveLength(32);
  });

  it("counts what has no counterpart, and takes an object's times for its attributes", () => {
    const { items, ignored, rejected } = read({
      Attribute: [],
      EventReport: [{ name: "r" }],
      ShadowAttribute: [{}, {}],
      Object: [
        {
          name: "file",
          first_seen: "2026-05-01T00:00:00.000000+00:00",
          ObjectReference: [{}, {}],
          Attribute: [
            { type: "md5", value: "cead3f77f6cda6ec00f57d76c9a6879f" },
            { type: "ssdeep", value: "3:a:b" },
          ],
        },
        { name: "gone", deleted: true, Attribute: [domain("gone")] },
      ],
    });
    expect(items.map(({ first }) => first)).toEqual([Date.UTC(2026, 4, 1)]);
    expect(rejected.map(({ place, code }) => `${place} ${code}`)).toEqual([
      "Event.Object[0].Attribute[1] unsupported-type",
      "Event.Object[1].Attribute[0] deleted",
    ]);
    expect(ignored).toEqual([
      { what: 'bonds of MISP objects "file", whose attributes are read one by one', count: 1 },
      { what: "references between MISP objects", count: 2 },
      { what: 'bonds of MISP objects "gone", whose attributes are read one by one', count: 1 },
      { what: "EventReport of MISP events", count: 1 },
      { what: "ShadowAttribute of MISP events", count: 2 },
    ]);
  });
});

describe("sightings (types 0 seen, 1 false positive, 2 expires, 3 confirmed)", () => {
  it("of other organisations are opinions, the latest of each; expiry goes into the item", () => {
    const by = (name: string): object => ({ Organisation: { name, uuid: `${name}-uuid` } });
    const file = read({
      Orgc: { name: "author", uuid: "author-uuid" },
      Attribute: [
        domain("a", {
          Sighting: [
            { type: "0", date_sighting: "1780000000", ...by("one") },
            { type: "1", date_sighting: "1780000100", ...by("one") },
            { type: "3", date_sighting: "1780000050", ...by("two") },
            { type: "0", date_sighting: "1780000060", ...by("author") },
            { type: "1", date_sighting: "1780000060" },
            { type: "2", date_sighting: "1790000000", ...by("one") },
            { type: "9", date_sighting: "1790000000", ...by("two") },
          ],
        }),
      ],
    });
    expect(file.items[0]?.until).toBe(1_790_000_000_000);
    expect([...file.opinions]).toEqual([
      ["domain a.example", { sighted: 1, refuted: 1, lastSighted: 1_780_000_050_000 }],
    ]);
    expect(file.ignored).toEqual([
      { what: "sightings by the author of an event, or by nobody", count: 2 },
      { what: "sightings of a type that is not known", count: 1 },
    ]);
  });
});

describe("distribution", () => {
  const each = [undefined, "0", "1", "2", "3", "4", "5", "7", 0].map((distribution, i) =>
    domain(`a${i}`, { distribution }),
  );

  it("keeps in what is for its author's organisation, for a group that is not stated, or unknown", () => {
    const file = read({ distribution: "3", Attribute: each }, goal());
    expect(file.items.map(({ value }) => value)).toEqual(
      ["a0", "a2", "a3", "a4", "a6"].map((name) => `${name}.example`),
    );
    expect(said(file)).toEqual([1, 5, 7, 8].map((i) => `Event.Attribute[${i}] not-for-audience`));
    expect(reasons(file)).toMatch(
      /own organisation only[\s\S]*sharing group that it does not name[\s\S]*"7", which is not/,
    );
    // Nothing is to go anywhere: everything is read.
    expect(read({ distribution: "0", Attribute: each }).items).toHaveLength(9);
  });

  it("of an event or object holds for all in it", () => {
    const inner = { Attribute: [domain("a", { distribution: "5" })], Object: [] };
    expect(said(read({ distribution: "0", ...inner }, goal()))).toEqual(["Event.Attribute[0] not-for-audience"]);
    const object = { name: "o", distribution: "0", Attribute: [domain("b", { distribution: "3" })] };
    expect(said(read({ distribution: "3", Attribute: [], Object: [object] }, goal()))).toEqual([
      "Event.Object[0].Attribute[0] not-for-audience",
    ]);
  });

  it("stands in the head of the event where a search answers with attributes alone, and is asked for", () => {
    const answer = (more: object): string[] => {
      const response = { Attribute: [domain("a", { distribution: "5", ...more })] };
      return said(readIndicators("x.json", JSON.stringify({ response }), goal()));
    };
    expect(answer({ Event: { distribution: "1" } })).toEqual([]);
    expect(answer({ Event: { distribution: "0" } })).toEqual(["response.Attribute[0] not-for-audience"]);
    expect(answer({ Event: { distribution: "3" }, Object: { distribution: "0" } })).toHaveLength(1);
    expect(answer({})).toHaveLength(1);
    expect(answer({ distribution: {} })).toHaveLength(1);
  });

  it("of a sharing group reaches the parties it was stated to be, and no others", () => {
    const event = { distribution: "4", SharingGroup: { uuid: GROUP.toUpperCase() }, Attribute: [domain("a")] };
    const taken = (more: Partial<SharingGoal>): number => read(event, goal(more)).items.length;
    expect(taken({ audience: ["alpha", "bravo"] })).toBe(1);
    expect(taken({ audience: ["alpha", "delta"] })).toBe(0);
    expect(taken({ audience: "unit" })).toBe(0);
    expect(taken({ audience: ["alpha"], groups: new Map() })).toBe(0);
  });

  it("a share's label may not be laxer than the tags, an unknown TLP tag excludes everybody", () => {
    const tagged = (name: string, more: Partial<SharingGoal> = {}): string =>
      reasons(read({ Tag: [{ name }], Attribute: [domain("a")] }, goal(more)));
    expect(tagged("tlp:white")).toBe("");
    expect(tagged("tlp:amber")).toBe("");
    expect(tagged("tlp:amber+strict")).toContain("stricter than TLP:AMBER");
    expect(tagged("tlp:red")).toContain("named parties only");
    expect(tagged("tlp:red", { audience: ["alpha", "bravo"], tlp: "red" })).toBe("");
    expect(tagged("tlp:ex:chr")).toContain('"tlp:ex:chr", which is not known here');
  });

  it("a TLP tag counts too where it is local, or on the head of the event in an answer of a search", () => {
    const red = [{ name: "TLP:RED", local: true }];
    const reached = (event: object): number => read({ distribution: "3", ...event }, goal()).items.length;
    expect(reached({ Attribute: [domain("a")] })).toBe(1);
    expect(reached({ Tag: red, Attribute: [domain("a")] })).toBe(0);
    expect(reached({ Attribute: [domain("a", { Tag: red })] })).toBe(0);
    expect(reached({ Attribute: [domain("a", { Event: { distribution: "3", Tag: [{ name: "tlp:red" }] } })] })).toBe(0);
    // As a label it is of no use to anybody.
    expect(read({ Tag: red, Attribute: [domain("a")] }).items).toEqual([{ kind: "domain", value: "a.example" }]);
  });
});

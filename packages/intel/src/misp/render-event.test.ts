import type { Json } from "@detente/basics";
import { INDICATOR_KINDS } from "@detente/record";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Item, makeItem } from "../item.ts";
import { unwrap } from "@detente/basics";
import { canonicalIndicator } from "../canonical/canonical.ts";
import { readIndicators } from "../read/read-indicators.ts";
import { stixIndicatorId } from "../export/stix-indicator.ts";
import { type MispShare, mispEventId, renderMispEvent } from "./render-event.ts";

const SHARE = "1a2b3c4d5e6f".padEnd(64, "0");
const AT = Date.UTC(2026, 10, 26, 1, 2, 3);
const share = (items: readonly Item[], more: Partial<MispShare> = {}): MispShare => ({
  share: SHARE,
  party: "alpha",
  title: "Phishing",
  tlp: "amber",
  audience: "unit",
  at: AT,
  items: items.map((item, index) => ({ item, index })),
  ...more,
});
const back = (document: Json): readonly Item[] => readIndicators("x.json", JSON.stringify(document)).items;
const sorted = (items: readonly Item[]): Item[] => items.toSorted((a, b) => (a.value < b.value ? -1 : 1));

type Fields = Readonly<Record<string, unknown>>;
interface EventFields extends Fields {
  readonly Attribute: readonly Fields[];
  readonly Tag: readonly { readonly name: string }[];
}
const eventOf = (document: Json): EventFields => (document as unknown as { readonly Event: EventFields }).Event;

describe("an event made of a share", () => {
  it("bears the share's marking and no other, whatever its items are labelled", () => {
    const items: Item[] = ["a.example", "b.example"].map((value) => ({ kind: "domain", value, labels: ["TLP:CLEAR"] }));
    const event = eventOf(renderMispEvent(share([...items, { kind: "domain", value: "c.example" }])).document);
    expect(event.Tag.map(({ name }) => name)).toEqual(["tlp:amber"]);
    expect(event.Attribute.flatMap(({ Tag = [] }) => Tag)).toEqual([]);
  });

  it("has what the core format demands, the party as its author, and the ids of STIX", () => {
    const item: Item = {
      kind: "ipv4",
      value: "203.0.113.7",
      labels: ["c2", "special-use:documentation"],
      description: "beacon",
      confidence: 83,
      first: AT,
      last: AT + 1,
      until: AT + 86_400_000,
      source: "row 5",
    };
    const { uuid, document, manifest, leftOut } = renderMispEvent(
      share([item, { kind: "domain", value: "evil.example" }]),
    );
    const event = eventOf(document);
    expect(event).toMatchObject({
      uuid: mispEventId(SHARE),
      info: "Phishing",
      date: "2026-11-26",
      timestamp: String(AT / 1000),
      published: true,
      distribution: "1",
      analysis: "2",
      threat_level_id: "4",
      Orgc: { name: "alpha" },
      Tag: [{ name: "tlp:amber" }],
    });
    expect(uuid).toBe(event["uuid"]);
    expect(event.Attribute[0]).toEqual({
      uuid: stixIndicatorId(SHARE, 0).slice("indicator--".length),
      type: "ip-dst",
      category: "Network activity",
      value: "203.0.113.7",
      to_ids: true,
      distribution: "5",
      sharing_group_id: "0",
      timestamp: String(AT / 1000),
      comment: "beacon",
      deleted: false,
      disable_correlation: false,
      first_seen: "2026-11-26T01:02:03.000000+00:00",
      last_seen: "2026-11-26T01:02:03.001000+00:00",
      Tag: ["c2", 'detente:confidence="83"', 'detente:source="row 5"'].map((name) => expect.objectContaining({ name })),
      Sighting: [expect.objectContaining({ type: "2", date_sighting: String(AT / 1000 + 86_400) })],
    });
    // The manifest of the core format: Orgc, Tag, info, date, analysis, threat_level_id, timestamp.
    expect(Object.keys(manifest).sort()).toEqual(
      ["Orgc", "Tag", "analysis", "date", "info", "threat_level_id", "timestamp"].sort(),
    );
    expect(leftOut).toEqual([]);
  });

  it("says whom it is for, and what a gate has said", () => {
    const items = [{ kind: "domain", value: "evil.example" } as const];
    const distribution = (more: Partial<MispShare>): unknown =>
      eventOf(renderMispEvent(share(items, more)).document)["distribution"];
    expect(distribution({ tlp: "clear" })).toBe("3");
    expect(distribution({ tlp: "green" })).toBe("1");
    expect(distribution({ audience: ["alpha", "bravo"], tlp: "clear" })).toBe("4");
    const group = eventOf(renderMispEvent(share(items, { audience: ["alpha", "bravo"] })).document)["SharingGroup"];
    expect(group).toMatchObject({ name: "alpha, bravo" });
    const doubted = renderMispEvent(share([], { items: [{ index: 0, item: items[0] as Item, toIds: false }] }));
    expect(eventOf(doubted.document).Attribute[0]).toMatchObject({ to_ids: false });
  });

  it("leaves out and names what MISP has no type for", () => {
    const ja4: Item = { kind: "ja4", value: "t13d1516h2_8daaf6152771_e5627efa2ab1" };
    expect(renderMispEvent(share([{ kind: "ja3", value: "ada70206e40642a3e4461f35503241d5" }, ja4])).leftOut).toEqual([
      1,
    ]);
  });

  it("takes no type that a label only pretends, and no time beyond the calendar", () => {
    const items: Item[] = [
      {
        kind: "domain",
        value: "evil.example",
        labels: ['misp:type="md5"', 'misp:type="comment"', 'misp:ip-dst|port="1"'],
      },
      { kind: "ipv4", value: "203.0.113.7", first: 8_640_000_000_000_000 },
    ];
    const { Attribute: attributes } = eventOf(renderMispEvent(share(items, { at: 8_640_000_000_000_000 })).document);
    expect(attributes.map(({ type }) => type)).toEqual(["domain", "ip-dst"]);
    expect(attributes[1]?.["first_seen"]).toBe("9999-12-31T23:59:59.999000+00:00");
  });
});

const VALUES: readonly string[] = [
  "evil.example",
  "www.evil.example",
  "203.0.113.7",
  "2001:db8::7",
  "203.0.113.0/25",
  "http://evil.example/a?b=c|d",
  "bob@evil.example",
  "cead3f77f6cda6ec00f57d76c9a6879f",
  "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f",
];
const time = fc.integer({ min: 1, max: 4_000_000_000 }).map((seconds) => seconds * 1000);
const anyItem = (value: string): fc.Arbitrary<Item> =>
  fc
    .record(
      {
        labels: fc.array(fc.constantFrom("phishing", 'admiralty-scale:x="1"', "misp-galaxy:a=\"b 'c'\"", "ö"), {
          maxLength: 4,
        }),
        description: fc.string({ maxLength: 30 }),
        confidence: fc.integer({ min: 0, max: 100 }),
        times: fc.tuple(time, time),
        until: time,
        source: fc.string({ minLength: 1, maxLength: 30 }).map((text) => `s${text}`),
      },
      { requiredKeys: ["source"] },
    )
    .map(({ times = [undefined, undefined], ...facts }) => {
      const [first, last] = times.toSorted((a, b) => (a ?? 0) - (b ?? 0));
      return makeItem(unwrap(canonicalIndicator(value)), { ...facts, first, last });
    });

describe("round trips", () => {
  it("items come back as they were", () => {
    const items = fc.subarray([...VALUES], { minLength: 1 }).chain((values) => fc.tuple(...values.map(anyItem)));
    fc.assert(
      fc.property(items, (given) => {
        const { document, leftOut } = renderMispEvent(share(given));
        expect(leftOut).toEqual([]);
        expect(sorted(back(document))).toEqual(sorted(given));
      }),
      { numRuns: 60 },
    );
    expect(INDICATOR_KINDS).toHaveLength(12);
  });

  const MD5 = "cead3f77f6cda6ec00f57d76c9a6879f";
  const NETWORK = ["Network activity", "Payload delivery", "External analysis"] as const;
  const FILES = ["Payload delivery", "Artifacts dropped", "Payload installation"] as const;
  const attribute = (type: string, value: string, categories: readonly string[]): fc.Arbitrary<Fields> =>
    fc.record({
      type: fc.constant(type),
      value: fc.constant(value),
      category: fc.constantFrom(...categories),
      comment: fc.constantFrom("", "as seen by us"),
      first_seen: fc.constantFrom(undefined, "2026-05-01T00:00:00.123000+00:00"),
      tags: fc.subarray(
        ["a", 'misp:confidence-level="fairly-confident"', 'misp-galaxy:tool="X"', 'detente:confidence="7"'],
        { maxLength: 2 },
      ),
    });
  const attributes = fc.tuple(
    attribute("ip-src", "203.0.113.1", NETWORK),
    attribute("ip-dst", "203.0.113.1", NETWORK),
    attribute("ip-dst", "203.0.113.2", NETWORK),
    attribute("ip-src|port", "203.0.113.3|8080", NETWORK),
    attribute("domain|ip", "evil.example|203.0.113.4", ["Network activity", "External analysis"]),
    attribute("hostname", "host.evil.example", NETWORK),
    attribute("hostname|port", "port.evil.example|53", ["Network activity", "Payload delivery"]),
    attribute("url", "http://evil.example/a?b", NETWORK),
    attribute("email-dst", "bob@evil.example", ["Network activity", "Payload delivery"]),
    attribute("filename|md5", `a.exe|${MD5}`, FILES),
    attribute("sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709", FILES),
    attribute("ja3-fingerprint-md5", "ada70206e40642a3e4461f35503241d5", NETWORK),
  );

  /** What an attribute says, whatever the ids; tags of its event are its own. */
  const saying = (event: EventFields): string[] =>
    event.Attribute.map(({ type, value, category, comment, first_seen: first, Tag }) => {
      const own = ((Tag ?? []) as readonly { readonly name: string }[]).map(({ name }) => name);
      const inherited = event.Tag.map(({ name }) => name).filter((name) => !name.startsWith("tlp:"));
      const tags = [...own, ...inherited].filter((name) => !name.startsWith("detente:source"));
      return JSON.stringify([type, value, category, comment, first ?? null, tags.sort()]);
    }).sort();

  it("attributes that have a counterpart come back as they were", () => {
    fc.assert(
      fc.property(attributes, (given) => {
        const [first, second] = given;
        // One address in two forms is one item: of what they say differently the first one's word stands.
        const alike = given.map((one) => (one === second ? { ...first, type: one["type"] } : one));
        const Attribute = alike.map(({ tags, ...rest }, i) => {
          const confidences = (tags as string[]).filter((tag) => tag.includes("confidence"));
          const kept = (tags as string[]).filter((tag) => !confidences.slice(1).includes(tag));
          return { ...rest, uuid: `u${i}`, to_ids: true, Tag: kept.map((name) => ({ name })) };
        });
        const event = { info: "x", Tag: [{ name: "tlp:green" }], Attribute };
        const items = back({ Event: event });
        expect(saying(eventOf(renderMispEvent(share(items)).document))).toEqual(saying(event));
      }),
      { numRuns: 60 },
    );
  });
});

import { describe, expect, it } from "vitest";
import { readIndicators } from "./read-indicators.ts";
import type { IndicatorFile } from "./report.ts";

const values = (file: IndicatorFile): string[] => file.items.map(({ kind, value }) => `${kind} ${value}`);
const rejections = (file: IndicatorFile): string[] =>
  file.rejected.map(({ line, place, code }) => `${line} ${place} ${code}`);

const indicator = (pattern: string, more: object = {}): object => ({
  type: "indicator",
  spec_version: "2.1",
  id: "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
  pattern,
  pattern_type: "stix",
  valid_from: "2016-01-01T00:00:00Z",
  ...more,
});

const bundle = (...objects: object[]): string =>
  JSON.stringify({ type: "bundle", id: "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", objects }, null, 1);

describe("STIX 2.1", () => {
  // The patterns follow the examples of STIX 2.1 §9.8.
  it("reads equalities, lists and subsets", () => {
    const hash = "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f";
    const file = readIndicators(
      "bundle.json",
      bundle(
        indicator(`[file:hashes.'SHA-256' = '${hash}' OR file:hashes.MD5 = 'cead3f77f6cda6ec00f57d76c9a6879f']`, {
          labels: ["malicious-activity"],
          indicator_types: ["compromised"],
          confidence: 85,
          name: "Poison Ivy",
        }),
        indicator(
          "[ipv4-addr:value = '198.51.100.1' OR ipv4-addr:value = '203.0.113.33/32' OR ipv6-addr:value = '2001:0db8::1']",
        ),
        indicator(
          "[ipv4-addr:value ISSUBSET '198.51.100.0/24'] OR [domain-name:value IN ('Evil.example', 'bad.example')]",
        ),
        indicator("([ url:value='http://evil.example/a\\'b\\\\c' ])"),
        indicator("[email-message:from_ref.value = 'jdoe@evil.example']"),
        indicator("[network-traffic:dst_ref.value = '203.0.113.5']"),
        // As OpenCTI's and the Elastic Common Schema's users write what STIX has no place for.
        indicator("[network-traffic:x_ja3_hash = 'ada70206e40642a3e4461f35503241d5']"),
        indicator("[x-ecs-tls:client_ja3 = 'e7d705a3286e19ea42f587b344ee6865']"),
        indicator("[network-traffic:extensions.'x-tls-ext'.ja4 = 't13d1516h2_8daaf6152771_e5627efa2ab1']"),
      ),
    );
    expect(file.format).toBe("stix");
    expect(values(file)).toEqual([
      `sha256 ${hash}`,
      "md5 cead3f77f6cda6ec00f57d76c9a6879f",
      "ipv4 198.51.100.1",
      "ipv4 203.0.113.33",
      "ipv6 2001:db8::1",
      "cidr4 198.51.100.0/24",
      "domain evil.example",
      "domain bad.example",
      "url http://evil.example/a'b\\c",
      "email jdoe@evil.example",
      "ipv4 203.0.113.5",
      "ja3 ada70206e40642a3e4461f35503241d5",
      "ja3 e7d705a3286e19ea42f587b344ee6865",
      "ja4 t13d1516h2_8daaf6152771_e5627efa2ab1",
    ]);
    expect(file.items[0]).toMatchObject({
      labels: ["compromised", "malicious-activity"],
      description: "Poison Ivy",
      confidence: 85,
      first: Date.UTC(2016, 0, 1),
      source: "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
    });
    expect(file.rejectedCount).toBe(0);
  });

  it("reads when an indicator is no longer valid", () => {
    const until = (value?: string): number | undefined =>
      readIndicators(
        "bundle.json",
        bundle(indicator("[domain-name:value = 'evil.example']", value === undefined ? {} : { valid_until: value })),
      ).items[0]?.until;
    // The timestamp of STIX 2.1 §3.2.
    expect(until("2016-01-20T12:31:12.123Z")).toBe(Date.UTC(2016, 0, 20, 12, 31, 12, 123));
    expect(until()).toBeUndefined();
    expect(until("soon")).toBeUndefined();
  });

  it("refuses patterns whose values alone would say more than they do", () => {
    const refused = [
      "[domain-name:value = 'a.example' AND ipv4-addr:value = '192.0.2.1']",
      "[domain-name:value LIKE '%.example']",
      "[domain-name:value MATCHES '^a']",
      "[domain-name:value != 'a.example']",
      "[NOT domain-name:value = 'a.example']",
      "[domain-name:value NOT = 'a.example']",
      "[domain-name:value = 'a.example'] FOLLOWEDBY [domain-name:value = 'b.example']",
      "[domain-name:value = 'a.example'] WITHIN 300 SECONDS",
      "[domain-name:value = 'a.example'] START t'2016-06-01T00:00:00Z' STOP t'2017-06-01T00:00:00Z'",
      "[domain-name:value = 'a.example'",
      "domain-name:value = 'a.example'",
      "[domain-name:value IN ('a.example' 'b.example')]",
      "[file:size > 5]",
      "[]",
      "",
      "[domain-name:value = 'a.example' ☃]",
    ];
    for (const pattern of refused) {
      const file = readIndicators("b.json", bundle(indicator(pattern)));
      expect(file.items).toEqual([]);
      expect(rejections(file)).toEqual(["5 objects[0].pattern unsupported-pattern"]);
    }
  });

  it("keeps the alternatives it knows and lists the others, with lines", () => {
    const file = readIndicators(
      "b.json",
      bundle(
        indicator("[domain-name:value = 'a.example' OR x-ecs-tls:server_ja3s = 'ada70206e40642a3e4461f35503241d5']"),
        indicator("rule x {}", { pattern_type: "yara" }),
        indicator("[domain-name:value = 'old.example']", { revoked: true }),
        { type: "relationship", id: "relationship--1" },
        { type: "relationship", id: "relationship--2" },
        { type: "domain-name", id: "domain-name--1", value: "b.example" },
        { type: "ipv4-addr", id: "ipv4-addr--1", value: "198.51.100.0/24" },
        { type: "file", id: "file--1", hashes: { MD5: "CEAD3F77F6CDA6EC00F57D76C9A6879F", SSDEEP: "x" } },
        { type: "url", id: "url--1", value: 5 },
      ),
    );
    expect(values(file)).toEqual([
      "domain a.example",
      "domain b.example",
      "cidr4 198.51.100.0/24",
      "md5 cead3f77f6cda6ec00f57d76c9a6879f",
    ]);
    expect(rejections(file)).toEqual([
      "5 objects[0].pattern unsupported-pattern",
      "13 objects[1].pattern_type unsupported-pattern",
      "21 objects[2] revoked",
      "56 objects[8].value not-an-indicator",
    ]);
    expect(file.ignored).toEqual([
      { what: "objects of type relationship", count: 2 },
      { what: "hashes by SSDEEP", count: 1 },
    ]);
  });
});

describe("MISP", () => {
  const event = {
    Event: {
      info: "x",
      Attribute: [
        { type: "domain", value: "Evil.example", to_ids: true, uuid: "u1", comment: "c", Tag: [{ name: "tlp:amber" }] },
        { type: "domain|ip", value: "bad.example|192.0.2.1", to_ids: "1" },
        { type: "filename|sha1", value: "a.exe|da39a3ee5e6b4b0d3255bfef95601890afd80709" },
        { type: "ip-src|port", value: "192.0.2.2|4444", to_ids: 1, first_seen: "2026-05-01T00:00:00.000000+00:00" },
        { type: "email-src", value: "Bob@evil.example", to_ids: true },
        { type: "ja3-fingerprint-md5", value: "ada70206e40642a3e4461f35503241d5", to_ids: true },
        { type: "link", value: "https://blog.example/report", to_ids: false },
        { type: "domain", value: "context.example", to_ids: false },
        { type: "domain", value: "gone.example", to_ids: true, deleted: true },
      ],
      Object: [{ name: "file", Attribute: [{ type: "md5", value: "cead3f77f6cda6ec00f57d76c9a6879f", to_ids: true }] }],
    },
  };
  const expected = [
    "domain evil.example",
    "domain bad.example",
    "ipv4 192.0.2.1",
    "sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "ipv4 192.0.2.2",
    "email Bob@evil.example",
    "ja3 ada70206e40642a3e4461f35503241d5",
    "md5 cead3f77f6cda6ec00f57d76c9a6879f",
  ];

  it("reads attributes of events and of their objects", () => {
    const file = readIndicators("event.json", JSON.stringify(event, null, 1));
    expect(file.format).toBe("misp");
    expect(values(file)).toEqual(expected);
    expect(file.items[0]).toMatchObject({ description: "c", source: "u1" });
    expect(file.items[4]).toMatchObject({ first: Date.UTC(2026, 4, 1) });
    expect(file.rejected.map(({ place, code }) => `${place} ${code}`)).toEqual([
      "Event.Attribute[6] unsupported-type",
      "Event.Attribute[7] not-for-detection",
      "Event.Attribute[8] deleted",
    ]);
    // Counted in the document as JSON.stringify lays it out.
    expect(JSON.stringify(event, null, 1).split("\n")[(file.rejected[0]?.line ?? 0) - 1]).toBe("   {");
    expect(file.rejected[0]?.message).toMatch(/^event\.json:\d+: Event\.Attribute\[6\]: /);
  });

  it("takes the latest expiry that was reported, and no other sighting", () => {
    // "Sighting" of the MISP core format: type 0 a sighting, 1 a false positive, 2 an expiration; seconds since 1970.
    const Sighting = [
      { type: "0", date_sighting: "1799999999" },
      { type: "2", date_sighting: "1780000000" },
      { type: "2", date_sighting: "1790000000" },
      { type: "1", date_sighting: "1799999999" },
    ];
    const until = (sightings: object[]): number | undefined =>
      readIndicators(
        "x.json",
        JSON.stringify({ Event: { Attribute: [{ type: "domain", value: "evil.example", Sighting: sightings }] } }),
      ).items[0]?.until;
    expect(until(Sighting)).toBe(1_790_000_000_000);
    expect(until(Sighting.slice(0, 1))).toBeUndefined();
  });

  it("reads what MISP's search answers", () => {
    for (const answer of [{ response: [event] }, [event], { response: { Attribute: event.Event.Attribute } }]) {
      expect(values(readIndicators("x.json", JSON.stringify(answer))).slice(0, 6)).toEqual(expected.slice(0, 6));
    }
    expect(readIndicators("x.json", JSON.stringify({ response: [event, 5, { Event: 7 }] })).items).toHaveLength(8);
  });
});

describe("other JSON", () => {
  it("is refused with a reason", () => {
    const code = (text: string): string | undefined => readIndicators("x.json", text).rejected[0]?.code;
    expect(code('{"a":1}')).toBe("unknown-format");
    expect(code('{"a":')).toBe("not-json");
    expect(code("[1,2]")).toBe("not-an-indicator");
    expect(code('["a"]')).toBe("unknown-format");
    expect(code(`{"objects":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)).toBe("too-deep");
    expect(code(`{"objects":[${'{"objects":'.repeat(50)}1${"}".repeat(50)}]}`)).toBeUndefined();
  });

  it("of a hostile shape gives findings, not exceptions", () => {
    for (const root of [
      { objects: [null, 1, "x", [], {}] },
      { Event: { Attribute: "x", Object: [1, { Attribute: {} }] } },
      { response: null },
    ]) {
      expect(readIndicators("x.json", JSON.stringify(root)).items).toEqual([]);
    }
    const text =
      '{"objects":[{"type":"indicator","pattern":5,"labels":{"a":1},"__proto__":{"x":1}},{"type":"constructor"}]}';
    expect(readIndicators("x.json", text).rejected.map(({ code }) => code)).toEqual(["unsupported-pattern"]);
  });
});

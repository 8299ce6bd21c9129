import { expect, it } from "vitest";
import { readIndicators } from "../read/read-indicators.ts";
import { renderMispEvent } from "./render-event.ts";

const MD5 = "cead3f77f6cda6ec00f57d76c9a6879f";
const SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
const SHA256 = "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f";

/** Types of the core format (draft-dulaunoy-misp-core-format) that name an indicator, with a value each. */
const COUNTERPARTS: readonly (readonly [type: string, value: string])[] = [
  ["ip-src", "203.0.113.1"],
  ["ip-dst", "2001:db8::1"],
  ["ip-src|port", "203.0.113.2|80"],
  ["ip-dst|port", "203.0.113.3|443"],
  ["domain", "one.example"],
  ["hostname", "www.two.example"],
  ["domain|ip", "three.example|203.0.113.4"],
  ["hostname|port", "www.four.example|53"],
  ["url", "http://five.example/a"],
  ["uri", "http://six.example/b"],
  ["email", "a@seven.example"],
  ["email-src", "b@seven.example"],
  ["email-dst", "c@seven.example"],
  ["email-reply-to", "d@seven.example"],
  ["md5", MD5],
  ["sha1", SHA1],
  ["sha256", SHA256],
  ["filename|md5", `a.exe|${MD5.replace("c", "d")}`],
  ["filename|sha1", `b.exe|${SHA1.replace("d", "e")}`],
  ["filename|sha256", `c.exe|${SHA256.replace("a", "b")}`],
  ["malware-sample", `d.exe|${MD5.replace("c", "f")}`],
  ["ja3-fingerprint-md5", "ada70206e40642a3e4461f35503241d5"],
];

/** Types that name none of ours. */
const NONE: readonly string[] = [
  "AS",
  "attachment",
  "authentihash",
  "btc",
  "campaign-name",
  "comment",
  "cookie",
  "cve",
  "datetime",
  "email-body",
  "email-subject",
  "filename",
  "github-repository",
  "hassh-md5",
  "iban",
  "imphash",
  "link",
  "mac-address",
  "mutex",
  "named pipe",
  "pattern-in-file",
  "pdb",
  "phone-number",
  "port",
  "regkey",
  "regkey|value",
  "sha512",
  "sigma",
  "snort",
  "ssdeep",
  "text",
  "threat-actor",
  "tlsh",
  "user-agent",
  "vulnerability",
  "windows-service-name",
  "x509-fingerprint-sha1",
  "yara",
];

it("of an event with every type each attribute comes back, or is named: none is lost", () => {
  const attribute = (type: string, value: string): object => ({ type, value, category: "Other", to_ids: true });
  const Attribute = [
    ...COUNTERPARTS.map(([type, value]) => attribute(type, value)),
    ...NONE.map((type) => attribute(type, "something")),
  ];
  const cluster = { name: "Galaxy", GalaxyCluster: [{ tag_name: 'misp-galaxy:tool="X"' }] };
  const event = { info: "x", Tag: [{ name: "tlp:green" }, { name: "phishing" }], Galaxy: [cluster], Attribute };
  const read = readIndicators("event.json", JSON.stringify({ Event: event }));
  expect(read.rejected.map(({ place, code }) => `${place} ${code}`)).toEqual(
    NONE.map((_, i) => `Event.Attribute[${COUNTERPARTS.length + i}] unsupported-type`),
  );
  expect(read.items.every(({ labels = [] }) => labels.includes('misp-galaxy:tool="X"'))).toBe(true);

  const items = read.items.map((item, index) => ({ index, item }));
  const share = { share: "ab".repeat(32), party: "alpha", title: "x", tlp: "green", audience: "unit", items } as const;
  const { document, leftOut } = renderMispEvent({ ...share, at: Date.UTC(2026, 0, 1) });
  expect(leftOut).toEqual([]);
  const back = document as unknown as { Event: { Attribute: { type: string; value: string }[] } };
  const shown = back.Event.Attribute.map(({ type, value }) => `${type} ${value}`).sort();
  // A sample's bytes stay where they were, and so the type that promises them.
  const expected = COUNTERPARTS.map(([type, value]) => `${type === "malware-sample" ? "filename|md5" : type} ${value}`);
  expect(shown).toEqual(expected.toSorted());
});

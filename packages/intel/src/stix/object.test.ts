import { utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { readStixObject, type StixObject, viewOf } from "./object.ts";

const read = (object: object): ReturnType<typeof readStixObject> => readStixObject(utf8(JSON.stringify(object)));
const refused = (object: object): string => {
  const result = read(object);
  return result.ok ? "accepted" : `${result.fault.code} ${result.fault.message}`;
};
const accepted = (object: object): StixObject => {
  const result = read(object);
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
};
const remarks = (object: object): string[] => accepted(object).remarks.map(({ code, path }) => `${code} ${path}`);

const core = (type: string, more: object): object => ({
  type,
  spec_version: "2.1",
  id: `${type}--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f`,
  created: "2016-04-06T20:03:48.000Z",
  modified: "2016-04-06T20:03:48.000Z",
  ...more,
});
const indicator = (more: object = {}): object =>
  core("indicator", {
    pattern: "[file:size = 5]",
    pattern_type: "stix",
    valid_from: "2016-01-01T00:00:00Z",
    indicator_types: ["malicious-activity"],
    ...more,
  });
const observable = (type: string, more: object): object => ({
  type,
  id: `${type}--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f`,
  ...more,
});
const ref = (type: string): string => `${type}--0ea27d8b-4d8b-4ea7-8ac8-0bd1bd05a5b8`;

describe("every object type of STIX 2.1", () => {
  // What §4 to §7 require of each type, and no more.
  const least: Readonly<Record<string, object>> = {
    "attack-pattern": { name: "a" },
    campaign: { name: "a" },
    "course-of-action": { name: "a" },
    grouping: { context: "unspecified", object_refs: [ref("indicator")] },
    identity: { name: "a" },
    incident: { name: "a" },
    indicator: { pattern: "[file:size = 5]", pattern_type: "stix", valid_from: "2016-01-01T00:00:00Z" },
    infrastructure: { name: "a" },
    "intrusion-set": { name: "a" },
    location: { region: "europe" },
    malware: { is_family: false },
    "malware-analysis": { product: "a", result: "benign" },
    note: { content: "a", object_refs: [ref("file")] },
    "observed-data": {
      first_observed: "2016-01-01T00:00:00Z",
      last_observed: "2016-01-01T00:00:00Z",
      number_observed: 1,
      object_refs: [ref("file")],
    },
    opinion: { opinion: "agree", object_refs: [ref("file")] },
    report: { name: "a", published: "2016-01-01T00:00:00Z", object_refs: [ref("file")] },
    "threat-actor": { name: "a" },
    tool: { name: "a" },
    vulnerability: { name: "a" },
    relationship: { relationship_type: "indicates", source_ref: ref("indicator"), target_ref: ref("malware") },
    sighting: { sighting_of_ref: ref("indicator") },
    "language-content": { object_ref: ref("campaign"), contents: { de: { name: "b" } } },
    "extension-definition": {
      created_by_ref: ref("identity"),
      name: "a",
      schema: "a",
      version: "1.0.0",
      extension_types: ["new-sdo"],
    },
  };
  const observables: Readonly<Record<string, object>> = {
    artifact: { payload_bin: "iVBORw0KGgo=" },
    "autonomous-system": { number: 15139 },
    directory: { path: "/usr" },
    "domain-name": { value: "example.com" },
    "email-addr": { value: "john@example.com" },
    "email-message": { is_multipart: false },
    file: { name: "a" },
    "ipv4-addr": { value: "198.51.100.3" },
    "ipv6-addr": { value: "2001:db8::1" },
    "mac-addr": { value: "d2:fb:49:24:37:18" },
    mutex: { name: "a" },
    "network-traffic": { protocols: ["tcp"], src_ref: ref("ipv4-addr") },
    process: { pid: 1 },
    software: { name: "a" },
    url: { value: "https://example.com/" },
    "user-account": { user_id: "1" },
    "windows-registry-key": { key: "a" },
    "x509-certificate": { serial_number: "1" },
  };

  it.each(Object.entries(least))("%s: what it requires is enough, and all of it is required", (type, properties) => {
    expect(read(core(type, properties))).toMatchObject({ ok: true, value: { remarks: [] } });
    const required = core(type, properties);
    for (const name of Object.keys(required).filter((key) => key !== "type")) {
      const { [name]: _, ...rest } = required as Record<string, unknown>;
      expect(read(rest)).toMatchObject({ ok: false });
    }
  });

  it.each(Object.entries(observables))("%s needs no version and no times", (type, properties) => {
    expect(read(observable(type, properties))).toMatchObject({ ok: true, value: { class: "observable", remarks: [] } });
    for (const name of Object.keys(properties)) {
      const { [name]: _, ...rest } = observable(type, properties) as Record<string, unknown>;
      expect(read(rest)).toMatchObject({ ok: false });
    }
  });

  it("marking-definition has no modification", () => {
    const marking = {
      type: "marking-definition",
      spec_version: "2.1",
      id: "marking-definition--4a0042fe-8b88-40fe-9600-dfa128ce6fbd",
      created: "2016-08-01T00:00:00.000Z",
      definition_type: "statement",
      definition: { statement: "Copyright 2019, Example Corp" },
    };
    expect(read(marking)).toMatchObject({ ok: true, value: { class: "meta", remarks: [] } });
    expect(refused({ ...marking, definition: undefined })).toMatch(/^broken-rule /);
  });
});

describe("what is refused", () => {
  it.each([
    [{ ...indicator(), spec_version: "2.0" }, /^unsupported-version spec_version: is not 2.1; convert/],
    [{ ...indicator(), spec_version: undefined }, /^unsupported-version spec_version: is missing, as in STIX 2.0/],
    [{ ...indicator(), id: "malware--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f" }, /^bad-form id: .* does not begin/],
    [indicator({ labels: [] }), /^bad-form labels: expected a list of 1/],
    [indicator({ confidence: 101 }), /^bad-form confidence: expected a whole number from 0 to 100/],
    [indicator({ modified: "2016-04-06T20:03:47.999Z" }), /^broken-rule modified: .* before created/],
    [indicator({ valid_until: "2016-01-01T00:00:00.000Z" }), /^broken-rule valid_until: .* not after valid_from/],
    [indicator({ valid_from: "2016-01-01" }), /^bad-form valid_from: expected a time in UTC/],
    [indicator({ created_by_ref: ref("malware") }), /^bad-form created_by_ref: .* of type identity/],
    [indicator({ external_references: [{ source_name: "a" }] }), /^broken-rule external_references\[0\]: needs/],
    [
      indicator({ kill_chain_phases: [{ kill_chain_name: "a" }] }),
      /^missing-property kill_chain_phases\[0\].phase_name/,
    ],
    [
      core("opinion", { opinion: "meh", object_refs: [ref("file")] }),
      /^unknown-word opinion: "meh" is not one of strongly/,
    ],
    [
      core("relationship", { relationship_type: "Uses", source_ref: ref("tool"), target_ref: ref("tool") }),
      /^bad-form relationship_type/,
    ],
    [
      core("relationship", { relationship_type: "uses", source_ref: ref("relationship"), target_ref: ref("tool") }),
      /^broken-rule source_ref: must not refer to a relationship/,
    ],
    [core("location", { latitude: 91, longitude: 1 }), /^bad-form latitude: expected a number from -90 to 90/],
    [core("location", { latitude: 9 }), /^broken-rule latitude: must not stand without longitude/],
    [core("malware", { is_family: true }), /^broken-rule name/],
    [
      observable("file", { hashes: { MD5: "da39a3ee5e6b4b0d3255bfef95601890afd80709" } }),
      /^bad-form hashes.MD5: is no MD5/,
    ],
    [observable("file", { hashes: {} }), /^bad-form hashes/],
    [observable("artifact", { payload_bin: "abc" }), /^bad-form payload_bin: expected base64/],
    [observable("artifact", { url: "http://a.example/" }), /^broken-rule url: must not stand without hashes/],
    [observable("network-traffic", { protocols: ["tcp"], src_ref: ref("file") }), /^bad-form src_ref/],
    [
      observable("network-traffic", { protocols: ["tcp"], src_ref: ref("ipv4-addr"), dst_port: 65536 }),
      /^bad-form dst_port/,
    ],
    [
      observable("file", { name: "a", extensions: { "archive-ext": { comment: "x" } } }),
      /^missing-property extensions.archive-ext.contains_refs/,
    ],
    [observable("file", { name: "a", extensions: { "archive-ext": 5 } }), /^bad-form extensions.archive-ext/],
    [observable("process", {}), /^broken-rule the object: a process must/],
    [{ type: "Foo" }, /^bad-form type/],
    [{ id: "a" }, /^missing-property type/],
  ])("%j", (object, message) => {
    expect(refused(object)).toMatch(message);
  });

  it("bytes that are no I-JSON object", () => {
    const code = (text: string): unknown => {
      const result = readStixObject(utf8(text));
      return result.ok ? undefined : result.fault.code;
    };
    const text = JSON.stringify(indicator());
    expect(code(text.replace('{"type"', '{"pattern":"[file:size = 6]","type"'))).toBe("duplicate-member");
    expect(code(text.replace('{"type"', '{"p\\u0061ttern":"x","type"'))).toBe("duplicate-member");
    expect(code(text.replace("[file", "\\ud800[file"))).toBe("not-i-json");
    expect(code(text.replace("{", `{"x":${"[".repeat(60)}${"]".repeat(60)},`))).toBe("too-deep");
    expect(code("[]")).toBe("not-an-object");
    expect(code("{")).toBe("not-json");
    expect(code(`{"a":"${"a".repeat(8 * 1024 * 1024)}"}`)).toBe("too-large");
    expect(readStixObject(new Uint8Array([0xff]))).toMatchObject({ fault: { code: "not-json" } });
  });
});

describe("what is kept", () => {
  it("is the source's own bytes, times with their digits", () => {
    const bytes = utf8(` ${JSON.stringify(indicator({ modified: "2016-04-06T20:03:48.0001Z" }), null, 2)}\n`);
    const result = readStixObject(bytes);
    expect(result).toMatchObject({ ok: true, value: { view: { modified: "2016-04-06T20:03:48.0001Z" } } });
    expect(result.ok && result.value.bytes).toBe(bytes);
    const view = viewOf(accepted(indicator()), "indicator");
    expect(view?.pattern).toBe("[file:size = 5]");
    expect(viewOf(accepted(indicator()), "malware")).toBeUndefined();
  });

  it("is what STIX 2.1 does not have, with a remark", () => {
    expect(remarks(indicator({ x_score: 5, indicator_types: ["bad"] }))).toEqual([
      "open-vocabulary indicator_types[0]",
      "custom-property x_score",
    ]);
    expect(remarks(core("x-thing", { anything: 1 }))).toEqual(["custom-object type"]);
    expect(refused(core("x-thing", { created: 5 }))).toMatch(/^bad-form created/);
    expect(
      remarks(observable("file", { name: "a", hashes: { "X-H": "1" }, extensions: { "x-ext": { a: 1 } } })),
    ).toEqual(["custom-hash hashes.X-H", "unknown-extension extensions.x-ext"]);
  });

  it("is remarked upon a hundred times at most", () => {
    const odd = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x_${i}`, i]));
    expect(remarks(indicator(odd))).toHaveLength(100);
  });

  // The examples of STIX 2.1 §7.3.
  it("is what an extension declares, without one", () => {
    const extension = (type: string, more: object = {}): object => ({
      extensions: { "extension-definition--71736db5-10db-43d3-b0e3-65cf81601fe1": { extension_type: type, ...more } },
    });
    expect(remarks(indicator({ rank: 1, toxicity: 2, ...extension("toplevel-property-extension") }))).toEqual([]);
    expect(remarks(indicator(extension("property-extension", { rank: 5 })))).toEqual([]);
    expect(accepted(observable("my-favorite-sco", { name: "a", ...extension("new-sco") }))).toMatchObject({
      class: "observable",
      remarks: [],
    });
    expect(refused(indicator(extension("new-thing")))).toMatch(/^unknown-word extensions.extension-definition--/);
  });
});

describe("ids of observables", () => {
  it("are recomputed, and a name-based id of something else is remarked", () => {
    const example = { type: "domain-name", value: "example.com" };
    const right = "domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7";
    expect(accepted({ ...example, id: right })).toMatchObject({ contentId: right, remarks: [] });
    expect(accepted(observable("domain-name", { value: "example.com" }))).toMatchObject({
      contentId: right,
      remarks: [],
    });
    expect(accepted({ ...example, value: "evil.example", id: right }).remarks).toMatchObject([{ code: "foreign-id" }]);
  });
});

describe("granular markings (STIX 2.1 §7.2.3)", () => {
  // The object and the selectors of the specification's example.
  const heartbleed = (selector: string, more: object = { marking_ref: ref("marking-definition") }): object =>
    core("vulnerability", {
      name: "CVE-2014-0160",
      description: "The (1) TLS...",
      external_references: [{ source_name: "cve", external_id: "CVE-2014-0160" }],
      labels: ["heartbleed", "has-logo"],
      granular_markings: [{ selectors: [selector], ...more }],
    });

  it("select what the object has", () => {
    for (const good of [
      "description",
      "external_references.[0].source_name",
      "labels.[0]",
      "labels",
      "external_references",
    ]) {
      expect(refused(heartbleed(good))).toBe("accepted");
    }
    for (const bad of [
      "pattern",
      "external_references.[3]",
      "description.[0]",
      "labels.name",
      "",
      "labels.[00]",
      "__proto__",
    ]) {
      expect(refused(heartbleed(bad))).toMatch(
        /^broken-rule granular_markings\[0\].selectors\[0\]: .* selects nothing/,
      );
    }
  });

  it("have a marking or a language", () => {
    expect(refused(heartbleed("labels", { lang: "en" }))).toBe("accepted");
    expect(refused(heartbleed("labels", {}))).toMatch(/^broken-rule granular_markings\[0\]: must have either/);
  });
});

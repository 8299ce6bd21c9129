/** Of TLP 2.0 (OASIS CTI, stix-common-objects). */
export const TLP_MARKINGS = {
  clear: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
  amber: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
} as const;

/** What STIX 2.1 requires of each type (§4 to §7), by type; `core` ones have dates and versions, observables have none. */
const CORE: Readonly<Record<string, object>> = {
  "attack-pattern": { name: "spear phishing" },
  campaign: { name: "before the vote" },
  "course-of-action": { name: "block it" },
  grouping: { context: "suspicious-activity", object_refs: [ref("indicator")] },
  identity: { name: "an office" },
  incident: { name: "an incident" },
  indicator: { pattern: "[domain-name:value = 'NAME']", pattern_type: "stix", valid_from: "2030-12-01T00:00:00Z" },
  infrastructure: { name: "a server" },
  "intrusion-set": { name: "a set" },
  location: { region: "europe" },
  malware: { is_family: false },
  "malware-analysis": { product: "a sandbox", result: "malicious" },
  note: { content: "line one\nline two", object_refs: [ref("file")] },
  "observed-data": {
    first_observed: "2030-12-01T00:00:00Z",
    last_observed: "2030-12-01T00:00:00.5Z",
    number_observed: 1,
    object_refs: [ref("file")],
  },
  opinion: { opinion: "agree", object_refs: [ref("file")] },
  report: { name: "a report", published: "2030-12-01T00:00:00Z", object_refs: [ref("malware")] },
  "threat-actor": { name: "an actor" },
  tool: { name: "a tool" },
  vulnerability: { name: "CVE-2030-0001" },
  relationship: { relationship_type: "indicates", source_ref: ref("indicator"), target_ref: ref("malware") },
  sighting: { sighting_of_ref: ref("indicator") },
  "language-content": { object_ref: ref("campaign"), contents: { de: { name: "vor der Wahl" } } },
  "extension-definition": {
    created_by_ref: ref("identity"),
    name: "ours",
    schema: "none",
    version: "1.0.0",
    extension_types: ["new-sdo"],
  },
  "x-custom": { x_anything: [1, { deep: null }] },
};

const OBSERVABLES: Readonly<Record<string, object>> = {
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

function ref(type: string): string {
  return `${type}--0ea27d8b-4d8b-4ea7-8ac8-0bd1bd05a5b8`;
}

/** An id that shows its number. */
export function stixId(type: string, number: number): string {
  return `${type}--00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** The domain that indicator `number` names. */
export function domainOf(number: number): string {
  return `host-${number}.evil-${number % 7}.com`;
}

/** One object as a text, with members beside or in place of the usual ones. */
export function stixObject(type: string, number: number, members: object = {}): string {
  const dated = { spec_version: "2.1", created: "2030-12-01T00:00:00.000Z", modified: "2030-12-02T00:00:00.120Z" };
  const { modified: _, ...created } = dated;
  const own = CORE[type] ?? OBSERVABLES[type];
  const common = type in OBSERVABLES ? {} : type === "marking-definition" ? created : dated;
  const object = { type, id: stixId(type, number), ...common, ...own, ...members };
  return JSON.stringify(object).replace("NAME", domainOf(number));
}

/** Objects of all types in turn, each spelt in another way: white space, line ends, escapes, numbers. */
export function mixedObjects(count: number): string[] {
  const statement = { definition_type: "statement", definition: { statement: "cite us" } };
  const types = [...Object.keys(CORE), ...Object.keys(OBSERVABLES), "marking-definition"];
  return Array.from({ length: count }, (_, number) => {
    const type = types[number % types.length] as string;
    const text = stixObject(type, number, type === "marking-definition" ? statement : { x_n: 0 });
    const spelt = text.replace(
      '"x_n":0',
      `"x_n": ${number}.50,\r\n\t"x_u" : "\\u00e9é\\/","x_a":[1.0,1e5,-0,{"b":1E+2,"a":2}]`,
    );
    return number % 3 === 0 ? spelt.replace("{", "{ \n") : spelt;
  });
}

/* What planted logs hold: see there. */

/** What a field takes. */
export type Slot = "name" | "address" | "digest" | "free";
/** What stands in a field: its text, and which indicator that is. */
export type Cell = readonly [text: string, indicator?: readonly [kind: string, value: string]];

const NAME = ["domain", "bad-domain.example"] as const;
const IPV4 = ["ipv4", "203.0.113.77"] as const;
const CIDR4 = ["cidr4", "198.18.40.0/22"] as const;
const IPV6 = ["ipv6", "2001:db8:77::5"] as const;
const CIDR6 = ["cidr6", "2001:db8:beef::/48"] as const;
const URL = ["url", "http://files.bad-host.example/get/a.bin"] as const;
const EMAIL = ["email", "mallory@mail-drop.example"] as const;
const MD5 = ["md5", "9e107d9d372bb6826bd81d3542a419d6"] as const;
const SHA256 = ["sha256", "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592"] as const;

export const PLANTED_INDICATORS: readonly (readonly [kind: string, value: string])[] = [
  NAME,
  IPV4,
  CIDR4,
  IPV6,
  CIDR6,
  URL,
  EMAIL,
  MD5,
  SHA256,
];

/** Spellings of the indicators. */
export const REAL: Readonly<Record<Slot, readonly Cell[]>> = {
  name: [
    ["bad-domain.example", NAME],
    ["www.bad-domain.example", NAME],
    ["a.b.c.BAD-domain.Example", NAME],
    ["_dmarc.bad-domain.example", NAME],
  ],
  address: [
    ["203.0.113.77", IPV4],
    ["198.18.40.0", CIDR4],
    ["198.18.43.255", CIDR4],
    ["2001:db8:77::5", IPV6],
    ["2001:0DB8:0077:0000:0000:0000:0000:0005", IPV6],
    ["2001:db8:beef:ffff::1", CIDR6],
  ],
  digest: [
    [MD5[1], MD5],
    [MD5[1].toUpperCase(), MD5],
    [SHA256[1], SHA256],
  ],
  free: [
    ["bad-domain.example", NAME],
    ["bad-domain[.]example", NAME],
    ["203.0.113.77", IPV4],
    ["203[.]0[.]113[.]77", IPV4],
    ["http://files.bad-host.example/get/a.bin", URL],
    ["hxxp://files.bad-host[.]example/get/a.bin", URL],
    ["mallory@mail-drop.example", EMAIL],
    [SHA256[1], SHA256],
  ],
};

/** What only looks like them. */
export const DECOYS: Readonly<Record<Slot, readonly string[]>> = {
  name: [
    "notbad-domain.example",
    "bad-domain.example.org",
    "bad-domain.examples",
    "bad-d0main.example",
    "bad-domain-example",
    "domain.example",
    "files.bad-host.example",
    "mail-drop.example",
  ],
  address: [
    "203.0.113.7",
    "203.0.113.177",
    "203.0.113.78",
    "198.18.39.255",
    "198.18.44.0",
    "2001:db8:77::50",
    "2001:db8:77::4",
    "2001:db8:bef0::1",
  ],
  digest: [MD5[1].replace("9", "8"), `${MD5[1]}00`, MD5[1].slice(1), SHA256[1].replace(/.$/, "3"), `${SHA256[1]}ff`],
  free: [
    "203.0.113.770",
    "1203.0.113.77",
    "203.0.113.77.1",
    "203.0.113.077",
    "bad-domain.example.org",
    "xbad-domain.example",
    "http://files.bad-host.example/get/a.bin2",
    "http://files.bad-host.example/get/A.bin",
    "http://xfiles.bad-host.example/get/a.bin",
    "mallory@mail-drop.example.org",
    "xmallory@mail-drop.example",
    `${MD5[1]}${MD5[1].slice(0, 3)}`,
    "bad domain example",
  ],
};

/** What does not even that. */
export const NEUTRAL: Readonly<Record<Slot, readonly string[]>> = {
  name: ["www.office.test", "mx1.campaign.test"],
  address: ["192.0.2.4", "192.0.2.200", "2001:db8:1::1"],
  digest: ["0123456789abcdef0123456789abcdef"],
  free: ["nothing", "to see", "v1.2.3"],
};

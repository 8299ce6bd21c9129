import type { IndicatorKind } from "@detente/record";

type Kinds = readonly IndicatorKind[];

const IP: Kinds = ["ipv4", "ipv6", "cidr4", "cidr6"];
const NAME: Kinds = ["domain"];
const HOST: Kinds = ["domain", "ipv4", "ipv6"];
const URL: Kinds = ["url"];
const EMAIL: Kinds = ["email"];
const HASH: Kinds = ["md5", "sha1", "sha256"];
const JA3: Kinds = ["ja3"];
const JA4: Kinds = ["ja4"];

/** The kinds that a named type may hold; two spellings of a name (`ip_dst`, `IP dst`) are one. */
const KINDS_OF_TYPE: Readonly<Record<string, Kinds>> = {
  domain: NAME,
  "domain-name": NAME,
  hostname: NAME,
  fqdn: NAME,
  host: HOST,
  ip: IP,
  "ip-address": IP,
  "ip-src": IP,
  "ip-dst": IP,
  "src-ip": IP,
  "dst-ip": IP,
  "ip-port": IP,
  addr: IP,
  address: IP,
  ipv4: IP,
  ipv6: IP,
  "ipv4-addr": IP,
  "ipv6-addr": IP,
  cidr: IP,
  cidr4: IP,
  cidr6: IP,
  subnet: IP,
  network: IP,
  url: URL,
  uri: URL,
  email: EMAIL,
  "e-mail": EMAIL,
  "email-addr": EMAIL,
  "email-address": EMAIL,
  "email-src": EMAIL,
  "email-dst": EMAIL,
  "email-reply-to": EMAIL,
  hash: HASH,
  "file-hash": HASH,
  md5: ["md5"],
  "md5-hash": ["md5"],
  "hash-md5": ["md5"],
  "filehash-md5": ["md5"],
  sha1: ["sha1"],
  "sha-1": ["sha1"],
  "sha1-hash": ["sha1"],
  "hash-sha1": ["sha1"],
  "filehash-sha1": ["sha1"],
  sha256: ["sha256"],
  "sha-256": ["sha256"],
  "sha256-hash": ["sha256"],
  "hash-sha256": ["sha256"],
  "filehash-sha256": ["sha256"],
  ja3: JA3,
  "ja3-md5": JA3,
  "ja3-hash": JA3,
  "ja3-fingerprint": JA3,
  "ja3-fingerprint-md5": JA3,
  ja4: JA4,
  "ja4-hash": JA4,
  "ja4-fingerprint": JA4,
};

/** Types of no particular kind: the value speaks for itself. */
const ANY: ReadonlySet<string> = new Set(["", "indicator", "ioc", "observable", "any", "unknown"]);
/** The other half of a composite type, which is no indicator of its own. */
const COMPANIONS: ReadonlySet<string> = new Set(["port", "filename"]);

/** `undefined`: this part of the value is only a companion (a port, a file name). */
export type TypePart = { readonly allowed: Kinds | undefined } | undefined;

/**
 * What a type name of a CSV column, of MISP or of a Zeek intelligence file (`Intel::ADDR`) says about a value:
 * one entry for each part of a composite type such as `domain|ip`. `undefined` for a type that is none of ours.
 */
export function partsOfType(type: string): readonly TypePart[] | undefined {
  const parts: TypePart[] = [];
  for (const raw of type.split("|")) {
    const name = normaliseType(raw);
    if (COMPANIONS.has(name) && type.includes("|")) parts.push(undefined);
    else if (ANY.has(name)) parts.push({ allowed: undefined });
    else if (Object.hasOwn(KINDS_OF_TYPE, name)) parts.push({ allowed: KINDS_OF_TYPE[name] });
    else return undefined;
  }
  return parts;
}

/** The kinds for a single type name, as a column heading may be; `undefined` if it names none. */
export function kindsOfType(type: string): Kinds | undefined {
  const name = normaliseType(type);
  return Object.hasOwn(KINDS_OF_TYPE, name) ? KINDS_OF_TYPE[name] : undefined;
}

function normaliseType(type: string): string {
  return type
    .trim()
    .toLowerCase()
    .replace(/^intel::/, "")
    .replace(/[_:\s]+/g, "-");
}

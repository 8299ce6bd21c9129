import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import { assert, type Bytes, sha256, toBase64, toHex, utf8 } from "@detente/basics";
import {
  bitString,
  boolean,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  tagged,
  time,
  utf8String,
} from "./der.ts";

const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";
const SUBJECT_ALT_NAME = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";
const KEY_USAGE = "2.5.29.15";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

/** RFC 5280 §4.1.2.5: the date for a certificate without a well-defined expiration. */
export const NO_EXPIRATION: Date = new Date("9999-12-31T23:59:59Z");

/**
 * A new private key for a station's TLS, PKCS #8 in PEM. P-256 and not Ed25519: Node speaks both, but browsers take
 * no Ed25519 server certificate, and officers open the console at the same port.
 */
export function newTlsKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

/** The pin of a key (PEM, private or public): SHA-256 of its SubjectPublicKeyInfo in DER (RFC 7469 §2.4), in hex. */
export function spkiPin(keyPem: string): string {
  return pinOf(createPublicKey(keyPem));
}

/** The pin of a public key. */
export function pinOf(key: KeyObject): string {
  return toHex(sha256(spki(key)));
}

export interface CertificateRequest {
  /** From `newTlsKey`; a certificate made anew for the same key keeps the pin. */
  readonly keyPem: string;
  readonly commonName: string;
  /** DNS names and IP addresses for browsers; stations look at the pin alone. */
  readonly hosts: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** 8 to 20 random bytes. */
  readonly serial: Bytes;
}

/** A self-signed X.509 v3 server certificate (RFC 5280 §4.1) in PEM. */
export function selfSignedCertificate(request: CertificateRequest): string {
  assert(request.serial.length >= 8 && request.serial.length <= 20, "a serial has 8 to 20 bytes");
  const key = createPrivateKey(request.keyPem);
  assert(key.asymmetricKeyDetails?.namedCurve === "prime256v1", "a station's TLS key is on P-256");
  const algorithm = sequence(objectIdentifier(ECDSA_WITH_SHA256));
  const name = sequence(set(sequence(objectIdentifier(COMMON_NAME), utf8String(request.commonName))));
  const version3 = tagged(0, integer(Uint8Array.of(2)), "explicit");
  // The top bit is cleared so that the number stays positive within 20 bytes (RFC 5280 §4.1.2.2).
  const serial = integer(request.serial.map((byte, i) => (i === 0 ? (byte & 0x7f) | 0x40 : byte)));
  const validity = sequence(time(request.notBefore), time(request.notAfter));
  const extensions = tagged(3, extensionsFor(request.hosts), "explicit");
  const toBeSigned = sequence(
    version3,
    serial,
    algorithm,
    name,
    validity,
    name,
    spki(createPublicKey(key)),
    extensions,
  );
  return pem(sequence(toBeSigned, algorithm, bitString(sign("sha256", toBeSigned, key))));
}

function extensionsFor(hosts: readonly string[]): Bytes {
  const notAnAuthority = sequence();
  const digitalSignature = bitString(Uint8Array.of(0x80), 7);
  const extensions = [
    extension(BASIC_CONSTRAINTS, notAnAuthority, true),
    extension(KEY_USAGE, digitalSignature, true),
    extension(EXTENDED_KEY_USAGE, sequence(objectIdentifier(SERVER_AUTH)), false),
  ];
  if (hosts.length > 0) extensions.push(extension(SUBJECT_ALT_NAME, sequence(...hosts.map(generalName)), false));
  return sequence(...extensions);
}

function extension(id: string, value: Bytes, critical: boolean): Bytes {
  return sequence(objectIdentifier(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

function generalName(host: string): Bytes {
  if (isIPv4(host)) return tagged(7, Uint8Array.from(host.split(".").map(Number)), "implicit");
  if (isIPv6(host)) return tagged(7, ipv6Bytes(host), "implicit");
  return tagged(2, utf8(host), "implicit");
}

function ipv6Bytes(address: string): Bytes {
  // URL parsing lends its normal form, in which an embedded IPv4 address is hexadecimal too.
  const [head = "", tail = ""] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  const groups = [...first, ...zeros, ...last].map((group) => Number.parseInt(group, 16));
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function spki(key: KeyObject): Bytes {
  return key.export({ type: "spki", format: "der" });
}

function pem(der: Bytes): string {
  const lines = toBase64(der).replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

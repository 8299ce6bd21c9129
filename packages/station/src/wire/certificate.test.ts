import { execFileSync, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newTlsKey, NO_EXPIRATION, pinOf, selfSignedCertificate, spkiPin } from "./certificate.ts";
import { integer, objectIdentifier, octetString, time } from "./der.ts";

const keyPem = newTlsKey();
const certificate = selfSignedCertificate({
  keyPem,
  commonName: "alpha",
  hosts: ["alpha.example", "192.0.2.7", "2001:db8::7", "::ffff:192.0.2.8", "::1"],
  notBefore: new Date("2026-01-02T03:04:05.678Z"),
  notAfter: NO_EXPIRATION,
  serial: new Uint8Array(16).fill(0xff),
});
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

test("OpenSSL, as Node has it, reads the certificate as it was asked for", () => {
  const read = new X509Certificate(certificate);
  expect(read.subject).toBe("CN=alpha");
  expect(read.issuer).toBe("CN=alpha");
  expect(read.subjectAltName).toBe(
    "DNS:alpha.example, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7, " +
      "IP Address:0:0:0:0:0:FFFF:C000:208, IP Address:0:0:0:0:0:0:0:1",
  );
  expect(read.validFrom).toBe("Jan  2 03:04:05 2026 GMT");
  expect(read.validTo).toBe("Dec 31 23:59:59 9999 GMT");
  expect(read.serialNumber).toBe(`7F${"FF".repeat(15)}`);
  expect(read.ca).toBe(false);
  expect(read.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.checkHost("alpha.example")).toBe("alpha.example");
});

test.skipIf(!hasOpenssl)("the openssl command verifies it strictly and finds the same pin", () => {
  const dir = mkdtempSync(join(tmpdir(), "detente-certificate-"));
  try {
    const file = join(dir, "cert.pem");
    writeFileSync(file, certificate);
    const strict = ["verify", "-x509_strict", "-check_ss_sig", "-purpose", "sslserver", "-CAfile", file, file];
    expect(execFileSync("openssl", strict, { encoding: "utf8" })).toContain(": OK");
    const publicKey = execFileSync("openssl", ["x509", "-in", file, "-pubkey", "-noout"]);
    const der = execFileSync("openssl", ["pkey", "-pubin", "-outform", "der"], { input: publicKey });
    const digest = execFileSync("openssl", ["dgst", "-sha256", "-r"], { input: der, encoding: "utf8" });
    expect(spkiPin(keyPem)).toBe(digest.slice(0, 64));
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("the pin is of the key: a renewed certificate keeps it, another key has another", () => {
  const renewed = selfSignedCertificate({
    keyPem,
    commonName: "alpha",
    hosts: [],
    notBefore: new Date("2027-01-01T00:00:00Z"),
    notAfter: new Date("2049-12-31T23:59:59Z"),
    serial: new Uint8Array(8),
  });
  expect(pinOf(new X509Certificate(renewed).publicKey)).toBe(spkiPin(keyPem));
  expect(pinOf(new X509Certificate(certificate).publicKey)).toBe(spkiPin(keyPem));
  expect(new X509Certificate(renewed).subjectAltName).toBeUndefined();
  expect(spkiPin(newTlsKey())).not.toBe(spkiPin(keyPem));
});

test("any serial, name and dates make a certificate that OpenSSL reads back", () => {
  const date = fc.date({ min: new Date("1970-01-01T00:00:00Z"), max: NO_EXPIRATION, noInvalidDate: true });
  const serial = fc.uint8Array({ minLength: 8, maxLength: 20 });
  const commonName = fc.stringMatching(/^[a-z0-9-]{1,32}$/);
  fc.assert(
    fc.property(date, date, serial, commonName, (notBefore, notAfter, bytes, name) => {
      const pem = selfSignedCertificate({
        keyPem,
        commonName: name,
        hosts: [name],
        notBefore,
        notAfter,
        serial: bytes,
      });
      const read = new X509Certificate(pem);
      expect(read.subject).toBe(`CN=${name}`);
      expect(Date.parse(read.validFrom)).toBe(Math.floor(notBefore.getTime() / 1000) * 1000);
      expect(Date.parse(read.validTo)).toBe(Math.floor(notAfter.getTime() / 1000) * 1000);
      expect(read.serialNumber.length).toBe(2 * bytes.length);
      expect(read.verify(read.publicKey)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

/** Encodings from ITU-T X.690 §8.3, §8.19 (the example 2.100.3) and RFC 8017 (1.2.840.113549). */
describe("DER", () => {
  test.each([
    ["zero", integer(Uint8Array.of(0)), "020100"],
    ["leading zeros", integer(Uint8Array.of(0, 0, 127)), "02017f"],
    ["a top bit", integer(Uint8Array.of(128)), "02020080"],
    ["an identifier", objectIdentifier("2.100.3"), "0603813403"],
    ["a long arc", objectIdentifier("1.2.840.113549"), "06062a864886f70d"],
    ["127 bytes", octetString(new Uint8Array(127)).subarray(0, 2), "047f"],
    ["128 bytes", octetString(new Uint8Array(128)).subarray(0, 3), "048180"],
    ["256 bytes", octetString(new Uint8Array(256)).subarray(0, 4), "04820100"],
    ["the last UTCTime", time(new Date("2049-12-31T23:59:59Z")), "170d3439313233313233353935395a"],
    ["the first GeneralizedTime", time(new Date("2050-01-01T00:00:00Z")), "180f32303530303130313030303030305a"],
  ])("%s", (_, der, hex) => {
    expect(toHex(der)).toBe(hex);
  });
});

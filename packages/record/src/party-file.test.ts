import { createHash } from "node:crypto";
import { concatBytes, unwrap, utf8, utf8Decode } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPartyFile, keyDigest, parsePartyFile } from "./party-file.ts";
import { hexOf, party } from "./testing/samples.ts";

const north = party("north");

function flawOf(change: object): string {
  const parsed = parsePartyFile(formatPartyFile({ ...north, ...change }));
  return parsed.ok ? "no fault" : parsed.fault.message;
}

describe("a party file", () => {
  it("comes back as it was written, a line feed at its end", () => {
    const bytes = formatPartyFile(north);
    expect(utf8Decode(bytes)).toMatch(/^\{"log":.*"v":1,"witness":"[^"]*"\}\n$/);
    expect(unwrap(parsePartyFile(bytes))).toEqual(north);
    expect(unwrap(parsePartyFile(bytes.subarray(0, -1)))).toEqual(north);
    expect(parsePartyFile(concatBytes(bytes, utf8("\n"))).ok).toBe(false);
  });

  it("may pin a TLS key", () => {
    expect(flawOf({ tls: { spki: hexOf("spki") } })).toBe("no fault");
    expect(flawOf({ tls: {} })).toBe("party file.tls.spki: missing");
  });

  it.each([
    ["name", "North", "party file.name: expected a party's name: 1 to 32 of a-z, 0-9 and -"],
    ["name", "", "party file.name: expected a party's name: 1 to 32 of a-z, 0-9 and -"],
    ["origin", "a b", "party file.origin: expected an origin: 1 to 128 printable ASCII characters, no space, no plus"],
    ["origin", "other.example/log", "party file.log: the key's name must be the origin"],
    ["url", "javascript:alert(1)", "party file.url: expected an http or https URL of at most 248 ASCII characters"],
    ["log", "x", "party file.log: a verifier key reads name+hex8+base64"],
    ["log", north.witness, "party file.log: expected a verifier key of type 1, for a log"],
    ["witness", north.log, "party file.witness: expected a verifier key of type 4, for a witness"],
    ["transport", "AAAA", "party file.transport: expected 32 bytes in base64"],
    ["transport", `${"A".repeat(43)}=`, "party file.transport: expected an Ed25519 public key in base64"],
    ["next", { log: hexOf("log") }, "party file.next.witness: missing"],
    ["more", 1, "party file: has a member that this form does not have (more)"],
  ])("refuses %s %j", (member, value, message) => {
    expect(flawOf({ [member]: value })).toBe(message);
  });

  it("refuses a key whose id is not its own", () => {
    const [name, , key] = north.witness.split("+") as [string, string, string];
    expect(flawOf({ witness: `${name}+00000000+${key}` })).toMatch("is not the id of this name and key");
  });

  it("never throws", () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.dictionary(fc.constantFrom(...Object.keys(north)), fc.jsonValue({ maxDepth: 2 })),
        (bytes, change) => {
          expect(() => parsePartyFile(bytes)).not.toThrow();
          expect(() => flawOf(change)).not.toThrow();
        },
      ),
    );
    expect(() => parsePartyFile(new Uint8Array(0))).not.toThrow();
  });
});

it("names a key by the SHA-256 of its text", () => {
  expect(keyDigest(north.log)).toBe(createHash("sha256").update(north.log).digest("hex"));
});

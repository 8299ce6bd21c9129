import { concatBytes, sha256, toHex, unwrap, utf8 } from "@detente/basics";
import { expect, it } from "vitest";
import { kernel } from "../testing/groups.ts";
import { noise, question } from "../testing/parties.ts";
import { NEW_TAB } from "./asker.ts";
import { parseRequest } from "./request.ts";
import { answerDigest, parseResponse } from "./response.ts";

const { request } = question(kernel, NEW_TAB, [utf8("a")], "request");
/** "DMA1", proof and signature (64 bytes each), one element. */
const response = concatBytes(utf8("DMA1"), noise(64 + 64 + 32, "response"));

function behind(bytes: Uint8Array): Uint8Array {
  return concatBytes(bytes, new Uint8Array(32));
}

function renamed(bytes: Uint8Array): Uint8Array {
  return concatBytes(utf8("DMX1"), bytes.subarray(4));
}

// docs/formats.md, Look-up: both have exactly the length of their class, and a name in front.
it("is neither a request nor a response with anything behind it, or under another name", () => {
  expect(parseRequest(request).ok).toBe(true);
  expect(parseResponse(response, 1).ok).toBe(true);
  for (const other of [behind, renamed]) {
    expect(parseRequest(other(request))).toMatchObject({ fault: { code: "bad-request" } });
    expect(parseResponse(other(response), 1)).toMatchObject({ fault: { code: "bad-response" } });
  }
});

it("is answered for by the digest of the elements, then the proof", () => {
  const { evaluated, proof } = unwrap(parseResponse(response, 1));
  const expected = sha256(concatBytes(response.subarray(132), response.subarray(4, 68)));
  expect(toHex(answerDigest(evaluated, proof))).toBe(toHex(expected));
});

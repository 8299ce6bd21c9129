import { type Bytes, toHex, unwrap, utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { at, SCALAR_BYTES } from "../group.ts";
import { prove } from "../oprf/dleq.ts";
import { kernel } from "../testing/groups.ts";
import { answererOf, ASKER, noise, question } from "../testing/parties.ts";
import { type Answerer, answer } from "./answerer.ts";
import { NEW_TAB } from "./asker.ts";
import { charge, EMPTY_LEDGER } from "./budget.ts";
import { parseRequest } from "./request.ts";
import { parseResponse } from "./response.ts";

const answerer = answererOf(kernel);
const BUDGET = { partner: 10_000, pool: 20_000 };

/** The nonce of the proof that is given to one question, as only whoever has the key can tell: s + c·k (RFC 9497 §2.2.1). */
function nonceFor(input: string, by: Answerer = answerer): string {
  const { request } = question(kernel, NEW_TAB, [utf8(input)], input);
  const ledger = unwrap(charge(EMPTY_LEDGER, BUDGET, ASKER, request));
  const { evaluated, proof } = unwrap(
    parseResponse(unwrap(answer(kernel, by, ledger, ASKER.name, request)).response, 1),
  );
  const minusKey = kernel.subtractProduct(new Uint8Array(SCALAR_BYTES), scalar(1), by.key);
  const nonce = kernel.subtractProduct(at(proof, 1), at(proof, 0), minusKey);
  const { blinded } = unwrap(parseRequest(request));
  const again = prove(kernel, by.key, { publicKey: by.publicKey, blinded, evaluated }, nonce);
  expect(toHex(unwrap(again))).toBe(toHex(proof));
  return toHex(nonce);
}

function scalar(value: number): Bytes {
  return new Uint8Array(SCALAR_BYTES).fill(value, 0, 1);
}

// Of two proofs under one nonce anybody computes the key (RFC 9497 §2.2.1 asks for a random one each time).
describe("the nonce of a proof", () => {
  it("is another for each request, and the same when it comes again", () => {
    expect(new Set(["a", "b", "c"].map((input) => nonceFor(input))).size).toBe(3);
    expect(nonceFor("a")).toBe(nonceFor("a"));
  });

  it("is nobody's to compute who has not the answerer's secret", () => {
    expect(nonceFor("a", { ...answerer, nonceKey: noise(32, "another") })).not.toBe(nonceFor("a"));
  });
});

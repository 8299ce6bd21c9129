import { type Bytes, toHex, unwrap } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { GROUPS } from "../testing/groups.ts";
import { hex } from "../testing/hex.ts";
import { RFC9497 } from "../testing/rfc9497.ts";
import { prove, verifyProof } from "./dleq.ts";
import { blindByProduct, finalizeByProduct } from "../testing/multiplicative.ts";
import { blind, blindEvaluate, evaluate, finalize, publicKeyOf } from "./oprf.ts";
import { deriveKey } from "./suite.ts";

function one(text: string): Bytes {
  return hex(text);
}

describe.each(GROUPS)("RFC 9497, appendix A.1 (%s)", (_name, group) => {
  describe.each(RFC9497)("$mode", ({ mode, seed, info, key, publicKey, vectors }) => {
    it("derives the key pair", () => {
      const derived = deriveKey(group, mode, hex(seed), hex(info));
      expect(toHex(derived)).toBe(key);
      // A public key is of use in the mode with proofs, and only there it is published.
      expect(publicKey === undefined ? mode : toHex(publicKeyOf(group, derived))).toBe(publicKey ?? "oprf");
    });

    it.each(vectors)("blinds, evaluates and finalizes $inputs", (vector) => {
      const inputs = vector.inputs.map(one);
      const blinds = hex(...vector.blinds);
      const blinded = blindByProduct(group, mode, inputs, blinds);
      expect(toHex(blinded)).toBe(vector.blinded.join(""));
      const evaluated = unwrap(blindEvaluate(group, hex(key), blinded));
      expect(toHex(evaluated)).toBe(vector.evaluated.join(""));
      expect(finalizeByProduct(group, inputs, blinds, evaluated).map(toHex)).toEqual(vector.outputs);
      expect(evaluate(group, mode, hex(key), inputs).map(toHex)).toEqual(vector.outputs);
    });

    it.each(vectors)("gives the outputs of $inputs by blinds that are added, too", (vector) => {
      const inputs = vector.inputs.map(one);
      const blinds = hex(...vector.blinds);
      const evaluated = unwrap(blindEvaluate(group, hex(key), blind(group, mode, inputs, blinds)));
      const outputs = unwrap(finalize(group, publicKeyOf(group, hex(key)), inputs, blinds, evaluated));
      expect(outputs.map(toHex)).toEqual(vector.outputs);
    });

    it.each(vectors.filter(({ proof }) => proof !== undefined))("proves $inputs", (vector) => {
      const all = {
        publicKey: hex(publicKey as string),
        blinded: hex(...vector.blinded),
        evaluated: hex(...vector.evaluated),
      };
      const proof = unwrap(prove(group, hex(key), all, hex(vector.nonce as string)));
      expect(toHex(proof)).toBe(vector.proof);
      expect(verifyProof(group, all, proof).ok).toBe(true);
    });
  });
});

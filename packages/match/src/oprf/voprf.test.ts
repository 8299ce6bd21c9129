import { type Bytes, concatBytes, sha512, toHex, unwrap, utf8 } from "@detente/basics";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at, ELEMENT_BYTES, type Group } from "../group.ts";
import { GROUPS } from "../testing/groups.ts";
import { hex } from "../testing/hex.ts";
import { blindByProduct } from "../testing/multiplicative.ts";
import { INVALID } from "../testing/rfc9496.ts";
import { type Evaluated, prove, verifyProof } from "./dleq.ts";
import { blind, blindEvaluate, evaluate, finalize, publicKeyOf } from "./oprf.ts";
import { deriveKey } from "./suite.ts";

const noble = ristretto255_oprf.voprf;

/** Scalars that look random, a run's own. */
function scalars(group: Group, count: number, run: string): Bytes {
  return group.reduce(concatBytes(...Array.from({ length: count }, (_, i) => sha512(utf8(`${run} ${i}`)))));
}

describe.each(GROUPS)("VOPRF (%s)", (_name, group) => {
  const key = deriveKey(group, "voprf", new Uint8Array(32).fill(7), utf8("test"));
  const publicKey = publicKeyOf(group, key);
  const nonce = scalars(group, 1, "nonce");

  interface AskedAll extends Evaluated {
    readonly blinds: Bytes;
    readonly blinded: Bytes;
    readonly evaluated: Bytes;
    readonly proof: Bytes;
  }

  function asked(inputs: readonly Bytes[], run: string, by: typeof blind = blind): AskedAll {
    const blinds = scalars(group, inputs.length, run);
    const blinded = by(group, "voprf", inputs, blinds);
    const all = { publicKey, blinded, evaluated: unwrap(blindEvaluate(group, key, blinded)) };
    return { ...all, blinds, proof: unwrap(prove(group, key, all, nonce)) };
  }

  it("gives the same outputs blindly and with the key, for any inputs, blinds and order; noble agrees", () => {
    const input = fc.uint8Array({ maxLength: 80 });
    fc.assert(
      fc.property(fc.array(input, { minLength: 1, maxLength: 5 }), fc.nat(), (inputs, run) => {
        const added = asked(inputs, `run ${run}`);
        expect(verifyProof(group, added, added.proof).ok).toBe(true);
        const outputs = unwrap(finalize(group, publicKey, inputs, added.blinds, added.evaluated)).map(toHex);
        expect(outputs).toEqual(evaluate(group, "voprf", key, inputs).map(toHex));
        // Noble blinds as the RFC does.
        const { blinds, evaluated, proof, blinded } = asked(inputs, `run ${run}`, blindByProduct);
        const items = inputs.map((each, i) => ({
          input: each,
          blind: at(blinds, i),
          evaluated: at(evaluated, i),
          blinded: at(blinded, i),
        }));
        expect(noble.finalizeBatch(items, publicKey, proof).map(toHex)).toEqual(outputs);
      }),
      { numRuns: 10 },
    );
  });

  it.each([1, 3])("refuses a flipped bit anywhere, of %i", (count) => {
    const { blinded, evaluated, proof } = asked([utf8("a"), utf8("b"), utf8("c")].slice(0, count), "flip");
    const all = { publicKey, blinded, evaluated };
    for (const [name, whole] of Object.entries({ ...all, proof })) {
      for (let bit = 0; bit < 8 * whole.length; bit += 7) {
        const flipped = Uint8Array.from(whole);
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        const changed = { ...all, proof, [name]: flipped };
        expect([name, bit, verifyProof(group, changed, changed.proof).ok]).toEqual([name, bit, false]);
      }
    }
  });

  it("refuses swapped answers and another's key", () => {
    const { blinded, evaluated, proof } = asked([utf8("a"), utf8("b"), utf8("c")], "swap");
    const all = { publicKey, blinded, evaluated };
    const swapped = concatBytes(at(evaluated, 1), at(evaluated, 0), at(evaluated, 2));
    expect(verifyProof(group, { ...all, evaluated: swapped }, proof).ok).toBe(false);
    const moved = { ...all, evaluated: swapped, blinded: concatBytes(at(blinded, 1), at(blinded, 0), at(blinded, 2)) };
    expect(verifyProof(group, moved, proof).ok).toBe(false);
    const other = publicKeyOf(group, scalars(group, 1, "other"));
    expect(verifyProof(group, { ...all, publicKey: other }, proof).ok).toBe(false);
    const single = asked([utf8("a")], "single");
    expect(verifyProof(group, { ...single, publicKey: other }, single.proof).ok).toBe(false);
  });

  it("refuses the identity and every invalid encoding wherever an element comes in", () => {
    const { blinds, blinded, evaluated, proof } = asked([utf8("a"), utf8("b")], "invalid");
    for (const bad of [new Uint8Array(ELEMENT_BYTES), ...INVALID.map((text) => hex(text))]) {
      const broken = concatBytes(at(blinded, 0), bad);
      const code = { ok: false, fault: { code: "bad-element" } };
      expect(blindEvaluate(group, key, broken)).toMatchObject(code);
      expect(finalize(group, publicKey, [utf8("a"), utf8("b")], blinds, broken)).toMatchObject(code);
      expect(verifyProof(group, { publicKey, blinded: broken, evaluated }, proof)).toMatchObject(code);
      expect(verifyProof(group, { publicKey, blinded, evaluated: broken }, proof)).toMatchObject(code);
      expect(verifyProof(group, { publicKey: bad, blinded, evaluated }, proof)).toMatchObject(code);
    }
  });

  it("refuses a proof whose scalars are not below the order", () => {
    const { blinded, evaluated, proof } = asked([utf8("a")], "scalars");
    const order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    const all = { publicKey, blinded, evaluated };
    for (const forged of [concatBytes(order, at(proof, 1)), concatBytes(at(proof, 0), order), proof.subarray(1)]) {
      expect(verifyProof(group, all, forged)).toMatchObject({ ok: false, fault: { code: "bad-proof" } });
    }
  });
});

import { type Bytes, concatBytes, sha256, toHex, unwrap } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { at, BASE, ELEMENT_BYTES, SCALAR_BYTES } from "../group.ts";
import { MAX_BATCH } from "../lookup/batch-class.ts";
import { publicKeyOf } from "../oprf/oprf.ts";
import { kernel } from "../testing/groups.ts";
import { noise } from "../testing/parties.ts";
import { contentsMessage, type Doubling, doublingPart, type Prover, provePart } from "./contents.ts";
import { judgeMessages } from "./judge.ts";
import { encodeStep, parseStep } from "./message.ts";
import { sortedElements } from "./sorted.ts";

const key = kernel.reduce(noise(64, "key"));
const prover: Prover = { key, publicKey: publicKeyOf(kernel, key), nonceKey: noise(32, "nonce") };

function elements(count: number, name: string): Bytes {
  return sortedElements(kernel.multiplyUniform(noise(64 * count, name), kernel.reduce(noise(64 * count, `${name}s`))));
}

function doubled(blinded: Bytes): Doubling {
  return { blinded, doubled: unwrap(kernel.multiply(blinded, key)) };
}

/** The nonce of a part's proof, as only whoever has the key can tell: s + c·k (RFC 9497 §2.2.1). */
function nonceOf(part: Doubling, by: Prover = prover): string {
  const proof = provePart(kernel, by, part);
  const one = new Uint8Array(SCALAR_BYTES).fill(1, 0, 1);
  const minusKey = kernel.subtractProduct(new Uint8Array(SCALAR_BYTES), one, key);
  return toHex(kernel.subtractProduct(at(proof, 1), at(proof, 0), minusKey));
}

// Of two proofs under one nonce anybody computes the key.
describe("the nonce of a part's proof", () => {
  const [one, two] = [doubled(BASE), doubled(elements(1, "two"))];

  it("is another for another part, and the same when it is made again", () => {
    expect(nonceOf(one)).not.toBe(nonceOf(two));
    expect(nonceOf(one)).toBe(nonceOf(one));
  });

  it("is nobody's to compute who has not the secret for it", () => {
    expect(nonceOf(one, { ...prover, nonceKey: noise(32, "another") })).not.toBe(nonceOf(one));
  });
});

it("is no message with anything behind it", () => {
  const message = contentsMessage(BASE, [noise(64, "proof")]);
  expect(parseStep("contents", message, 1).ok).toBe(true);
  expect(parseStep("contents", concatBytes(message, Uint8Array.of(0)), 1).ok).toBe(false);
});

describe("a list of more than one part", () => {
  const count = MAX_BATCH + 2;
  const list = elements(count, "list");
  const all = doubled(list);
  const proofs = [0, 1].map((part) => provePart(kernel, prover, doublingPart(all, part)));

  function flaw(shown: Bytes): unknown {
    const [listed, contents] = [encodeStep("list", list), contentsMessage(shown, proofs)];
    const sides = {
      by: { publicKey: BASE, count, digests: { list: sha256(listed) }, says: undefined },
      with: { publicKey: prover.publicKey, count, digests: { contents: sha256(contents) }, says: undefined },
    };
    const judged = unwrap(
      judgeMessages(kernel, sides, [
        { author: "by", step: "list", message: listed },
        { author: "with", step: "contents", message: contents },
      ]),
    );
    return judged[1]?.what;
  }

  it("is proven part by part: what is swapped in the last one shows", () => {
    expect(flaw(all.doubled)).toBeUndefined();
    const end = ELEMENT_BYTES * MAX_BATCH;
    const [first, second] = [at(all.doubled, MAX_BATCH), at(all.doubled, MAX_BATCH + 1)];
    expect(flaw(concatBytes(all.doubled.subarray(0, end), second, first))).toBe("bad-proof");
  });
});

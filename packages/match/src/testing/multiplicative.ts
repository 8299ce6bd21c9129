import { type Bytes, concatBytes, unwrap } from "@detente/basics";
import { ristretto255 } from "@noble/curves/ed25519.js";
import { at, ELEMENT_BYTES, type Group } from "../group.ts";
import { outputsOf } from "../oprf/oprf.ts";
import { type Mode, uniformOf } from "../oprf/suite.ts";

const { Fn } = ristretto255.Point;

/** Blind as RFC 9497 §3.3.1 has it, by multiplication: what its vectors were made with. */
export function blindByProduct(group: Group, mode: Mode, inputs: readonly Bytes[], blinds: Bytes): Bytes {
  return group.multiplyUniform(uniformOf(group, mode, inputs), blinds);
}

/** Finalize as RFC 9497 §3.3.1 has it. */
export function finalizeByProduct(
  group: Group,
  inputs: readonly Bytes[],
  blinds: Bytes,
  evaluated: Bytes,
): readonly Bytes[] {
  const inverses = Array.from({ length: blinds.length / ELEMENT_BYTES }, (_, i) =>
    Fn.toBytes(Fn.inv(Fn.fromBytes(at(blinds, i)))),
  );
  return outputsOf(group, inputs, unwrap(group.multiply(evaluated, concatBytes(...inverses))));
}

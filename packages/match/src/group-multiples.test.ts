import { type Bytes, concatBytes, sha512, toHex, unwrap } from "@detente/basics";
import { ristretto255 } from "@noble/curves/ed25519.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at, BASE, ELEMENT_BYTES, firstOf, type Term } from "./group.ts";
import { GROUPS, kernel, sodium } from "./testing/groups.ts";
import { hex } from "./testing/hex.ts";
import { FROM_UNIFORM, INVALID, MULTIPLES } from "./testing/rfc9496.ts";
import { EDGES, integer, ORDER, scalar } from "./testing/scalars.ts";

const { Point } = ristretto255;

/** Random runs of kernel against libsodium; `KERNEL_ROUNDS=10000` for a long one. */
const ROUNDS = Number(process.env["KERNEL_ROUNDS"] ?? 12);

const uniformA = hex(FROM_UNIFORM[0]?.[0] as string);
const pointA = Point.fromHex(FROM_UNIFORM[0]?.[1] as string);
const [, , fifteen] = MULTIPLES.map(([, encoding]) => hex(encoding)) as [Bytes, Bytes, Bytes];

describe.each(GROUPS)("multiples of a base (%s)", (_name, group) => {
  it("are added to what is mapped as noble adds them, for every edge", () => {
    const sums = group.addToUniform(concatBytes(...EDGES.map(() => uniformA)), concatBytes(...EDGES));
    for (const [i, edge] of EDGES.entries()) {
      const expected = pointA.add(Point.BASE.multiplyUnsafe(integer(edge) % ORDER));
      expect([edge, toHex(at(sums, i))]).toEqual([edge, expected.toHex()]);
      expect([edge, toHex(group.addToUniform(uniformA, edge))]).toEqual([edge, expected.toHex()]);
    }
  });

  it("are subtracted from elements as noble subtracts them, whichever base was used before", () => {
    const elements = concatBytes(...EDGES.map(() => pointA.toBytes()));
    for (const base of [BASE, fifteen, pointA.toBytes(), fifteen]) {
      const rests = unwrap(group.subtractMultiples(elements, base, concatBytes(...EDGES)));
      for (const [i, edge] of EDGES.entries()) {
        const multiple = Point.fromBytes(base).multiplyUnsafe(integer(edge) % ORDER);
        const expected = [edge, pointA.subtract(multiple).toHex()];
        expect([edge, toHex(at(rests, i))]).toEqual(expected);
        expect([edge, toHex(unwrap(group.subtractMultiples(pointA.toBytes(), base, edge)))]).toEqual(expected);
      }
    }
  });

  it("give the identity where they are all there is", () => {
    const rest = unwrap(group.subtractMultiples(fifteen, BASE, scalar(15n)));
    expect(toHex(rest)).toBe("00".repeat(ELEMENT_BYTES));
  });

  it.each(INVALID.slice(0, 12))("are not subtracted from %s", (encoding) => {
    const elements = concatBytes(BASE, BASE, BASE, BASE, hex(encoding));
    const scalars = new Uint8Array(32 * 5).fill(1);
    const fault = { ok: false, fault: { code: "bad-element", message: expect.stringContaining("element 4:") } };
    expect(group.subtractMultiples(elements, BASE, scalars)).toMatchObject(fault);
    expect(group.decode(elements)).toMatchObject(fault);
  });
});

describe.each(GROUPS)("decoded elements (%s)", (_name, group) => {
  it.each(group === sodium ? [1, 5] : [1, 2, 5, 9, 1030])("give what their bytes give: %i", (count) => {
    const uniform = Uint8Array.from({ length: 64 * count }, (_, i) => (i * 29 + (i >> 4)) & 0xff);
    const [elements, scalars] = [kernel.fromUniform(uniform), kernel.reduce(uniform)];
    const decoded = unwrap(group.decode(elements));
    expect(decoded.bytes).toEqual(elements);
    expect(group.multiply(decoded, at(scalars, 0))).toEqual(group.multiply(elements, at(scalars, 0)));
    expect(group.combine(decoded, scalars)).toEqual(group.combine(elements, scalars));
    expect(group.subtractMultiples(decoded, fifteen, scalars)).toEqual(
      group.subtractMultiples(elements, fifteen, scalars),
    );
    const some = Math.ceil(count / 2);
    const [few, few32] = [firstOf(decoded, some), scalars.subarray(0, 32 * some)];
    expect(group.multiply(few, few32)).toEqual(group.multiply(elements.subarray(0, 32 * some), few32));
    const other = group === sodium ? kernel : sodium;
    const one = firstOf(decoded, 1);
    expect(other.multiply(one, at(scalars, 0))).toEqual(group.multiply(one, at(scalars, 0)));
  });
});

it("kernel and libsodium agree on multiples of bases, in any number", () => {
  const item = fc.tuple(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.constantFrom(0, 1, 2));
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 70 }), (items) => {
      const uniform = concatBytes(...items.map(([each]) => each));
      const scalars = kernel.reduce(Uint8Array.from(uniform, (byte) => byte ^ 0x5a));
      const sums = kernel.addToUniform(uniform, scalars);
      expect(toHex(sums)).toBe(toHex(sodium.addToUniform(uniform, scalars)));
      const base = at(sums, 0);
      expect(toHex(unwrap(kernel.subtractMultiples(sums, base, scalars)))).toBe(
        toHex(unwrap(sodium.subtractMultiples(sums, base, scalars))),
      );
      const sum: Term[] = [
        [BASE, at(scalars, 0)],
        [base, at(scalars, items.length - 1)],
      ];
      expect(toHex(unwrap(kernel.sums([sum], base)))).toBe(toHex(unwrap(sodium.sums([sum]))));
    }),
    { numRuns: ROUNDS },
  );
});

describe.each(GROUPS)("SHA-512 (%s)", (_name, group) => {
  it("gives the digest of FIPS 180-4's example", () => {
    expect(toHex(group.sha512([[hex("61"), hex("6263")]]))).toBe(
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    );
  });

  it("gives what OpenSSL gives, for every length around a block's end, for long ones and many", () => {
    const bytes = Uint8Array.from({ length: 66_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
    const lengths = [
      ...Array.from({ length: 260 }, (_, i) => i),
      64_999,
      65_000,
      65_001,
      65_535,
      ...Array(300).fill(77),
    ];
    const digests = group.sha512(
      lengths.map((length) => [bytes.subarray(0, length >> 1), bytes.subarray(length >> 1, length)]),
    );
    for (const [i, length] of lengths.entries()) {
      const digest = digests.subarray(64 * i, 64 * (i + 1));
      expect([length, toHex(digest)]).toEqual([length, toHex(sha512(bytes.subarray(0, length)))]);
    }
  });
});

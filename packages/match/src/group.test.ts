import { type Bytes, concatBytes, toHex, unwrap } from "@detente/basics";
import { ristretto255 } from "@noble/curves/ed25519.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at, BASE, ELEMENT_BYTES, isScalar, multiplied, type Term } from "./group.ts";
import { GROUPS, kernel, newKernel, sodium } from "./testing/groups.ts";
import { hex } from "./testing/hex.ts";
import { EDGES, integer, ORDER, scalar } from "./testing/scalars.ts";
import { FROM_UNIFORM, INVALID, MULTIPLES } from "./testing/rfc9496.ts";

const { Point } = ristretto255;
/** Random runs of kernel against libsodium; `KERNEL_ROUNDS=10000` for a long one. */
const ROUNDS = Number(process.env["KERNEL_ROUNDS"] ?? 12);

const anyScalar = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.bigInt({ min: 0n, max: ORDER - 1n }).map((value) => scalar(value)),
);
const anyUniform = fc.oneof(
  fc.uint8Array({ minLength: 64, maxLength: 64 }),
  fc.constantFrom(0x01, 0x7f, 0x80, 0xff).map((byte) => new Uint8Array(64).fill(byte)),
);

describe.each(GROUPS)("ristretto255 (%s)", (_name, group) => {
  it.each(MULTIPLES)("multiplies the generator by %i as RFC 9496, appendix A.1", (factor, encoding) => {
    expect(toHex(unwrap(group.multiply(BASE, scalar(BigInt(factor)))))).toBe(encoding);
  });

  it.each(INVALID)("refuses %s of RFC 9496, appendix A.2, alone and in every lane", (encoding) => {
    const alone = { ok: false, fault: { code: "bad-element" } };
    expect(group.decode(hex(encoding))).toMatchObject(alone);
    expect(group.multiply(hex(encoding), scalar(5n))).toMatchObject(alone);
    expect(group.sums([[[BASE, scalar(5n)]], [[hex(encoding), scalar(5n)]]])).toMatchObject(alone);
    const base = hex(encoding);
    expect(group.sums([[[base, scalar(5n)]]], base)).toMatchObject(alone);
    for (let i = 0; i < 6; i++) {
      const elements = concatBytes(...Array.from({ length: 6 }, (_, k) => (k === i ? hex(encoding) : BASE)));
      const fault = { ok: false, fault: { code: "bad-element", message: expect.stringContaining(`element ${i}:`) } };
      expect(group.multiply(elements, scalar(5n))).toMatchObject(fault);
      expect(group.combine(elements, new Uint8Array(32 * 6).fill(1))).toMatchObject(fault);
    }
  });

  it("refuses the identity", () => {
    expect(group.multiply(new Uint8Array(ELEMENT_BYTES), scalar(5n)).ok).toBe(false);
    expect(group.combine(new Uint8Array(ELEMENT_BYTES), scalar(5n)).ok).toBe(false);
    expect(group.sums([[[new Uint8Array(ELEMENT_BYTES), scalar(5n)]]]).ok).toBe(false);
  });

  it.each(FROM_UNIFORM)("maps %s as RFC 9496, appendix A.3", (uniform, encoding) => {
    expect(toHex(group.fromUniform(hex(uniform)))).toBe(encoding);
  });

  it("multiplies by every edge as noble does", () => {
    const elements = concatBytes(...EDGES.map(() => hex(FROM_UNIFORM[0]?.[1] as string)));
    const products = unwrap(group.multiply(elements, concatBytes(...EDGES)));
    const point = Point.fromHex(FROM_UNIFORM[0]?.[1] as string);
    for (const [i, edge] of EDGES.entries()) {
      const expected = [edge, point.multiplyUnsafe(integer(edge)).toHex()];
      expect([edge, toHex(at(products, i))]).toEqual(expected);
      expect([edge, toHex(unwrap(group.multiply(at(elements, i), edge)))]).toEqual(expected);
    }
  });

  it("sums up as noble does, opposite and equal elements too", () => {
    const [first, second] = FROM_UNIFORM.map(([, encoding]) => Point.fromHex(encoding)) as [
      typeof Point.BASE,
      typeof Point.BASE,
    ];
    for (const points of [
      [first, first.negate()],
      [first, first],
      [first, second, first.negate(), second.negate()],
    ]) {
      const ones = concatBytes(...points.map(() => scalar(1n)));
      const sum = points.reduce((total, point) => total.add(point), Point.ZERO);
      expect(toHex(unwrap(group.combine(concatBytes(...points.map((point) => point.toBytes())), ones)))).toBe(
        sum.toHex(),
      );
    }
  });

  it("makes four sums at once as noble does, of all edges", () => {
    const [one, other] = FROM_UNIFORM.map(([, encoding]) => hex(encoding)) as [Bytes, Bytes];
    const key = hex(MULTIPLES[2]?.[1] as string);
    const points = new Map([one, other, key, BASE].map((element) => [element, Point.fromBytes(element)]));
    for (const [i, a] of EDGES.entries()) {
      const [b, c] = [EDGES.at(-1 - i), EDGES.at(i - 5)] as [Bytes, Bytes];
      const sums: Term[][] = [
        [[other, a]],
        [
          [other, b],
          [BASE, a],
          [one, c],
        ],
        [
          [key, a],
          [BASE, c],
        ],
        [
          [one, b],
          [key, c],
        ],
      ];
      const expected = sums.map((terms) =>
        terms
          .map(([element, factor]) => points.get(element as Bytes)?.multiplyUnsafe(integer(factor)) ?? Point.ZERO)
          .reduce((total, point) => total.add(point))
          .toHex(),
      );
      expect([i, toHex(unwrap(group.sums(sums, key)))]).toEqual([i, expected.join("")]);
      expect([i, toHex(unwrap(group.sums(sums.slice(0, 2))))]).toEqual([i, expected.slice(0, 2).join("")]);
    }
  });

  it("makes sums that are the identity", () => {
    const minusOne = scalar(ORDER - 1n);
    const [one, other] = FROM_UNIFORM.map(([, encoding]) => hex(encoding)) as [Bytes, Bytes];
    const opposite = unwrap(group.multiply(one, minusOne));
    const sums: Term[][] = [
      [],
      [
        [one, scalar(7n)],
        [opposite, scalar(7n)],
      ],
      [[one, scalar(0n)]],
    ];
    expect(toHex(unwrap(group.sums(sums)))).toBe("00".repeat(3 * ELEMENT_BYTES));
    expect(
      toHex(
        unwrap(
          group.sums([
            [
              [other, scalar(1n)],
              [other.slice(), minusOne],
            ],
          ]),
        ),
      ),
    ).toBe("00".repeat(32));
  });

  it("looks at an element's bytes each time, also in memory that is used again", () => {
    const memory = Buffer.alloc(ELEMENT_BYTES);
    for (const [, encoding] of FROM_UNIFORM) {
      memory.set(hex(encoding));
      const expected = Point.fromHex(encoding).multiplyUnsafe(5n).toHex();
      expect(toHex(unwrap(group.multiply(memory, scalar(5n))))).toBe(expected);
      expect(toHex(unwrap(group.sums([[[memory, scalar(5n)]]])))).toBe(expected);
    }
  });

  it("reckons modulo the order as integers do", () => {
    const wide = fc.oneof(
      fc.uint8Array({ minLength: 64, maxLength: 64 }),
      fc
        .constantFrom(0n, ORDER - 1n, ORDER, 2n * ORDER, 2n ** 256n, 2n ** 512n - 1n)
        .map((value) => concatBytes(scalar(value), scalar(value >> 256n))),
    );
    fc.assert(
      fc.property(wide, anyScalar, anyScalar, anyScalar, (value, minuend, a, b) => {
        expect(integer(group.reduce(value))).toBe(integer(value) % ORDER);
        const expected = (integer(minuend) - integer(a) * integer(b)) % ORDER;
        expect(integer(group.subtractProduct(minuend, a, b))).toBe((expected + ORDER) % ORDER);
        expect(integer(multiplied(group, a, b))).toBe((integer(a) * integer(b)) % ORDER);
      }),
    );
  });
});

describe("kernel and libsodium", () => {
  it("sum up multiples of the generator and of a key, whatever was asked of them before", () => {
    const key = hex(MULTIPLES[1]?.[1] as string);
    // 1 + 7 · 2 = 15 times the generator (RFC 9496, appendix A.1).
    const terms: Term[] = [
      [BASE, scalar(1n)],
      [key, scalar(7n)],
    ];
    for (const group of [newKernel(), sodium]) expect(toHex(unwrap(group.sums([terms], key)))).toBe(MULTIPLES[2]?.[1]);
  });

  it("agree on random and edge input, in any number", () => {
    const item = fc.tuple(anyUniform, anyScalar);
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 70 }), (items) => {
        const uniform = concatBytes(...items.map(([each]) => each));
        const scalars = concatBytes(...items.map(([, each]) => each));
        const elements = kernel.fromUniform(uniform);
        expect(toHex(elements)).toBe(toHex(sodium.fromUniform(uniform)));
        const products = unwrap(sodium.multiply(elements, scalars));
        expect(toHex(unwrap(kernel.multiply(elements, scalars)))).toBe(toHex(products));
        expect(toHex(kernel.multiplyUniform(uniform, scalars))).toBe(toHex(products));
        expect(toHex(unwrap(kernel.combine(elements, scalars)))).toBe(toHex(unwrap(sodium.combine(elements, scalars))));
        const [uniform1, element, factor] = [uniform.subarray(0, 64), at(elements, 0), at(scalars, 0)];
        expect(toHex(kernel.fromUniform(uniform1))).toBe(toHex(element));
        const sums: Term[][] = [
          [[element, factor]],
          [
            [BASE, factor],
            [at(elements, items.length - 1), at(scalars, items.length - 1)],
          ],
        ];
        expect(toHex(unwrap(kernel.sums(sums)))).toBe(toHex(unwrap(sodium.sums(sums))));
      }),
      { numRuns: ROUNDS },
    );
  });

  it("agree on what is mapped to the identity", () => {
    const nothing = new Uint8Array(64);
    for (const group of [kernel, sodium]) {
      expect(toHex(group.fromUniform(nothing))).toBe("00".repeat(32));
      expect(toHex(group.multiplyUniform(nothing, scalar(5n)))).toBe("00".repeat(32));
    }
  });

  it("agree beyond what the kernel takes at a time, whichever windows a sum is made of", () => {
    const wide = Uint8Array.from({ length: 64 * 1030 }, (_, i) => (i * i * 7 + (i >> 3)) & 0xff);
    const scalars = sodium.reduce(wide);
    const elements = sodium.fromUniform(wide);
    expect(toHex(kernel.reduce(wide))).toBe(toHex(scalars));
    expect(toHex(kernel.fromUniform(wide))).toBe(toHex(elements));
    for (const count of [8, 9, 47, 48, 160, 513, 1030]) {
      const [some, factors] = [elements.subarray(0, 32 * count), scalars.subarray(0, 32 * count)];
      expect(toHex(unwrap(kernel.combine(some, factors)))).toBe(toHex(unwrap(sodium.combine(some, factors))));
    }
    expect(toHex(unwrap(kernel.multiply(elements, at(scalars, 3))))).toBe(
      toHex(unwrap(sodium.multiply(elements, at(scalars, 3)))),
    );
    const broken = Uint8Array.from(elements);
    broken.fill(0xff, 32 * 1027, 32 * 1028);
    expect(kernel.multiply(broken, at(scalars, 3))).toMatchObject({
      fault: { message: expect.stringContaining("element 1027:") },
    });
  });
});

it("takes scalars below the order only", () => {
  expect([0n, 1n, ORDER - 1n].map((value) => isScalar(scalar(value)))).toEqual([true, true, true]);
  expect([ORDER, ORDER + 1n, 2n ** 255n, 2n ** 256n - 1n].map((value) => isScalar(scalar(value)))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(isScalar(new Uint8Array(31))).toBe(false);
});

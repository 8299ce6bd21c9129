import { TWICE_D, ONE, ZERO } from "./constants";
import { add, carry, choose, copy, subtract } from "./field";
import { Fe, FE_BYTES } from "./limbs";
import { multiply } from "./product";
import { square } from "./square";

/**
 * A point of the curve −x² + y² = 1 + d·x²y² in extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z (Hisil,
 * Wong, Carter, Dawson, "Twisted Edwards Curves Revisited", 2008), all tight; four points, in 640 bytes.
 */
export type Point = usize;

/** What a point that is often added is kept as: Y + X, Y − X, 2Z, 2d·T; all tight. */
export type Cached = usize;

export const POINT_BYTES: usize = 4 * FE_BYTES;
export const Y: usize = FE_BYTES;
export const Z: usize = 2 * FE_BYTES;
export const T: usize = 3 * FE_BYTES;

const a: Fe = memory.data(160, 16);
const b: Fe = memory.data(160, 16);
const c: Fe = memory.data(160, 16);
const d: Fe = memory.data(160, 16);
const e: Fe = memory.data(160, 16);
const f: Fe = memory.data(160, 16);
const g: Fe = memory.data(160, 16);
const h: Fe = memory.data(160, 16);

export function setIdentity(out: Point): void {
  copy(out, ZERO);
  copy(out + Y, ONE);
  copy(out + Z, ONE);
  copy(out + T, ZERO);
}

/**
 * out = 2p ("dbl-2008-hwcd", §3.3 of the paper, all signs turned: E, F, G and H are negated). T only if asked for: the
 * next doubling does not need it.
 */
export function double(out: Point, p: Point, withT: bool): void {
  square(a, p);
  square(b, p + Y);
  square(c, p + Z);
  add(e, p, p + Y);
  square(e, e);
  add(h, a, b);
  subtract(e, h, e);
  carry(e); // From 4 units: E and F would both be too large for the right of a product.
  subtract(g, a, b);
  add(c, c, c);
  add(f, c, g); // 5 units: on the left only.
  finish(out, withT);
}

/** out = p + q, where q comes from a point with Z = 1. */
export function addAffine(out: Point, p: Point, q: Cached): void {
  add(d, p + Z, p + Z);
  addTo(out, p, q, true);
}

/** out = p + q ("add-2008-hwcd-3", §3.1 of the paper); complete, so it holds for all points. T only if asked for. */
export function addCached(out: Point, p: Point, q: Cached, withT: bool): void {
  multiply(d, p + Z, q + 2 * FE_BYTES);
  addTo(out, p, q, withT);
}

/** The rest of an addition, when d is twice the product of the Z. */
function addTo(out: Point, p: Point, q: Cached, withT: bool): void {
  subtract(a, p + Y, p);
  multiply(a, a, q + FE_BYTES);
  add(b, p + Y, p);
  multiply(b, b, q);
  multiply(c, p + T, q + 3 * FE_BYTES);
  subtract(e, b, a);
  subtract(f, d, c);
  add(g, d, c);
  add(h, b, a);
  finish(out, withT);
}

/** X = E·F, Y = G·H, Z = F·G, T = E·H; F may have 5 units, E, G and H 3. */
function finish(out: Point, withT: bool): void {
  multiply(out, f, e);
  multiply(out + Y, g, h);
  multiply(out + Z, f, g);
  if (withT) multiply(out + T, e, h);
}

export function cache(out: Cached, p: Point): void {
  add(out, p + Y, p);
  subtract(out + FE_BYTES, p + Y, p);
  add(out + 2 * FE_BYTES, p + Z, p + Z);
  multiply(out + 3 * FE_BYTES, p + T, TWICE_D);
  for (let at: usize = 0; at < 3 * FE_BYTES; at += FE_BYTES) carry(out + at);
}

/** The point without denominator that adds nothing. */
export function setCachedIdentity(out: Cached): void {
  copy(out, ONE);
  copy(out + FE_BYTES, ONE);
  add(out + 2 * FE_BYTES, ONE, ONE);
  copy(out + 3 * FE_BYTES, ZERO);
}

/** −q in the lanes of the mask: Y + X and Y − X change places, 2d·T its sign. */
export function negateCachedIf(q: Cached, mask: v128): void {
  copy(a, q);
  choose(q, mask, q + FE_BYTES, a);
  choose(q + FE_BYTES, mask, a, q + FE_BYTES);
  subtract(a, ZERO, q + 3 * FE_BYTES);
  carry(a);
  choose(q + 3 * FE_BYTES, mask, a, q + 3 * FE_BYTES);
}

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { unwrap } from "@detente/basics";
import {
  blind,
  blindEvaluate,
  deriveKey,
  encodeSet,
  evaluate,
  finalize,
  kernelGroup,
  prove,
  publicKeyOf,
  sodiumGroup,
  tagOf,
  TagSet,
  verifyProof,
} from "@detente/match";
import { runApart } from "../lib/apart.mjs";
import { leastOf, progress, quantile } from "../lib/measure.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */
/** @typedef {import("@detente/match").Group} Group */
/** @typedef {import("@detente/basics").Bytes} Bytes */

const ROUNDS = 5;
const BATCH = 1024;
const GROUP = "Private matching, ristretto255-SHA512, one thread";

/**
 * Processor time of @openmined/psi.js 2.0.6 (GCS, no proofs) in libsodium's multiplications, of 3,000 × 3,000 beside it
 * in the same minute: setup, request, response and result for each pair; setup for each indicator. Its package wants
 * others that are installed by scripts, so it is not among ours; libsodium is, and takes as much longer in a slow hour.
 */
const PSI_PAIR = 19.0;
const PSI_INDICATOR = 5.17;
const MILLION = 1_000_000;

/** @param {{ quick: boolean, dir: string | undefined }} options @returns {Promise<Row[]>} */
export async function match({ quick, dir }) {
  const wasm = readFileSync(fileURLToPath(import.meta.resolve("@detente/match/ristretto.wasm")));
  const kernel = kernelGroup(wasm);
  const sodium = await sodiumGroup();
  progress("the kernel beside libsodium");
  const { rows, multiplication } = await besideLibsodium(kernel, sodium);
  const size = quick ? BATCH : 10_000;
  progress(`${size.toLocaleString("en-US")} questions to as many indicators`);
  const protocol = run(kernel, size);
  rows.push({
    group: GROUP,
    what: `${size.toLocaleString("en-US")} × ${size.toLocaleString("en-US")}: processor time, blinds and proofs for each`,
    unit: "s",
    better: "less",
    ours: protocol,
    than: { name: "psi.js 2.0.6 by libsodium, no proofs", value: PSI_PAIR * multiplication * size },
    target: { of: "ratio", bound: 5, notJudged: quick },
  });
  progress("single look-ups");
  rows.push({
    group: GROUP,
    what: "a verified look-up, both sides, p50",
    unit: "ms",
    better: "less",
    ours: single(kernel, quick ? 20 : 200),
    than: { name: "by libsodium", value: single(sodium, quick ? 20 : 200) },
    target: { of: "ours", bound: 5 },
  });
  progress("1,000 questions to a million indicators");
  rows.push(lopsided(kernel, multiplication, quick));
  const apart = [await runApart("match-sets", { quick }), await runApart("match-station", { quick, dir })];
  return [...rows, .../** @type {Row[][]} */ (apart).flat()];
}

/**
 * @param {Group} kernel @param {Group} sodium
 * @returns {Promise<{ rows: Row[], multiplication: number }>} with the seconds of one multiplication by libsodium
 */
async function besideLibsodium(kernel, sodium) {
  const uniform = new Uint8Array(64 * 256).map((_, i) => (i * 167 + (i >> 6)) & 0xff);
  const scalars = sodium.reduce(uniform.toReversed());
  const elements = sodium.fromUniform(uniform);
  const some = elements.subarray(0, 32 * 64);
  const least = await leastOf(
    {
      kernel: () => seconds(() => kernel.multiply(elements, scalars)) / 256,
      sodium: () => seconds(() => sodium.multiply(some, scalars.subarray(0, some.length))) / 64,
      kernelMap: () => seconds(() => kernel.fromUniform(uniform)) / 256,
      sodiumMap: () => seconds(() => sodium.fromUniform(uniform)) / 256,
      kernelSum: () => seconds(() => kernel.combine(elements, scalars)) / 256,
      sodiumSum: () => seconds(() => sodium.combine(some, scalars.subarray(0, some.length))) / 64,
    },
    2 * ROUNDS,
  );
  const common = /** @type {const} */ ({ group: GROUP, unit: "/s", better: "more" });
  const target = { of: /** @type {const} */ ("ratio"), bound: 1.5 };
  const rows = [
    { ...common, what: "decode, multiply, encode", ...beside(least.kernel, least.sodium), target },
    { ...common, what: "map to the group", ...beside(least.kernelMap, least.sodiumMap) },
    { ...common, what: "terms of a sum (256)", ...beside(least.kernelSum, least.sodiumSum) },
  ];
  return { rows, multiplication: least.sodium };
}

/** @param {number} ours @param {number} theirs seconds each */
function beside(ours, theirs) {
  return { ours: 1 / ours, than: { name: "libsodium 0.8.4", value: 1 / theirs } };
}

/** Setup, request, response and result for lists of one size, in seconds. @param {Group} group @param {number} size */
function run(group, size) {
  const keys = keysOf(group);
  const inputs = Array.from({ length: size }, (_, i) => new TextEncoder().encode(`domain:host${i}.example`));
  return seconds(() => {
    evaluate(group, "voprf", keys.key, inputs);
    for (let first = 0; first < size; first += BATCH) exchange(group, keys, inputs.slice(first, first + BATCH));
  });
}

/** A thousand questions to a million indicators; the million is evaluated in part. @param {Group} group @param {number} multiplication seconds @param {boolean} quick @returns {Row} */
function lopsided(group, multiplication, quick) {
  const keys = keysOf(group);
  const sample = quick ? 2000 : 20_000;
  const inputs = Array.from({ length: sample }, (_, i) => new TextEncoder().encode(`domain:host${i}.example`));
  const partnerKey = new Uint8Array(32);
  const setUp = seconds(() => {
    for (const output of evaluate(group, "voprf", keys.key, inputs)) tagOf(partnerKey, output);
  });
  const tags = new Uint8Array(randomBytes(8 * MILLION));
  const encoded = seconds(() => encodeSet(TagSet.of(tags)));
  const asked = seconds(() => exchange(group, keys, inputs.slice(0, 1000)));
  return {
    group: GROUP,
    what: `1,000 × 1,000,000, extrapolated from ${sample.toLocaleString("en-US")} indicators: processor time`,
    unit: "s",
    better: "less",
    ours: (setUp * MILLION) / sample + encoded + asked,
    than: { name: "psi.js 2.0.6 by libsodium, no proofs", value: PSI_INDICATOR * multiplication * MILLION },
    target: { of: "ratio", bound: 5, notJudged: quick },
    note: `the set is made once in an epoch; then a thousand questions take ${(1000 * asked).toFixed(0)} ms`,
  };
}

/** @param {Group} group */
function keysOf(group) {
  const key = deriveKey(group, "voprf", new Uint8Array(32), new Uint8Array(0));
  return { key, publicKey: publicKeyOf(group, key) };
}

/** One request, answered, verified and finalized. @param {Group} group @param {{ key: Bytes, publicKey: Bytes }} keys @param {readonly Bytes[]} inputs */
function exchange(group, { key, publicKey }, inputs) {
  const random = randomBytes(64 * (inputs.length + 1));
  const blinds = group.reduce(random.subarray(64));
  const blinded = blind(group, "voprf", inputs, blinds);
  const received = unwrap(group.decode(blinded));
  const evaluated = unwrap(blindEvaluate(group, key, received));
  const proof = unwrap(
    prove(group, key, { publicKey, blinded: received, evaluated }, group.reduce(random.subarray(0, 64))),
  );
  const answered = unwrap(group.decode(evaluated));
  unwrap(verifyProof(group, { publicKey, blinded, evaluated: answered }, proof));
  return unwrap(finalize(group, publicKey, inputs, blinds, answered));
}

/** Milliseconds of one question, in the middle. @param {Group} group @param {number} rounds */
function single(group, rounds) {
  const keys = keysOf(group);
  const input = [new TextEncoder().encode("domain:host.example")];
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    exchange(group, keys, input);
    return performance.now() - start;
  });
  return quantile(times, 0.5);
}

/** Processor time. @param {() => void} work */
function seconds(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

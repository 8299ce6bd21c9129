import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HAS_PYTHON, python } from "../testing/python.ts";
import { type BatchKey, drawPpeb, ppebTickets } from "./draw-ppeb.ts";
import { type Decimal, decimal } from "./decimal.ts";
import { Pcg64 } from "./pcg64.ts";

const HAS_NUMPY = spawnSync("python3", ["-c", "import numpy"]).status === 0;

describe("numpy's generator", () => {
  it("gives the numbers of numpy's own test data (random/tests/data/pcg64-testset-1.csv, seed 0xdeadbeaf)", () => {
    const random = new Pcg64(0xdeadbeafn);
    expect(Array.from({ length: 5 }, () => random.next())).toEqual([
      0x60d24054e17a0698n,
      0xd5e79d89856e4f12n,
      0xd254972fe64bd782n,
      0xf1e3072a53c72571n,
      0xd7c1d7393d4115c9n,
    ]);
  });

  it.skipIf(!HAS_NUMPY)("gives numpy's doubles for seeds of any size", () => {
    const seeds = fc.sample(fc.bigInt({ min: 0n, max: 1n << 300n }), { numRuns: 60, seed: 4 }).concat(0n, 1n << 128n);
    const script = `
from numpy.random import default_rng
answer = [list(default_rng(int(seed)).random(5)) for seed in given]`;
    const ours = seeds.map((seed) => {
      const random = new Pcg64(seed);
      return Array.from({ length: 5 }, () => random.double());
    });
    expect(ours).toEqual(python(script, seeds.map(String)));
  });
});

it.skipIf(!HAS_PYTHON)("decimal arithmetic is that of Python's decimal", () => {
  const number = fc.record({
    coefficient: fc.bigInt({ min: -(10n ** 28n) + 1n, max: 10n ** 28n - 1n }),
    exponent: fc.integer({ min: -30, max: 5 }),
  });
  const pairs = fc
    .sample(fc.tuple(number, number), { numRuns: 300, seed: 8 })
    .filter(([, divisor]) => divisor.coefficient !== 0n);
  // Products that end in a half: to even, down and up.
  for (const end of [1n, 3n, 5n])
    pairs.push([
      { coefficient: 10n ** 27n + end, exponent: 0 },
      { coefficient: 15n, exponent: -1 },
    ]);
  const script = `
from decimal import Decimal
def plain(x):
    sign, digits, _ = x.as_tuple()
    return f"{sign} {''.join(map(str, digits)).rstrip('0')} {x.adjusted()}" if x else "0"
pairs = [[Decimal(a), Decimal(b)] for a, b in given]
answer = [[*map(plain, (a + b, a - b, a * b, a / b)), float(a / b) + 0] for a, b in pairs]`;
  const plain = ({ coefficient, exponent }: Decimal): string => {
    if (coefficient === 0n) return "0";
    const digits = String(coefficient).replace("-", "");
    return `${coefficient < 0n ? 1 : 0} ${digits.replace(/0+$/, "")} ${exponent + digits.length - 1}`;
  };
  const ours = pairs.map(([a, b]) => {
    const all = [decimal.add(a, b), decimal.subtract(a, b), decimal.multiply(a, b), decimal.divide(a, b)];
    return [...all.map(plain), decimal.toNumber(decimal.divide(a, b))];
  });
  const texts = pairs.map((pair) => pair.map(({ coefficient, exponent }) => `${coefficient}e${exponent}`));
  expect(ours).toEqual(python(script, texts));
});

/** The batches of Arlo's test_sampler (server/tests/audit_math/test_sampler.py), in their order: no pct 10. */
const KEYS: BatchKey[] = Array.from({ length: 20 }, (_, i) => ["Jx 1", `pct ${i}`] as const).filter((_, i) => i !== 10);

describe("Arlo's draw of batches", () => {
  it("has the tickets of Arlo's own batch comparison tests (snap_test_batch_comparison.py)", () => {
    const drawn: BatchKey[] = [
      ["J1", "Batch 1"],
      ["J1", "Batch 6"],
      ["J1", "Batch 1"],
      ["J2", "Batch 3"],
      ["J1", "Batch 8"],
      ["J2", "Batch 3"],
    ];
    expect(ppebTickets("1234567890", drawn)).toEqual([
      "0.720194360819624066",
      "0.899217854763070950",
      "0.777128466487428756",
      "0.368061935896261076",
      "0.9723790677174592551",
      "0.733615858338543383",
    ]);
  });

  it("draws the batches that Arlo's own test expects (test_draw_macro_sample)", () => {
    // 80 of 200 votes is the bound of the first ten batches, 40 of 200 that of the others.
    const bounds = KEYS.map((_, i) => decimal.divide(decimal.of(i < 10 ? 80 : 40), decimal.of(200)));
    const drawn = drawPpeb({ seed: "12345678901234567890abcdefghijklmnopqrstuvwxyz😊", bounds, count: 10 });
    expect(drawn.map((at) => KEYS[at]?.[1])).toEqual(
      [8, 6, 8, 0, 9, 14, 18, 17, 8, 2].map((number) => `pct ${number}`),
    );
  });

  it.skipIf(!HAS_NUMPY)("is numpy's choice, whatever the bounds", () => {
    const cases = fc.record({
      seed: fc.string({ maxLength: 20 }),
      votes: fc.array(fc.nat(3000), { minLength: 1, maxLength: 80 }).filter((votes) => votes.some((v) => v > 0)),
      margin: fc.integer({ min: 1, max: 100_000 }),
    });
    const samples = fc.sample(cases, { numRuns: 60, seed: 5 });
    const script = `
from decimal import Decimal
from numpy.random import default_rng
answer = []
for c in given:
    u = [Decimal(v) / Decimal(c["margin"]) for v in c["votes"]]
    U = sum(u, Decimal(0.0))
    p = [float(x / U) for x in u]
    g = default_rng(int(hashlib.sha256(c["seed"].encode()).hexdigest(), 16))
    answer.append([int(x) for x in g.choice(len(p), 40, p=p, replace=True)])`;
    const ours = samples.map(({ seed, votes, margin }) => {
      const bounds = votes.map((vote) => decimal.divide(decimal.of(vote), decimal.of(margin)));
      return drawPpeb({ seed, bounds, count: 40 });
    });
    expect(ours).toEqual(python(script, samples));
  });
});

it("gives batches the tickets of Georgia's audit of 19 May 2026, as its final report has them", () => {
  const batches = [
    ["BALDWIN", "ED-North Baldwin ICP 1 - 0", "0.427297706310130710"],
    ["BARROW", "ICC-Absentee by Mail - 2", "0.9088955580466120027"],
    ["BARTOW", "ED-Cartersville West ICP 1 - 0", "0.468722862632969295"],
    ["WARE", "AV-Administrative Building ICP 1 - 0", "0.239288422106382693"],
  ] as const;
  const keys = batches.map(([county, batch]) => [county, batch] as const);
  expect(ppebTickets("06712221796172622814", keys)).toEqual(batches.map(([, , ticket]) => ticket));
});

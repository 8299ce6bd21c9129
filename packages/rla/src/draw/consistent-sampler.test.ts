import { unwrap } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HAS_PYTHON, python } from "../testing/python.ts";
import { drawConsistently, trimTicket } from "./consistent-sampler.ts";
import { pythonStr, type PythonValue } from "./python-str.ts";

function draw(seed: string, ids: Iterable<string>, count: number, withReplacement = false): string[][] {
  const tickets = unwrap(drawConsistently({ seed, ids, count, withReplacement }));
  return tickets.map(({ number, id, generation }) => [trimTicket(number, 9), id, String(generation)]);
}

const numbersTo = (end: number): string[] => Array.from({ length: end }, (_, i) => String(i));

describe("the draw of consistent_sampler, by the examples of its tutorial (github.com/ron-rivest/consistent_sampler)", () => {
  it.each([
    [31, "badc"],
    [77, "bdca"],
  ])("shuffles a to d with the seed %i into %s", (seed, order) => {
    const tickets = draw(String(seed), ["a", "b", "c", "d"], 4);
    expect(tickets.map(([, id]) => id).join("")).toBe(order);
  });

  it("takes ids in the form in which Python prints them", () => {
    const values: PythonValue[] = [1, "two", [1, 1, 1, 1]];
    const ids = [...values.map(pythonStr), "('III', 3.0)"];
    expect(draw("7711", ids, 4).map(([, id]) => id)).toEqual(["('III', 3.0)", "1", "two", "(1, 1, 1, 1)"]);
  });

  it("gives the smallest tickets of a hundred", () => {
    const drawn = draw("41", numbersTo(100), 10);
    expect(drawn.slice(0, 5)).toEqual([
      ["0.000508333", "73", "1"],
      ["0.003446232", "51", "1"],
      ["0.004419823", "17", "1"],
      ["0.020115273", "58", "1"],
      ["0.023482375", "38", "1"],
    ]);
    expect(drawn.slice(5).map(([, id]) => id)).toEqual(["42", "39", "20", "11", "67"]);
  });

  it("draws with replacement", () => {
    expect(draw("52", ["a", "b", "c", "d", "e"], 15, true)).toEqual(
      [
        "0.054468191 d 1",
        "0.075709054 d 2",
        "0.097719928 d 3",
        "0.197384308 b 1",
        "0.243379719 d 4",
        "0.255926637 b 2",
        "0.302883911 e 1",
        "0.366142288 a 1",
        "0.434726434 d 5",
        "0.492683857 c 1",
        "0.609720116 e 2",
        "0.647437512 a 2",
        "0.694790524 d 6",
        "0.756017834 a 3",
        "0.791946361 b 3",
      ].map((line) => line.split(" ")),
    );
  });

  it("keeps the nines that a ticket begins with", () => {
    const drawn = draw("52", ["a", "b"], 20, true);
    expect([7, 13, 19].map((i) => drawn[i])).toEqual([
      ["0.9198557294", "a", "5"],
      ["0.99512038467", "a", "8"],
      ["0.99882694976", "b", "11"],
    ]);
  });

  it("draws from two strata as from their union", () => {
    const strata = [2000, 1000].map((size, i) => Array.from({ length: size }, (_, j) => `${i ? "CD" : "AB"}-${j}`));
    const below = draw("314159", strata.flat(), 100).filter(([number]) => (number as string) < "0.01");
    expect(below).toHaveLength(33);
    expect(below.slice(0, 2).map(([, id]) => id)).toEqual(["AB-135", "AB-684"]);
    expect(below.filter(([, id]) => id?.startsWith("C")).map(([, id]) => id)).toEqual(
      [871, 47, 446, 688, 954, 919, 485, 455, 272].map((i) => `CD-${i}`),
    );
  });
});

/** Written from the paper and the specification of the draw: everything in a list, sorted again after each draw. */
const SAMPLER = `
import heapq
def h(text): return hashlib.sha256(text.encode()).hexdigest()
def digits(text): return str(int(h(text), 16))[::-1].ljust(64, "0")
def following(x):
    nines = len(x) - 2 - len(x[2:].lstrip("9"))
    i = 1
    while True:
        y = x[:2 + nines] + digits(x + ":" + str(i))
        if y > x: return y
        i += 1
def tupled(x): return tuple(map(tupled, x)) if isinstance(x, list) else x
answer = []
for case in given:
    heap = [("0." + digits(h(case["seed"]) + str(tupled(id))), str(tupled(id)), 1) for id in case["ids"]]
    heapq.heapify(heap)
    drawn = []
    while heap and len(drawn) < case["count"]:
        x, id, generation = heapq.heappop(heap)
        drawn.append([x, id, generation])
        if case["withReplacement"]: heapq.heappush(heap, (following(x), id, generation + 1))
    answer.append(drawn)
`;

/** Not every character: which ones Python prints as they are depends on its version of Unicode. */
const characters = Array.from(
  "aZ9 .-_'\"\\/\t\n\r\0\u007f\u0085\u00a0\u00adéß\u0378\u200b\u2028\ue000中\ufeff🗳\u{e0001}\u{10ffff}",
);
const name = fc.string({ unit: fc.constantFrom(...characters), maxLength: 8 });
const id = fc.oneof(name, fc.tuple(fc.tuple(name, name), fc.nat(5000)), fc.tuple(name));
const cases = fc.record({
  seed: name,
  ids: fc.uniqueArray(id, { minLength: 1, maxLength: 40, selector: (value) => pythonStr(value) }),
  count: fc.integer({ min: 0, max: 60 }),
  withReplacement: fc.boolean(),
});

describe("the same draw, by an implementation in Python", () => {
  it.skipIf(!HAS_PYTHON)("agrees to the last digit, whatever the ids", () => {
    const samples = fc.sample(cases, { numRuns: 200, seed: 6 });
    const expected = python(SAMPLER, samples);
    const ours = samples.map(({ seed, ids, count, withReplacement }) => {
      const tickets = unwrap(drawConsistently({ seed, ids: ids.map(pythonStr), count, withReplacement }));
      return tickets.map(({ number, id: drawn, generation }) => [number, drawn, generation]);
    });
    expect(ours).toEqual(expected);
  });
});

describe("ids of a draw", () => {
  it("that are listed twice are refused", () => {
    const fault = drawConsistently({ seed: "1", ids: ["a", "b", "a"], count: 3, withReplacement: false });
    expect(fault).toMatchObject({ ok: false, fault: { code: "duplicate-id" } });
  });
});

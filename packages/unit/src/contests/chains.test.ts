import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Chains } from "./chains.ts";

/** Statements by number, each of which names some of those before it, in any order. */
const records = fc
  .array(fc.array(fc.nat(1000), { maxLength: 4 }), { minLength: 1, maxLength: 40 })
  .map((lists) =>
    lists.map((list, i) => ({ hash: `${i}`, of: new Set(i === 0 ? [] : list.map((named) => `${named % i}`)) })),
  );

/** From one to the one before it, as the rule says it: the first that it names. */
function pathFrom(
  statements: readonly { readonly hash: string; readonly of: ReadonlySet<string> }[],
  end: string,
): string[] {
  const path: string[] = [];
  for (let at: string | undefined = end; at !== undefined;) {
    path.push(at);
    const [before]: (string | undefined)[] = [...statements[Number(at)]!.of];
    at = before;
  }
  return path;
}

it("has behind each what one meets going from it to the first that it names, and so on", () => {
  fc.assert(
    fc.property(records, fc.array(fc.nat(1000), { maxLength: 3 }), (statements, choices) => {
      const chains = new Chains(statements);
      const names = choices.map((choice) => `${choice % statements.length}`);
      const expected = new Set(names.flatMap((name) => pathFrom(statements, name)));
      expect(chains.behind(names)).toEqual(expected);
      for (const { hash } of statements) expect(chains.isBehind(hash, names)).toBe(expected.has(hash));
      expect(chains.behind(chains.ends())).toEqual(new Set(statements.map(({ hash }) => hash)));
    }),
    { numRuns: 200 },
  );
});

it("names the longest chains where loose ends are more than can be named", () => {
  const loose = Array.from({ length: 100 }, (_, i) => ({ hash: `loose ${i}`, of: new Set<string>() }));
  const chain = ["x", "y", "z"].map((hash, i, all) => ({
    hash,
    of: new Set(["elsewhere", ...all.slice(0, i).reverse()]),
  }));
  const ends = new Chains([...loose, ...chain]).ends();
  expect(ends).toHaveLength(60);
  expect(ends[0]).toBe("z");
});

it("names ends of chains of one length in the order of their hashes, so that all name the same", () => {
  const loose = Array.from({ length: 70 }, (_, i) => ({ hash: `${99 - i}`, of: new Set<string>() }));
  expect(new Chains(loose).ends()).toEqual(Array.from({ length: 60 }, (_, i) => `${30 + i}`));
});

it("knows nothing of what it has not", () => {
  const chains = new Chains([{ hash: "a", of: new Set(["elsewhere"]) }]);
  expect([chains.isBehind("elsewhere", ["a"]), chains.isBehind("a", ["elsewhere"])]).toEqual([false, false]);
  expect(chains.behind(["elsewhere"])).toEqual(new Set());
});

import { unwrap } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../read/json-document.ts";
import type { ObservationExpression } from "./ast.ts";
import { isLike } from "./like.ts";
import { matchPattern } from "./match.ts";
import type { Observation } from "./observation.ts";
import { parsePattern } from "./parse.ts";

const SECOND = 1000;

function seen(objects: Readonly<Record<string, JsonObject>>, at = 0, count = 1): Observation {
  return { objects: new Map(Object.entries(objects)), first: at * SECOND, last: at * SECOND, count };
}

function matches(pattern: string, ...observations: readonly Observation[]): boolean {
  return unwrap(matchPattern(unwrap(parsePattern(pattern)), observations)) !== undefined;
}

describe("tests of one property", () => {
  const file = {
    type: "file",
    name: "foo.dll",
    size: 25536,
    magic_number_hex: "FFC3",
    mtime: "2016-01-20T12:31:12.1Z",
    hashes: { "SHA-256": "aa" },
    accent: "u\u0308ber",
    emoji: "\u{1f600}",
    sections: [{ entropy: 1.5 }, { entropy: 7.98 }],
  };
  // Most follow the table of STIX 2.1 §9.6.1 and the texts of §9.2, §9.6.2 and §9.6.4.
  it.each([
    ["file:name = 'foo.dll'", true],
    ["file:name = 'Foo.dll'", false],
    ["file:name != 'foo.dll'", false],
    ["file:name NOT = 'x'", true],
    ["file:name = 5", false],
    ["file:name != 5", true],
    ["file:name < 5", false],
    ["file:name NOT < 5", true],
    ["file:size = 25536.0", true],
    ["file:size > 256 AND file:size <= 25536", true],
    ["file:size >= 25537", false],
    ["file:name > 'foo'", true],
    ["file:emoji > '\ufffd'", true],
    ["file:name IN ('a', 'foo.dll')", true],
    ["file:name NOT IN ('a', 'b')", true],
    ["file:name IN ()", false],
    ["file:hashes.'SHA-256' = 'aa'", true],
    ["file:absent = 'x'", false],
    ["file:absent != 'x'", false],
    ["file:absent NOT = 'x'", false],
    ["EXISTS file:hashes", true],
    ["EXISTS file:absent", false],
    ["NOT EXISTS file:absent", true],
    ["file:magic_number_hex = h'ffc3'", true],
    ["file:magic_number_hex = b'/8M='", true],
    ["file:magic_number_hex = '\u00ff\u00c3'", true],
    ["file:magic_number_hex = 'FFC3'", false],
    ["file:magic_number_hex != '\u0100'", true],
    ["file:magic_number_hex < h'ffc300'", true],
    ["file:mtime = t'2016-01-20T12:31:12.100Z'", true],
    ["file:mtime < t'2016-01-20T12:31:12.11Z'", true],
    ["file:name = t'2016-01-20T12:31:12.11Z'", false],
    ["file:sections[*].entropy > 7", true],
    ["file:sections[0].entropy > 7", false],
    ["file:sections[2].entropy > 0", false],
    ["file:sections.entropy > 0", false],
    ["file:name LIKE 'f%.d_l'", true],
    ["file:name LIKE 'F%'", false],
    ["file:accent LIKE '_ber'", true],
    ["file:name MATCHES '^foo'", true],
    ["file:name MATCHES 'o.d'", true],
    ["file:name NOT MATCHES '^bar'", true],
    ["file:accent MATCHES '^\u00fcb'", true],
    ["directory:name = 'foo.dll'", false],
  ])("[%s] is %s", (test, expected) => {
    expect(matches(`[${test}]`, seen({ "0": file }))).toBe(expected);
  });

  it("compares binary properties in their native form (the example of §9.6.4)", () => {
    const artifact = seen({ "0": { type: "artifact", payload_bin: "dGhpcyBpcyBhIHRlc3Q=" } });
    expect(matches("[artifact:payload_bin = 'dGhpcyBpcyBhIHRlc3Q=']", artifact)).toBe(false);
    expect(matches("[artifact:payload_bin = 'this is a test']", artifact)).toBe(true);
    expect(matches("[artifact:payload_bin = b'dGhpcyBpcyBhIHRlc3Q=']", artifact)).toBe(true);
    expect(matches("[artifact:payload_bin = h'7468697320697320612074657374']", artifact)).toBe(true);
    expect(matches("[artifact:payload_bin MATCHES '^this .* test$']", artifact)).toBe(true);
  });

  it.each([
    ["ipv4-addr", "198.51.100.0/27", "ISSUBSET '198.51.100.0/24'", true],
    ["ipv4-addr", "198.51.100.9", "ISSUBSET '198.51.100.0/24'", true],
    ["ipv4-addr", "198.51.101.9", "ISSUBSET '198.51.100.0/24'", false],
    ["ipv4-addr", "198.51.100.9", "ISSUBSET '198.51.100.9'", true],
    ["ipv4-addr", "198.51.0.0/16", "ISSUBSET '198.51.100.0/24'", false],
    ["ipv4-addr", "198.51.100.0/24", "ISSUPERSET '198.51.100.0/27'", true],
    ["ipv4-addr", "198.51.0.0/16", "ISSUBSET '198.51.0.0/24'", false],
    ["ipv6-addr", "2001:db8::1", "ISSUBSET '2001:DB8::/32'", true],
    ["ipv6-addr", "2001:db9::1", "ISSUBSET '2001:db8::/32'", false],
    ["ipv4-addr", "x", "ISSUBSET '198.51.100.0/24'", false],
  ])("%s %s %s is %s", (type, value, test, expected) => {
    expect(matches(`[${type}:value ${test}]`, seen({ "0": { type, value } }))).toBe(expected);
  });
});

describe("objects of one observation", () => {
  it("must be reached from the same object (the example of §9.5)", () => {
    const pattern =
      "[network-traffic:src_ref.value = '203.0.113.10' AND network-traffic:dst_ref.value = '198.51.100.58']";
    const addresses = {
      "1": { type: "ipv4-addr", value: "203.0.113.10" },
      "3": { type: "ipv4-addr", value: "198.51.100.58" },
    };
    const apart = { "0": { type: "network-traffic", src_ref: "1" }, "2": { type: "network-traffic", dst_ref: "3" } };
    expect(matches(pattern, seen({ ...addresses, ...apart }))).toBe(false);
    expect(matches(pattern, seen({ ...addresses, "0": { type: "network-traffic", src_ref: "1", dst_ref: "3" } }))).toBe(
      true,
    );
    expect(matches(pattern, seen({ "0": { type: "network-traffic", src_ref: "1", dst_ref: "3" } }))).toBe(false);
  });

  it("may refer to each other in a ring without end", () => {
    const ring = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [
        `${i}`,
        { type: "process", child_refs: Array.from({ length: 50 }, (__, n) => `${n}`) },
      ]),
    );
    expect(matches(`[process:${"child_refs[*].".repeat(15)}pid = 1]`, seen(ring))).toBe(false);
  });
});

describe("several observations (§9.5.1, §9.5.2)", () => {
  const x = (value: string, at: number, count = 1): Observation => seen({ "0": { type: "x", v: value } }, at, count);
  const a = "[x:v = 'a']";
  const b = "[x:v = 'b']";

  it.each([
    [`${a} AND ${b}`, [x("a", 1)], false],
    [`${a} AND ${b}`, [x("b", 1), x("a", 1)], true],
    [`${a} AND ${a}`, [x("a", 1)], false],
    [`${a} AND ${a}`, [x("a", 1, 2)], true],
    [`${a} OR ${b}`, [x("b", 1)], true],
    [`${a} FOLLOWEDBY ${b}`, [x("b", 1), x("a", 2)], false],
    [`${a} FOLLOWEDBY ${b}`, [x("b", 2), x("a", 2)], true],
    [`${a} FOLLOWEDBY ${b}`, [x("b", 1), x("a", 2), x("b", 3)], true],
    [`${a} REPEATS 3 TIMES`, [x("a", 1), x("a", 2)], false],
    [`${a} REPEATS 3 TIMES`, [x("a", 1), x("a", 2), x("a", 9)], true],
    [`${a} REPEATS 3 TIMES`, [x("a", 1, 2), x("a", 2)], true],
    [`${a} REPEATS 3 TIMES WITHIN 5 SECONDS`, [x("a", 1), x("a", 2), x("a", 9)], false],
    [`${a} REPEATS 3 TIMES WITHIN 5 SECONDS`, [x("a", 1), x("a", 5), x("a", 7), x("a", 9)], true],
    [`(${a} AND ${b}) WITHIN 5 SECONDS`, [x("a", 1), x("b", 6)], false],
    [`(${a} AND ${b}) WITHIN 5 SECONDS`, [x("a", 1), x("b", 5)], true],
    [`${a} START t'1970-01-01T00:00:05Z' STOP t'1970-01-01T00:00:09Z'`, [x("a", 4), x("a", 9)], false],
    [`${a} START t'1970-01-01T00:00:05Z' STOP t'1970-01-01T00:00:09Z'`, [x("a", 5)], true],
    [`(${a} FOLLOWEDBY ${b}) REPEATS 2 TIMES`, [x("a", 1), x("b", 2), x("b", 3)], false],
    [`(${a} FOLLOWEDBY ${b}) REPEATS 2 TIMES`, [x("a", 1), x("b", 2), x("a", 3), x("b", 3)], true],
  ])("%s", (pattern, observations, expected) => {
    expect(matches(pattern, ...observations)).toBe(expected);
  });

  it("say which they were, and count a long one only where it lies wholly", () => {
    const pattern = unwrap(parsePattern(`${a} FOLLOWEDBY ${b}`));
    expect(matchPattern(pattern, [x("b", 5), x("c", 1), x("a", 2)])).toEqual({ ok: true, value: [2, 0] });
    const long = { ...x("a", 2), last: 6 * SECOND };
    expect(matchPattern(pattern, [x("b", 5), long])).toEqual({ ok: true, value: undefined });
  });

  it("are given up on a budget, not on a clock", () => {
    const many = Array.from({ length: 400 }, (_, i) => x("a", i));
    const pattern = unwrap(parsePattern(`(${a} AND ${a} AND ${a} AND ${a}) AND ([x:v = 'a' AND x:w = 1])`));
    expect(matchPattern(pattern, many, 1_000_000)).toMatchObject({ ok: false, fault: { code: "too-expensive" } });
    // What would be 2^2000 steps with a backtracking engine.
    const regex = unwrap(parsePattern("[x:v MATCHES '^(a|a)*(a*)*$']"));
    expect(matchPattern(regex, [x(`${"a".repeat(2000)}!`, 1)])).toEqual({ ok: true, value: undefined });
  });
});

describe("the search, held against all choices there are", () => {
  type Choice = readonly number[];
  const values = ["a", "b"] as const;
  const leaf: fc.Arbitrary<string> = fc.constantFrom("[x:v = 'a']", "[x:v = 'b']", "[EXISTS x:v]");
  const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
    pattern: fc.oneof(
      { maxDepth: 3, depthIdentifier: "p" },
      leaf,
      fc
        .tuple(tie("pattern"), fc.constantFrom("AND", "OR", "FOLLOWEDBY"), tie("pattern"))
        .map(([p, operator, q]) => `(${p} ${operator} ${q})`),
      fc
        .tuple(
          tie("pattern"),
          fc.constantFrom(
            "REPEATS 2 TIMES",
            "WITHIN 2 SECONDS",
            "WITHIN 4 SECONDS",
            "START t'1970-01-01T00:00:01Z' STOP t'1970-01-01T00:00:04Z'",
          ),
        )
        .map(([p, qualifier]) => `(${p}) ${qualifier}`),
    ),
  }));

  /** Every choice of observations that matches, written down from the definitions. */
  function choices(part: ObservationExpression, times: readonly number[], kinds: readonly string[]): readonly Choice[] {
    const time = (i: number): number => times[i] as number;
    const apart = (
      p: readonly Choice[],
      q: readonly Choice[],
      fits: (x: Choice, y: Choice) => boolean = () => true,
    ): Choice[] =>
      p.flatMap((x) => q.filter((y) => y.every((i) => !x.includes(i)) && fits(x, y)).map((y) => [...x, ...y]));
    switch (part.kind) {
      case "observation": {
        const { comparison } = part;
        const wanted = comparison.kind === "comparison" ? comparison.constants[0]?.value : undefined;
        return kinds.flatMap((kind, i) => (wanted === undefined || wanted === kind ? [[i]] : []));
      }
      case "or":
        return part.of.flatMap((each) => choices(each, times, kinds));
      case "and":
        return part.of.map((each) => choices(each, times, kinds)).reduce((p, q) => apart(p, q));
      case "followedby":
        return part.of
          .map((each) => choices(each, times, kinds))
          .reduce((p, q) => apart(p, q, (x, y) => Math.max(...x.map(time)) <= Math.min(...y.map(time))));
      case "repeats":
        return Array.from({ length: part.times }, () => choices(part.of, times, kinds)).reduce((p, q) => apart(p, q));
      case "within":
        return choices(part.of, times, kinds).filter(
          (x) => Math.max(...x.map(time)) - Math.min(...x.map(time)) < part.milliseconds,
        );
      case "start-stop":
        return choices(part.of, times, kinds).filter((x) => x.every((i) => time(i) >= 1000 && time(i) < 4000));
    }
  }

  it("agrees", () => {
    const observed = fc.array(fc.tuple(fc.constantFrom(...values), fc.nat(5)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(pattern, observed, (text, list) => {
        const tree = unwrap(parsePattern(text));
        const observations = list.map(([v, at]) => seen({ "0": { type: "x", v } }, at));
        const found = unwrap(matchPattern(tree, observations));
        const all = choices(
          tree,
          list.map(([, at]) => at * SECOND),
          list.map(([v]) => v),
        );
        const sorted = (choice: Choice): string => choice.toSorted((p, q) => p - q).join();
        // The choice that was found is one of all, and none only if there is none.
        expect(all.length === 0 ? [undefined] : all.map(sorted)).toContain(found && sorted(found));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("LIKE", () => {
  it("means what the regular expression made of it means", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", ".", "\u{1f600}"), maxLength: 8 });
    const likes = fc.string({ unit: fc.constantFrom("a", "b", ".", "%", "_"), maxLength: 6 });
    fc.assert(
      fc.property(letters, likes, (text, like) => {
        const source = like.replaceAll(".", "\\.").replaceAll("%", ".*").replaceAll("_", ".");
        expect(isLike(text, like)).toBe(new RegExp(`^${source}$`, "su").test(text));
      }),
      { numRuns: 1000 },
    );
  });
});

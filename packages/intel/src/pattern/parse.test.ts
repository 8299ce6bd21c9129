import { describe, expect, it } from "vitest";
import type { ComparisonExpression, ObservationExpression } from "./ast.ts";
import { pathText } from "./ast.ts";
import { parsePattern } from "./parse.ts";

/** The tree with all its parentheses, so that precedence shows. */
function shown(expression: ObservationExpression | ComparisonExpression): string {
  switch (expression.kind) {
    case "observation":
      return `[${shown(expression.comparison)}]`;
    case "and":
    case "or":
    case "followedby":
      return `(${(expression.of as ObservationExpression[]).map(shown).join(` ${expression.kind} `)})`;
    case "repeats":
      return `${shown(expression.of)}x${expression.times}`;
    case "within":
      return `${shown(expression.of)}w${expression.milliseconds}`;
    case "start-stop":
      return `${shown(expression.of)}s${expression.start}..${expression.stop}`;
    case "exists":
      return `${expression.isNegated ? "!" : ""}?${pathText(expression.path)}`;
    case "comparison": {
      const constants = expression.constants.map(({ type, value }) => `${type} ${String(value)}`);
      return `${pathText(expression.path)} ${expression.isNegated ? "!" : ""}${expression.operator} ${constants.join(", ")}`;
    }
  }
}

const parsed = (pattern: string): string => {
  const result = parsePattern(pattern);
  return result.ok ? shown(result.value) : `${result.fault.code} ${result.fault.message}`;
};

const a = "[a:b = 1]";
const A = "[a:b = number 1]";

describe("precedence (STIX 2.1 §9.5.3)", () => {
  it.each([
    [`${a} OR ${a} AND ${a}`, `(${A} or (${A} and ${A}))`],
    [`${a} FOLLOWEDBY ${a} OR ${a}`, `(${A} followedby (${A} or ${A}))`],
    [`(${a} FOLLOWEDBY ${a}) OR ${a}`, `((${A} followedby ${A}) or ${A})`],
    [`${a} AND ${a} AND ${a}`, `(${A} and ${A} and ${A})`],
    [`${a} FOLLOWEDBY ${a} REPEATS 5 TIMES`, `(${A} followedby ${A}x5)`],
    [`(${a} FOLLOWEDBY ${a}) REPEATS 5 TIMES`, `(${A} followedby ${A})x5`],
    [`(${a} AND ${a} REPEATS 5 TIMES) WITHIN 0.5 SECONDS`, `(${A} and ${A}x5)w500`],
    [`${a} REPEATS 2 TIMES WITHIN 3 SECONDS`, `${A}x2w3000`],
    [
      `${a} START t'2016-06-01T00:00:00Z' STOP t'2016-07-01T00:00:00Z'`,
      `${A}s2016-06-01T00:00:00Z..2016-07-01T00:00:00Z`,
    ],
    ["[a:b = 1 AND a:c = 2 OR a:d = 3]", "[((a:b = number 1 and a:c = number 2) or a:d = number 3)]"],
    ["[a:b = 1 AND (a:c = 2 OR a:d = 3)]", "[(a:b = number 1 and (a:c = number 2 or a:d = number 3))]"],
    // The example of §9.5.
    [
      "[(t-a:j = 'W' AND t-a:k = 'X') OR (t-b:m = 'Y' AND t-b:n = 'Z')]",
      "[((t-a:j = string W and t-a:k = string X) or (t-b:m = string Y and t-b:n = string Z))]",
    ],
  ])("%s", (pattern, tree) => {
    expect(parsed(pattern)).toBe(tree);
  });
});

describe("what patterns are made of", () => {
  it.each([
    ["[file:hashes.'SHA-256' != 'aa']", "[file:hashes.'SHA-256' != string aa]"],
    ["[a:b NOT IN (1, -2, 3.5)]", "[a:b !IN number 1, number -2, number 3.5]"],
    ["[a:b IN ()]", "[a:b IN ]"],
    [String.raw`[a:b LIKE 'it\'s \\ %']`, String.raw`[a:b LIKE string it's \ %]`],
    ["[a:b.c[0].d[*] <= .5]", "[a:b.c[0].d[*] <= number 0.5]"],
    ["[a:b_ref.c_refs[*].d == true]", "[a:b_ref.c_refs[*].d = boolean true]"],
    ["[a:b <> h'FFc3' OR a:b = b'/8M=']", "[(a:b != bytes 255,195 or a:b = bytes 255,195)]"],
    ["[a:b > t'2014-01-13T07:03:17.5Z']", "[a:b > timestamp 2014-01-13T07:03:17.5Z]"],
    ["[EXISTS a:b OR NOT EXISTS a:c]", "[(?a:b or !?a:c)]"],
    [
      "[a:b ISSUBSET '198.51.100.0/24' AND a:b ISSUPERSET '2001:db8::/32']",
      "[(a:b ISSUBSET string 198.51.100.0/24 and a:b ISSUPERSET string 2001:db8::/32)]",
    ],
    [String.raw`[a:b MATCHES '^C:\\\\Windows\\\\\\w+$']`, String.raw`[a:b MATCHES string ^C:\\Windows\\\w+$]`],
    ["\u2003[ a : b\n=\r\n1 /* no */ ] // end", A],
  ])("%s", (pattern, tree) => {
    expect(parsed(pattern)).toBe(tree);
  });
});

describe("what is no pattern", () => {
  it.each([
    ["", 'character 1 of the pattern: expected "[" or "(", found the end'],
    ["a:b = 1", 'character 1 of the pattern: expected "[" or "(", found "a"'],
    ["[a:b = ]", "expected a constant"],
    ["[a:b = foo]", "texts stand in apostrophes"],
    ["[a:b = 1", "found the end"],
    ["([a:b = 1]", 'expected ")"'],
    [`${a} ${a}`, "expected AND, OR, FOLLOWEDBY"],
    ["[a:b = 1] within 2 SECONDS", "expected AND, OR, FOLLOWEDBY"],
    ["[a:b = 1] WITHIN -2 SECONDS", "a number above 0"],
    ["[a:b = 1] REPEATS 1.5 TIMES", "whole number from 1 to 1000"],
    ["[a:b = 1] REPEATS 5000 TIMES", "whole number from 1 to 1000"],
    ["[a:b = 1] REPEATS 9 TIMES REPEATS 5 TIMES", "a second REPEATS"],
    ["[a:b = 1] START t'2016-06-01T00:00:00Z' STOP t'2016-06-01T00:00:00.0Z'", "STOP is not after START"],
    ["[a:b = 1] START '2016-06-01T00:00:00Z' STOP '2017-06-01T00:00:00Z'", "expected a time such as"],
    ["[a:b == t'2457-73-22T32:81:84.1Z']", "no time such as"],
    ["[a:b = b'====']", "not base64"],
    ["[a:b = h'abc']", "hexadecimal"],
    ["[a:b = 'x\\n']", "nothing that a pattern has"],
    ["[a:b = +1]", "nothing that a pattern has"],
    ["[a:b = 01]", "nothing that a pattern has"],
    ["[a:b = 9007199254740993]", "too large"],
    ["[a:b > true]", "an order"],
    ["[a:b IN (1, 'a')]", "constants of one type"],
    ["[a:b LIKE 5]", "a text in apostrophes"],
    ["[a:b ISSUBSET 'a.example']", "an address or a network"],
    ["[a:b NOT EXISTS]", "expected an operator"],
    ["[NOT a:b = 1]", "expected EXISTS"],
    ["[file:hashes.SHA-1 = 'a']", "names with hyphens stand in apostrophes: 'SHA-1'"],
    ["[a:b[-1] = 1]", "an index from 0 on"],
    ["[a:b[1.0] = 1]", "an index from 0 on"],
    ["[a:b = 1 AND c:d = 2]", "different object types"],
    ["[a:b = 1 AND (c:d = 2 OR e:f = 3)]", "different object types"],
    ["[a:b = 1 ☃]", "nothing that a pattern has"],
  ])("%s", (pattern, message) => {
    expect(parsed(pattern)).toContain(message);
    expect(parsed(pattern)).toMatch(/^bad-pattern /);
  });

  it("when it is too large, too deep, or could stall a station", () => {
    expect(parsed(`${"(".repeat(100)}${a}${")".repeat(100)}`)).toMatch(/^too-deep /);
    expect(parsed(`[${"(".repeat(100_000)}`)).toMatch(/^too-deep /);
    expect(parsed(`[a:b = '${"x".repeat(300_000)}']`)).toMatch(/^too-long /);
    expect(parsed(`[a:b = 1${" OR a:b = 1".repeat(20_000)}]`)).toMatch(/^\[\(a:b/);
    expect(parsed(`[a:${"b.".repeat(50)}c = 1]`)).toContain("over 32 steps");
    for (const regex of ["(a)\\\\1", "(?=a)", "(", "(?:a{1000}){1000}"]) {
      expect(parsed(`[a:b MATCHES '${regex}']`)).toMatch(/^unsupported-regex /);
    }
  });
});

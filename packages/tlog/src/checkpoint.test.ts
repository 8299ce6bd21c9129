import { toBase64, unwrap } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatCheckpoint, parseCheckpoint } from "./checkpoint.ts";

/** The example of c2sp.org/tlog-checkpoint. */
const EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

test("the example of the specification", () => {
  const checkpoint = unwrap(parseCheckpoint(EXAMPLE));
  expect(checkpoint).toMatchObject({ origin: "example.com/behind-the-sofa", size: 20852163, extensions: [] });
  expect(toBase64(checkpoint.root)).toBe(ROOT);
  expect(formatCheckpoint(checkpoint)).toBe(EXAMPLE);
});

test("extension lines are kept", () => {
  const text = `${EXAMPLE}one more\nand another\n`;
  const checkpoint = unwrap(parseCheckpoint(text));
  expect(checkpoint.extensions).toEqual(["one more", "and another"]);
  expect(formatCheckpoint(checkpoint)).toBe(text);
});

test("size 0 is read with any root: its root is for a witness to judge", () => {
  expect(unwrap(parseCheckpoint(`o\n0\n${ROOT}\n`)).size).toBe(0);
});

test("sizes reach up to 2^53 - 1", () => {
  expect(unwrap(parseCheckpoint(`o\n9007199254740991\n${ROOT}\n`)).size).toBe(Number.MAX_SAFE_INTEGER);
  expect(parseCheckpoint(`o\n9007199254740992\n${ROOT}\n`).ok).toBe(false);
});

describe("what is no checkpoint", () => {
  test.each([
    ["nothing", ""],
    ["a newline", "\n"],
    ["an empty origin", `\n1\n${ROOT}\n`],
    ["no size", `o\n${ROOT}\n`],
    ["a leading zero", `o\n01\n${ROOT}\n`],
    ["a sign", `o\n+1\n${ROOT}\n`],
    ["a negative size", `o\n-1\n${ROOT}\n`],
    ["hexadecimal", `o\n0x1\n${ROOT}\n`],
    ["an exponent", `o\n1e3\n${ROOT}\n`],
    ["white space around the size", `o\n 1\n${ROOT}\n`],
    ["an empty size", `o\n\n${ROOT}\n`],
    ["no root", "o\n1\n"],
    ["a root of 31 bytes", `o\n1\n${toBase64(new Uint8Array(31))}\n`],
    ["a root of 33 bytes", `o\n1\n${toBase64(new Uint8Array(33))}\n`],
    ["a root with stray bits", `o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n`],
    ["a root in base64url", `o\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n`],
    ["no final newline", `o\n1\n${ROOT}`],
    ["an empty extension line", `o\n1\n${ROOT}\n\n`],
    ["an empty line between extensions", `o\n1\n${ROOT}\na\n\nb\n`],
  ])("%s", (_, text) => {
    expect(parseCheckpoint(text)).toMatchObject({ ok: false, fault: { code: "bad-checkpoint" } });
  });
});

test("nothing makes the reader throw, and what it reads it writes back", () => {
  const line = fc.oneof(fc.constantFrom("", "o", "0", "12", ROOT), fc.string({ unit: "binary", maxLength: 10 }));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const text = `${lines.join("\n")}\n`;
      const checkpoint = parseCheckpoint(text);
      expect(checkpoint.ok ? formatCheckpoint(checkpoint.value) : text).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

test("one that could not be read back is not written", () => {
  const root = new Uint8Array(32);
  expect(() => formatCheckpoint({ origin: "a\nb", size: 1, root, extensions: [] })).toThrow("well formed");
  expect(() => formatCheckpoint({ origin: "a", size: 1.5, root, extensions: [] })).toThrow("well formed");
  expect(() => formatCheckpoint({ origin: "a", size: 1, root, extensions: [""] })).toThrow("well formed");
});

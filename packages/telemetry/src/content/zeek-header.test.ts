import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ZeekHeader } from "./zeek-header.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const FIRST = "#separator \\x09\n#set_separator\t,\n#path\tdns\n#open\t2026-11-25-00-00-00\n#fields\tts\tquery\n";
const SECOND = "#separator |\n#fields|ts|uid\n";
const LOG = `${FIRST}1\ta\n2\t#fields\n#close\t2026-11-25\n# a remark\n${SECOND}3|b\n`;

/** The header that is in force behind each line, worked out line by line. */
function expected(lines: readonly string[]): string {
  let kept: string[] = [];
  for (const line of lines) {
    if (line.startsWith("#separator")) kept = [];
    if (/^#(?:separator|set_separator|fields|types)\b/.test(line)) kept.push(`${line}\n`);
  }
  return kept.join("");
}

describe("ZeekHeader", () => {
  it("has what is in force at any line, however the bytes come and wherever somebody began", () => {
    const lines = LOG.split("\n").slice(0, -1);
    fc.assert(
      fc.property(fc.nat(lines.length), fc.nat(lines.length), fc.array(fc.nat(40)), (a, b, sizes) => {
        const [begin, end] = [Math.min(a, b), Math.max(a, b)];
        const headers = new ZeekHeader(begin === 0 ? undefined : expected(lines.slice(0, begin)), "anywhere");
        const rest = bytes(
          lines
            .slice(begin, end)
            .map((line) => `${line}\n`)
            .join(""),
        );
        let from = 0;
        for (const size of [...sizes, rest.length]) headers.push(rest.subarray(from, (from += size)));
        expect(headers.text()).toBe(expected(lines.slice(0, end)));
      }),
    );
  });

  it("has nothing of a log that does not begin with a header, and nothing of a line without end", () => {
    const other = new ZeekHeader(undefined, "first");
    other.push(bytes(`one line\n${FIRST}`));
    expect([other.text(), other.isPlain]).toEqual(["", true]);
    const endless = new ZeekHeader(undefined, "first");
    endless.push(bytes(`#fields\t${"x".repeat(70_000)}\n#separator |\n`));
    expect([endless.text(), endless.isPlain]).toEqual(["#separator |\n", false]);
  });

  it("passes over a byte order mark, also where it comes byte by byte, and leaves out carriage returns", () => {
    const marked = Buffer.from(`\ufeff${FIRST.replaceAll("\n", "\r\n")}`);
    for (const size of [1, 2, 3, marked.length]) {
      const header = new ZeekHeader(undefined, "first");
      for (let at = 0; at < marked.length; at += size) header.push(marked.subarray(at, at + size));
      expect(header.text()).toBe(expected(FIRST.split("\n")));
    }
  });

  it("forgets the types of other fields", () => {
    const header = new ZeekHeader(undefined, "first");
    header.push(bytes("#separator |\n#fields|a|b\n#types|string|int\n1|2\n#fields|c|d\n"));
    expect(header.text()).toBe("#separator |\n#fields|c|d\n");
  });
});

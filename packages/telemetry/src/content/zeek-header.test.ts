import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HeaderLines } from "./header-lines.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const FIRST = "#separator \\x09\n#set_separator\t,\n#path\tdns\n#open\t2026-11-25-00-00-00\n#fields\tts\tquery\n";
const SECOND = "#separator |\n#fields|ts|uid\n";
const LOG = `${FIRST}1\ta\n2\t#fields\n#close\t2026-11-25\n# a remark\n${SECOND}3|b\n`;

/** The header that is in force behind each line, worked out line by line. */
function expected(lines: readonly string[]): string {
  let kept: string[] = [];
  for (const line of lines) {
    if (line.startsWith("#separator")) kept = [];
    if (/^#(?:separator|set_separator|path|open|fields)\b/.test(line)) kept.push(`${line}\n`);
  }
  return kept.join("");
}

describe("HeaderLines", () => {
  it("has what is in force at any line, however the bytes come and wherever somebody began", () => {
    const lines = LOG.split("\n").slice(0, -1);
    fc.assert(
      fc.property(fc.nat(lines.length), fc.nat(lines.length), fc.array(fc.nat(40)), (a, b, sizes) => {
        const [begin, end] = [Math.min(a, b), Math.max(a, b)];
        const headers = new HeaderLines(expected(lines.slice(0, begin)), begin === 0);
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
    const other = new HeaderLines("", true);
    other.push(bytes(`one line\n${FIRST}`));
    expect(other.text()).toBe("");
    const endless = new HeaderLines("", true);
    endless.push(bytes(`#fields\t${"x".repeat(70_000)}\n#path\tdns\n`));
    expect(endless.text()).toBe("#path\tdns\n");
  });
});

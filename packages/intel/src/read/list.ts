import { canonicalIndicator } from "../canonical/canonical.ts";
import type { Collector, Where } from "./collector.ts";
import { MAX_LINE } from "./report.ts";
import { lines } from "./rows.ts";

/** Where hosts files send the names they block. */
const SINKS: ReadonlySet<string> = new Set(["0.0.0.0", "127.0.0.1", "::", "::1"]);

/**
 * Reads a plain list: one or more indicators a line, between blanks, commas or semicolons (inside a
 * URL these are part of it); a comment begins with `#`, `;` or `//`, or with a blank and `#`. Lines of a hosts file (`0.0.0.0 bad.example`) name their hosts only.
 */
export function readList(text: string, into: Collector): void {
  let number = 0;
  for (const { start, end } of lines(text)) {
    const line = ++number;
    const where: Where = { place: "line", line: () => line };
    if (end - start > MAX_LINE) {
      const reason = "the line is longer than 64 KiB; write one indicator a line";
      into.reject(where, text.slice(start, start + 200), "line-too-long", reason);
      continue;
    }
    readLine(text.slice(start, end), where, into);
  }
}

function readLine(raw: string, where: Where, into: Collector): void {
  const line = raw.replace(/\s#.*$/, "").trim();
  if (line === "" || /^(?:#|;|\/\/)/.test(line)) return;
  const words = line.split(/\s+/).flatMap(splitWord);
  const hosts = words.length > 1 && SINKS.has(words[0] as string) ? words.slice(1) : words;
  if (hosts.length < words.length) into.ignore(`sink address ${words[0]} of a hosts file`);
  // A line of prose is one mistake, not one for each of its words.
  if (hosts.length > 1 && !hosts.some((word) => canonicalIndicator(word).ok)) {
    return into.reject(where, line, "not-an-indicator", "holds no indicator; begin comments with #");
  }
  for (const word of hosts) into.add(where, word, undefined, {});
}

function splitWord(word: string): string[] {
  const pieces = /[/?]/.test(word) ? word.split(/[,;]+(?=[a-z][a-z0-9+*[\]]*:|$)/i) : word.split(/[,;]+/);
  return pieces.filter((piece) => piece !== "");
}

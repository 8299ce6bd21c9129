import { cleanText } from "../text.ts";
import type { BlockList, Entry, Obstacle } from "./block-list.ts";

/** An entry that a format cannot express, and why. */
export interface LeftOut {
  readonly entry: Entry;
  readonly obstacle: Obstacle;
}

/** A list in the syntax of one tool. */
export interface Rendering {
  /** The first is the one that the tool is pointed at; names are plain file names. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly leftOut: readonly LeftOut[];
}

const MAX_REMARK = 400;
const MAX_REASON = 160;

/** Who asks for an entry and until when: `alpha 1a2b3c4d5e6f:17, bravo …; until 2026-12-01T00:00:00Z`. */
export function provenanceOf({ grounds, expires }: Entry): string {
  const sources = grounds.map(({ party, share, index }) => `${party} ${share.slice(0, 12)}:${index}`);
  return `${cleanText(sources.join(", "), MAX_REMARK)}; until ${instant(expires)}`;
}

/** Why the entry is enforced, in the words of whoever shared it: one printable line. */
export function reasonOf({ grounds: [first] }: Entry): string {
  return cleanText(first?.item.description ?? first?.title ?? "", MAX_REASON);
}

/** Source, expiry and reason on one printable line, for the comment of any format whose comments end with the line. */
export function remarkOf(entry: Entry): string {
  return `${provenanceOf(entry)}: ${reasonOf(entry)}`;
}

/** The same in printable ASCII without quotes, backslashes and semicolons, for quoted strings of formats without escapes. */
export function plainRemarkOf(entry: Entry, max: number): string {
  const ascii = remarkOf(entry).replace(/[^ !#-:<-[\]-~]/g, (char) => (char === ";" ? "," : "?"));
  return ascii.length <= max ? ascii : `${ascii.slice(0, max - 3)}...`;
}

/** What a file says about itself, a line each, to be put behind the format's mark of a comment. */
export function headerOf({ at, serial }: BlockList, written: number, leftOut: readonly LeftOut[]): string[] {
  const out = leftOut.length === 0 ? "" : `, ${leftOut.length} that this format cannot express or has already`;
  return [`detente block list, serial ${serial}, ${instant(at)}`, `${written} indicators${out}`];
}

/** `2026-11-26T01:02:03Z`. */
export function instant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** Renders entry by entry: `line` gives the text for one, or why there is none. */
export function renderEach(
  { entries }: BlockList,
  line: (entry: Entry) => string | Obstacle,
): { lines: string[]; leftOut: LeftOut[] } {
  const lines: string[] = [];
  const leftOut: LeftOut[] = [];
  for (const entry of entries) {
    const rendered = line(entry);
    if (typeof rendered === "string") lines.push(rendered);
    else leftOut.push({ entry, obstacle: rendered });
  }
  return { lines, leftOut };
}

export function notInFormat(message: string): Obstacle {
  return { code: "not-in-format", message };
}

/** Lines as a file: each ends with a line feed. */
export function joinLines(...parts: readonly (readonly string[])[]): string {
  return parts
    .flat()
    .map((line) => `${line}\n`)
    .join("");
}

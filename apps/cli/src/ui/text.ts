import { cleanText } from "@detente/intel/text";

/** Hexadecimal digits of a hash as people see it; the commands take any prefix of at least `MIN_PREFIX`. */
const SHOWN = 12;
export const MIN_PREFIX = 8;

/** Text from elsewhere as one printable line: another party's words must not steer this party's terminal. */
export function plain(text: string, max = 160): string {
  return cleanText(text, max);
}

/** In JSON no control character but white space stands outside of a text, and of that none but these leave the line's order. */
const HIDDEN = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu;

/** Somebody else's JSON, of the same value, in which nothing steers the terminal or hides what stands there. */
export function plainJson(text: string): string {
  const escaped = (units: string): string =>
    units === "\r"
      ? " "
      : Array.from({ length: units.length }, (_, i) => `\\u${units.charCodeAt(i).toString(16).padStart(4, "0")}`).join(
          "",
        );
  return text.replace(HIDDEN, escaped);
}

export function short(hash: string): string {
  return hash.slice(0, SHOWN);
}

/** Milliseconds since the epoch as `2026-11-23 15:30:51Z`. */
export function moment(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? `${at} ms` : `${date.toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** `1 share`, `1,204 indicators`. */
export function amount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : plural}`;
}

export function audienceText(audience: "unit" | readonly string[] | null): string {
  if (audience === null) return "others";
  return audience === "unit" ? "unit" : audience.map((name) => plain(name)).join(", ");
}

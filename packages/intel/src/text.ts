/** What must not reach a terminal, a log or a screen: controls, formats, lone surrogates, unassigned, odd spaces. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A piece of untrusted text for a message: short, quoted, on one line, no terminal escapes. */
export function quote(text: string): string {
  return JSON.stringify(cleanText(text, 80));
}

/**
 * Untrusted text as a single printable line of at most `max` UTF-16 units, never ending in half a character.
 * What it returns has a canonical JSON form: lone surrogates are replaced.
 */
export function cleanText(text: string, max: number): string {
  const whole = text.length <= max;
  const cut = whole ? text : `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, "")}…`;
  return cut.replace(/\s+/g, " ").replace(UNPRINTABLE, "\ufffd");
}

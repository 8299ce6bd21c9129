/** A text from its end to its beginning, by code point: a suffix of the text is a prefix of this. */
export function reversed(text: string): string {
  return Array.from(text).toReversed().join("");
}

const MAX_WORDS = 16;
/** One letter of a script with few letters; a sign of Chinese is a word. */
const COMMON = /^[\p{Lu}\p{Ll}\p{N}]\p{M}*$/u;

/**
 * What is looked for in FTS5's language (sqlite.org/fts5.html#full_text_query_syntax): every word of a text, the last
 * one as the beginning of a word. Words are in quotes, so that none is an operator. `undefined` where there is none.
 *
 * A single letter or digit is looked for as a word: FTS5 gathers all that a beginning may go on to before it gives the
 * first. Its prefix indexes would know, but their `secure-delete` leaves what was erased in them.
 */
export function wordQuery(text: string): string | undefined {
  const words = text.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)?.slice(0, MAX_WORDS) ?? [];
  return words.length === 0
    ? undefined
    : `${words.map((word) => `"${word}"`).join(" ")}${COMMON.test(words.at(-1) ?? "") ? "" : "*"}`;
}

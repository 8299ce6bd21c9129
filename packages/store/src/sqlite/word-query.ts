const MAX_WORDS = 16;

/**
 * What is looked for in FTS5's language (sqlite.org/fts5.html#full_text_query_syntax): every word of a text, the last
 * one as the beginning of a word. Words are in quotes, so that none is an operator. `undefined` where there is none.
 */
export function wordQuery(text: string): string | undefined {
  const words = text.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)?.slice(0, MAX_WORDS) ?? [];
  return words.length === 0 ? undefined : `${words.map((word) => `"${word}"`).join(" ")}*`;
}

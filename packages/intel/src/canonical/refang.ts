/**
 * Defanged spellings, as reports use them so that nobody clicks: `hxxp`, `[.]`, `(dot)`, `[at]`, `[:]`, `\.`.
 * One alternation with a group for each meaning, so that refanging text and searching logs share one rule.
 */
const DEFANGED =
  /(\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\{dot\}|\\\.)|(\[@\]|\(@\)|\{@\}|\[at\]|\(at\)|\{at\})|(\[:\/\/\]|\(:\/\/\))|(\[:\]|\(:\)|\{:\})|(\[\/\])|(?<![a-z0-9])(h(?:xx|\*\*)p)(?=s?[[({:])|(?<![a-z0-9])(fxp)(?=s?[[({:])/gi;

const MEANINGS = [".", "@", "://", ":", "/", "http", "ftp"] as const;

/** One defanged spelling in a text: where it stands and what it stands for. */
export interface Defanged {
  readonly start: number;
  readonly end: number;
  readonly meaning: string;
}

/** Finds the defanged spellings of a text, from left to right. */
export function findDefanged(text: string): readonly Defanged[] {
  const found: Defanged[] = [];
  for (const match of text.matchAll(DEFANGED)) {
    const group = MEANINGS.findIndex((_, i) => match[i + 1] !== undefined);
    found.push({ start: match.index, end: match.index + match[0].length, meaning: MEANINGS[group] as string });
  }
  return found;
}

/**
 * Undoes defanging, also where undoing it once leaves another defanged spelling (`[[.]]`), so that a second call
 * changes nothing. Text without any comes back as it is.
 */
export function refang(text: string): string {
  let plain = text;
  for (let found = findDefanged(plain); found.length > 0; found = findDefanged(plain)) {
    let next = "";
    let from = 0;
    for (const { start, end, meaning } of found) {
      next += plain.slice(from, start) + meaning;
      from = end;
    }
    plain = next + plain.slice(from);
  }
  return plain;
}

/** A Python value as an id in a published audit: a string, a whole number, `None`, or a tuple of them. */
export type PythonValue = string | number | null | readonly PythonValue[];

/**
 * What Python 3 prints for a value with `str()`: a string is itself, and inside a tuple it stands in quotes with
 * escapes (Python's reference for `repr`). Ids of published audits are hashed in this form: `(('Jx 9', 'batch 1'), 46)`.
 * A character that came to Unicode after the Python of an audit would be printed otherwise than there.
 */
export function pythonStr(value: PythonValue): string {
  return typeof value === "string" ? value : representation(value);
}

function representation(value: PythonValue): string {
  if (typeof value === "string") return quoted(value);
  if (value === null) return "None";
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Error(`invariant broken: ${value} is no whole number`);
    return String(value);
  }
  const items = value.map(representation);
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

const ESCAPES = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** Separators but the space, control, format, private and unassigned characters, and surrogates without a partner. */
const NOT_PRINTABLE = /^(?! )[\p{C}\p{Z}]$/u;

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let inner = "";
  for (const character of text) {
    if (character === quote) inner += `\\${character}`;
    else inner += ESCAPES.get(character) ?? (NOT_PRINTABLE.test(character) ? escaped(character) : character);
  }
  return quote + inner + quote;
}

function escaped(character: string): string {
  const point = character.codePointAt(0) as number;
  const hex = point.toString(16);
  if (point < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return point < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/**
 * A tokeniser for the part of TypeScript that the import rules look at. It knows comments, strings, templates and
 * regular expressions, so that text inside them is never taken for code. TypeScript 7 offers no parser to programs.
 *
 * @typedef {{ kind: "name" | "string" | "number" | "regexp" | "template" | "sign", text: string, line: number }} Token
 *   `text` of a string is its content between the quotes, escapes unresolved.
 */

const SHAPES =
  /(?<space>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|^#![^\n]*)|(?<string>"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')|(?<name>[#@]?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*)|(?<number>\.?\d[\w.]*)|(?<sign>\.\.\.|\?\.(?!\d)|=>|[^\s"'`])|(?<tick>`)/uy;
const REGEXP = /\/(?:[^\\/[\n]|\\[^\n]|\[(?:[^\\\]\n]|\\[^\n])*\])+\/[a-z]*/y;
const TEMPLATE_PART = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;

/** After these words an expression begins, so `/` opens a regular expression and does not divide. */
const BEFORE_EXPRESSION = new Set(
  "return typeof case in of delete void throw new else do await yield instanceof".split(" "),
);

/** The text stops making sense at `line`. */
export class UnreadableError extends Error {
  /** @param {number} line */
  constructor(line) {
    super("cannot be read from here on: a string, template or regular expression is not closed");
    this.line = line;
  }
}

/**
 * @param {string} source
 * @returns {Token[]} without white space and comments
 * @throws {UnreadableError}
 */
export function tokens(source) {
  /** @type {Token[]} */
  const found = [];
  /** For each open brace: true if it belongs to a template's `${`. @type {boolean[]} */
  const braces = [];
  let at = 0;
  let line = 1;

  /** @param {RegExp} shape */
  const match = (shape) => {
    shape.lastIndex = at;
    const matched = shape.exec(source);
    if (matched === null) throw new UnreadableError(line);
    at = shape.lastIndex;
    const from = line;
    line += matched[0].split("\n").length - 1;
    return { text: matched[0], groups: matched.groups ?? {}, line: from };
  };
  const templatePart = () => {
    const part = match(TEMPLATE_PART);
    if (part.text.endsWith("${")) braces.push(true);
    found.push({ kind: "template", text: part.text, line: part.line });
  };

  while (at < source.length) {
    const slash = source[at] === "/" && source[at + 1] !== "/" && source[at + 1] !== "*";
    if (slash && expressionFollows(found.at(-1))) {
      const { text, line: on } = match(REGEXP);
      found.push({ kind: "regexp", text, line: on });
      continue;
    }
    const { text, groups, line: on } = match(SHAPES);
    if (groups.space !== undefined) continue;
    if (groups.tick !== undefined) {
      templatePart();
    } else if (text === "}" && braces.pop() === true) {
      templatePart();
    } else if (groups.string !== undefined) {
      found.push({ kind: "string", text: text.slice(1, -1), line: on });
    } else {
      if (text === "{") braces.push(false);
      found.push({ kind: groups.name ? "name" : groups.number ? "number" : "sign", text, line: on });
    }
  }
  return found;
}

/** @param {Token | undefined} before */
function expressionFollows(before) {
  if (before === undefined) return true;
  if (before.kind === "name") return BEFORE_EXPRESSION.has(before.text);
  return before.kind === "sign" ? ![")", "]", "}"].includes(before.text) : before.text.endsWith("${");
}

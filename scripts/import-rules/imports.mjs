/**
 * @typedef {import("./tokens.mjs").Token} Token
 * @typedef {{ specifier: string | undefined, line: number, isAtOnce: boolean }} Import `specifier` is undefined where it
 *   is computed; `isAtOnce` tells whether the module is loaded with the one that names it: not as a type, nor by `import()`
 */

/**
 * Every module a source names: `import` and `export … from` over any number of lines, type-only ones, `import()` as
 * expression and as type, `require()`.
 * @param {readonly Token[]} tokens
 * @returns {Import[]}
 */
export function imports(tokens) {
  return tokens.flatMap((token, index) => {
    if (token.kind !== "name" || isMember(tokens, index)) return [];
    if (token.text === "import") return imported(tokens, index);
    if (token.text === "export") return reExported(tokens, index);
    return token.text === "require" && tokens[index + 1]?.text === "(" ? called(tokens, index) : [];
  });
}

/**
 * True for `x.import`, `x?.import` and a property's name `import:`.
 * @param {readonly Token[]} tokens @param {number} index
 */
function isMember(tokens, index) {
  const before = tokens[index - 1];
  const after = tokens[index + 1];
  if (before?.kind === "sign" && (before.text === "." || before.text === "?.")) return true;
  const opens = before?.kind === "sign" && (before.text === "{" || before.text === ",");
  return opens && after?.kind === "sign" && after.text === ":";
}

/** @param {readonly Token[]} tokens @param {number} index @returns {Import[]} */
function imported(tokens, index) {
  const next = tokens[index + 1];
  if (next?.kind === "sign" && next.text === ".") return [];
  return next?.kind === "sign" && next.text === "("
    ? called(tokens, index)
    : fromString(tokens, index, !isTypeOnly(tokens, index + 1));
}

/**
 * True for `import type …` but for a default import that is called `type`.
 * @param {readonly Token[]} tokens @param {number} index of what follows `import`
 */
function isTypeOnly(tokens, index) {
  const [word, next, after] = [tokens[index], tokens[index + 1], tokens[index + 2]];
  if (word?.kind !== "name" || word.text !== "type") return false;
  return !(next?.text === "," || (next?.text === "from" && after?.kind === "string"));
}

/** @param {readonly Token[]} tokens @param {number} index @returns {Import[]} */
function reExported(tokens, index) {
  const isType = tokens[index + 1]?.text === "type";
  const start = isType ? index + 2 : index + 1;
  const open = tokens[start];
  if (open?.kind !== "sign") return [];
  if (open.text === "*") return fromString(tokens, start, !isType);
  if (open.text !== "{") return [];
  const close = tokens.findIndex((token, at) => at > start && token.kind === "sign" && token.text === "}");
  return tokens[close + 1]?.text === "from" && tokens[close + 2]?.kind === "string"
    ? fromString(tokens, close, !isType)
    : [];
}

/** @param {readonly Token[]} tokens @param {number} index @returns {Import[]} */
function called(tokens, index) {
  const argument = tokens[index + 2];
  const after = tokens[index + 3];
  const whole = argument?.kind === "string" && (after?.text === ")" || after?.text === ",");
  const line = tokens[index]?.line ?? 0;
  return [{ specifier: whole ? argument.text : undefined, line: argument?.line ?? line, isAtOnce: false }];
}

/**
 * The module's name is the first string after `import` or `from`.
 * @param {readonly Token[]} tokens @param {number} index @param {boolean} isAtOnce @returns {Import[]}
 */
function fromString(tokens, index, isAtOnce) {
  const name = tokens.find((token, at) => at > index && token.kind === "string");
  return name === undefined ? [] : [{ specifier: name.text, line: name.line, isAtOnce }];
}

/** @typedef {import("./tokens.mjs").Token} Token */

const CLOCK = "take the time as an argument";
const CHANCE = "take random bytes as an argument";
const INEXACT = "its last digit differs between engines: use integers";
const WAITING = "leave waiting to the caller";

/** What a deterministic file may not say, token by token, with the remedy. @type {[string, string][]} */
const UNSTEADY = [
  ["Date . now", CLOCK],
  ["new Date ( )", CLOCK],
  ["performance . now", CLOCK],
  ["Math . random", CHANCE],
  ["crypto . getRandomValues", CHANCE],
  ["crypto . randomUUID", CHANCE],
  ["Math . log", INEXACT],
  ["Math . log2", INEXACT],
  ["Math . log10", INEXACT],
  ["Math . log1p", INEXACT],
  ["Math . exp", INEXACT],
  ["Math . expm1", INEXACT],
  ["process .", "pass what is needed as an argument"],
  ["Buffer .", "browsers have none: use Bytes of @detente/basics"],
  ["setTimeout (", WAITING],
  ["setInterval (", WAITING],
  ["setImmediate (", WAITING],
];

const SAYINGS = UNSTEADY.map(([text, remedy]) => ({ words: text.split(" "), text, remedy }));

/**
 * Uses of the clock, of chance, of inexact numbers (where they are not allowed) and of the process around.
 * @param {readonly Token[]} tokens
 * @param {{ inexact: boolean }} allowed
 * @returns {{ line: number, message: string }[]}
 */
export function unsteady(tokens, { inexact }) {
  const sayings = SAYINGS.filter(({ remedy }) => !(inexact && remedy === INEXACT));
  return tokens.flatMap((token, index) =>
    sayings
      .filter(({ words }) => says(tokens, index, words))
      .map(({ text, remedy }) => ({
        line: token.line,
        message: `${text}: ${remedy}`,
      })),
  );
}

/**
 * @param {readonly Token[]} tokens
 * @returns {{ line: number, message: string }[]}
 */
export function localeOrder(tokens) {
  return tokens
    .filter((token) => isWord(token, "localeCompare"))
    .map(({ line }) => ({ line, message: "localeCompare: its order differs between machines: compare code units" }));
}

/** @param {readonly Token[]} tokens @param {number} index @param {readonly string[]} words */
function says(tokens, index, words) {
  const member = isWord(tokens[index - 1], ".") && !isWord(tokens[index - 2], "globalThis");
  return !member && words.every((word, offset) => isWord(tokens[index + offset], word));
}

/** @param {Token | undefined} token @param {string} word */
function isWord(token, word) {
  if (token?.kind !== "name" && token?.kind !== "sign") return false;
  return token.text === word || (word === "." && token.text === "?.");
}

import { type Err, err, ok, type Result } from "@detente/basics";
import { quote } from "../text.ts";
import { badPattern, type PatternFault, type Token } from "./token.ts";

export type Parsed<T> = Result<T, PatternFault>;

const MAX_DEPTH = 64;

/** The tokens of a pattern and how far they have been read. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #next = 0;
  /** Parentheses that are open. */
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#next++;
    return token;
  }

  /** Takes a keyword or a sign if it comes next. */
  takeIf(text: string): boolean {
    const token = this.peek();
    const isThere = (token.kind === "word" || token.kind === "sign") && token.text === text;
    if (isThere) this.#next++;
    return isThere;
  }

  expected(what: string): Err<PatternFault> {
    const token = this.peek();
    return badPattern(token.at, `expected ${what}, found ${token.kind === "end" ? "the end" : quote(token.text)}`);
  }

  /** Reads what lies between parentheses; the opening one has been taken. */
  inParentheses<T>(read: () => Parsed<T>): Parsed<T> {
    if (++this.#depth > MAX_DEPTH) return err("too-deep", `the pattern nests parentheses deeper than ${MAX_DEPTH}`);
    const inner = read();
    this.#depth--;
    return !inner.ok || this.takeIf(")") ? inner : this.expected('")"');
  }

  /** One operand, or several with a keyword between. */
  chain<T, K>(keyword: string, operand: () => Parsed<T>, join: (operands: readonly T[]) => K): Parsed<T | K> {
    const first = operand();
    if (!first.ok || !this.takeIf(keyword)) return first;
    const operands = [first.value];
    do {
      const next = operand();
      if (!next.ok) return next;
      operands.push(next.value);
    } while (this.takeIf(keyword));
    return ok(join(operands));
  }
}

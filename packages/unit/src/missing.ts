import type { Claim, Statement } from "./statement.ts";

/**
 * Statements of a log whose bodies are not here, in order of their index. Those whose bodies have come are dropped when
 * somebody looks, so that a body that comes costs nothing here.
 */
export class Missing {
  #statements: Statement[] = [];

  /** @param statement the last of its log so far */
  add(statement: Statement): void {
    this.#statements.push(statement);
  }

  /** Those of the log's first `upto` entries, with what they claim of their bodies. */
  before(upto: number): { readonly index: number; readonly claim: Claim }[] {
    this.#statements = this.#statements.filter(({ claim }) => claim !== undefined);
    const found: { readonly index: number; readonly claim: Claim }[] = [];
    for (const { index, claim } of this.#statements) {
      if (index >= upto) break;
      if (claim !== undefined) found.push({ index, claim });
    }
    return found;
  }
}

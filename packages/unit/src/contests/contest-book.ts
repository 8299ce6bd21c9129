import type { ContestContent } from "@detente/record";
import type { Statement, StatementBody } from "../statement.ts";

interface Contest {
  readonly charter: ContestContent;
  readonly statements: Statement[];
}

/**
 * The effective unit-wide statements that refer to the charter of an audit. A reference takes effect first, so none is
 * missed; what the statements mean together is for `contest-state.ts`, which asks for them as a set.
 */
export class ContestBook {
  /** By number of the charter's leaf hash. */
  readonly #contests = new Map<number, Contest>();

  /** Takes notice of a statement that has become effective. */
  note(statement: Statement, body: StatementBody): void {
    if (body.view !== "unit") return;
    if (body.name === "open/contest" && !this.#contests.has(statement.id)) {
      this.#contests.set(statement.id, { charter: body.content, statements: [] });
    }
    if (this.#contests.size === 0) return;
    for (const about of body.of) this.#contests.get(about)?.statements.push(statement);
  }

  ids(): number[] {
    return [...this.#contests.keys()];
  }

  find(id: number): Contest | undefined {
    return this.#contests.get(id);
  }
}

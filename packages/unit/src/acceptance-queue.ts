import type { Charter } from "./charter-book.ts";
import type { Log } from "./log.ts";
import type { UnitState } from "./state.ts";
import type { Statement } from "./statement.ts";

/**
 * Counts the `position/accept` statements of each log in the order of that log: whether one counts depends on what the
 * same party accepted before. One whose references are not all here holds up those behind it, but nothing else.
 */
export class AcceptanceQueue {
  readonly #state: UnitState;
  readonly #onComplete: (charter: Charter) => void;
  readonly #queues = new Map<Log, Statement[]>();
  readonly #waiting = new Map<number, Set<Log>>();

  constructor(state: UnitState, onComplete: (charter: Charter) => void) {
    this.#state = state;
    this.#onComplete = onComplete;
  }

  push(statement: Statement): void {
    const queue = this.#queues.get(statement.log);
    if (queue === undefined) this.#queues.set(statement.log, [statement]);
    else queue.push(statement);
    if (queue === undefined || queue.length === 1) this.#drain(statement.log);
  }

  /** Says that a statement with this leaf hash has come up in some log. */
  known(id: number): void {
    const logs = this.#waiting.get(id);
    if (logs === undefined) return;
    this.#waiting.delete(id);
    for (const log of logs) this.#drain(log);
  }

  #drain(log: Log): void {
    const queue = this.#queues.get(log) ?? [];
    let counted = 0;
    for (const statement of queue) {
      const unknown = statement.body?.of.find((id) => !this.#isKnown(id));
      if (unknown !== undefined) {
        const logs = this.#waiting.get(unknown);
        if (logs === undefined) this.#waiting.set(unknown, new Set([log]));
        else logs.add(log);
        break;
      }
      this.#count(statement);
      counted++;
    }
    queue.splice(0, counted);
  }

  /** Whether it was judged in its author's log. A copy of a sealed leaf counts as well: not all can tell it for one. */
  #isKnown(id: number): boolean {
    return this.#state
      .instances(id)
      .some(({ state, form, reason }) => state !== "delivered" && (form === "sealed" || reason !== "copied"));
  }

  /** An acceptance is one of a charter where it refers to a statement of exactly the charter whose digest it carries. */
  #count({ log, index, id, body }: Statement): void {
    if (body?.name !== "position/accept") return;
    const { book, drafts, unit } = this.#state;
    const draft = body.of
      .map((reference) => drafts.get(reference))
      .find((found) => found?.digest === body.content.digest);
    if (draft === undefined || (draft.document.base === undefined && draft.digest !== unit)) return;
    book.accept(log.origin, draft.digest, draft.document, { index, id, of: body.of });
    const charter = book.find(draft.digest);
    if (charter !== undefined && book.complete(charter)) this.#onComplete(charter);
  }
}

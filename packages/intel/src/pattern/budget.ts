/** Thrown when a pattern needs more steps than its evaluation may take; only `matchPattern` catches it. */
export class BudgetExceeded extends Error {}

/** Steps that an evaluation may still take: counted, not timed, so that two stations give up alike. */
export class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new BudgetExceeded("the budget is spent");
  }
}

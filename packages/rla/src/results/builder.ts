import type { ChoiceResults, ContestResults } from "./snapshot.ts";

interface Choice {
  readonly name: string;
  total: number | undefined;
  readonly precincts: Map<string, number>;
}

/** Puts the results of a contest together from rows in any order. */
export class ContestTable {
  readonly id: string;
  readonly name: string;
  voteFor: number | undefined;
  readonly #choices = new Map<string, Choice>();

  constructor(id: string, name: string, voteFor?: number) {
    this.id = id;
    this.name = name;
    this.voteFor = voteFor;
  }

  add(choice: string, precinct: string, votes: number): void {
    const { precincts } = this.#choice(choice);
    precincts.set(precinct, (precincts.get(precinct) ?? 0) + votes);
  }

  setTotal(choice: string, votes: number): void {
    const of = this.#choice(choice);
    of.total = (of.total ?? 0) + votes;
  }

  finish(): ContestResults {
    const { id, name, voteFor } = this;
    const choices: ChoiceResults[] = [...this.#choices.values()];
    return { id, name, voteFor, choices };
  }

  #choice(name: string): Choice {
    const known = this.#choices.get(name);
    if (known !== undefined) return known;
    const choice: Choice = { name, total: undefined, precincts: new Map() };
    this.#choices.set(name, choice);
    return choice;
  }
}

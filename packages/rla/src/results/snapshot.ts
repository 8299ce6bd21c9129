/** Published results of an election as they stood at one time, whatever format they came in. */
export interface ResultsSnapshot {
  readonly format: "csv" | "clarity" | "nist";
  readonly election: string;
  /** When they were made, as the publisher wrote it; empty where he did not. */
  readonly time: string;
  readonly contests: readonly ContestResults[];
  /** Ballots cast, by precinct; where a file tells them for each contest, they stand there. */
  readonly turnout: readonly Turnout[];
  /** The published total of ballots cast. */
  readonly ballots: number | undefined;
}

export interface Turnout {
  readonly precinct: string;
  readonly ballots: number;
}

export interface ContestResults {
  readonly id: string;
  readonly name: string;
  readonly voteFor: number | undefined;
  readonly choices: readonly ChoiceResults[];
}

export interface ChoiceResults {
  readonly name: string;
  /** The published total; undefined where only precincts are published. */
  readonly total: number | undefined;
  /** By precinct, or by county in a state's file; each once, votes of all kinds added. */
  readonly precincts: ReadonlyMap<string, number>;
}

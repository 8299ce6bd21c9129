import { wholeCount } from "../../read/csv/headed-rows.ts";

/** Votes by choice, in the order of the report. */
export type ChoiceVotes = ReadonlyMap<string, number>;

/** Reads `Ada: 60; Bob: 40`. A name may hold `; ` or `: `. Undefined where it is no such list. */
export function choiceVotes(text: string): ChoiceVotes | undefined {
  const votes = new Map<string, number>();
  let name = "";
  for (const part of text.split(";")) {
    const whole = name === "" ? part : `${name};${part}`;
    const at = whole.lastIndexOf(":");
    const count = wholeCount(whole.slice(at + 1).trim());
    if (at < 0 || count === undefined) {
      name = whole;
      continue;
    }
    votes.set(whole.slice(0, at).trim(), count);
    name = "";
  }
  return name.trim() === "" && votes.size > 0 ? votes : undefined;
}

const NOT_FOUND = /^ballots not found\b/i;

/** Takes what Arlo writes behind the choices: `Ballots not found (counted for loser): 3`. */
export function takeNotFound(votes: ChoiceVotes | undefined): {
  readonly votes: ChoiceVotes | undefined;
  readonly notFound: number | undefined;
} {
  if (votes === undefined) return { votes, notFound: undefined };
  const entries = [...votes];
  const last = entries.at(-1);
  const hasCount = last !== undefined && NOT_FOUND.test(last[0]);
  return { votes: new Map(hasCount ? entries.slice(0, -1) : entries), notFound: hasCount ? last[1] : undefined };
}

/** Votes in the order of `names`; a choice that the list does not have got none. */
export function votesInOrder(votes: ChoiceVotes, names: Iterable<string>): number[] {
  return Array.from(names, (name) => votes.get(name) ?? 0);
}

import { compareText } from "@detente/basics";
import type { ContentName, ContestContent, Contents, Said } from "@detente/record";
import type { UnitState } from "../state.ts";

/** A statement about an audit that has taken effect. */
export interface ContestStatement {
  /** The author's name. */
  readonly party: string;
  /** Its log's origin, and the entry. */
  readonly log: string;
  readonly index: number;
  readonly hash: string;
  readonly of: ReadonlySet<string>;
  /** The leaf hash of the seal that it opens. */
  readonly unseals: string | undefined;
  readonly said: Said;
}

/** The charter of an audit and what was said about it, in order of the logs' origins and their indexes. */
export interface ContestRecord {
  /** Leaf hash of the charter. */
  readonly hash: string;
  readonly charter: ContestContent;
  readonly statements: readonly ContestStatement[];
}

/** @param hash of an effective `open/contest`; `undefined` where there is none */
export function contestRecord(state: UnitState, hash: string): ContestRecord | undefined {
  const id = state.hashes.findHex(hash);
  const contest = id === undefined ? undefined : state.contests.find(id);
  if (contest === undefined) return undefined;
  const statements = contest.statements.flatMap(({ log, index, id: at, body }): ContestStatement[] => {
    const party = state.nameOf(log.origin);
    if (party === undefined || body === undefined) return [];
    const of = new Set(body.of.map((reference) => state.hashes.hex(reference)));
    const said = { name: body.name, content: body.content } as Said;
    return [{ party, log: log.origin, index, hash: state.hashes.hex(at), of, unseals: body.unseals?.seal, said }];
  });
  statements.sort((a, b) => compareText(a.log, b.log) || a.index - b.index);
  return { hash, charter: contest.charter, statements };
}

/** A statement of one kind. */
export type Saying<Name extends ContentName> = ContestStatement & { readonly content: Contents[Name] };

/** The statements of one kind by some parties. */
export function sayings<Name extends ContentName>(
  { statements }: Pick<ContestRecord, "statements">,
  name: Name,
  parties: readonly string[],
): Saying<Name>[] {
  return statements.flatMap((statement) =>
    statement.said.name === name && parties.includes(statement.party)
      ? [{ ...statement, content: statement.said.content as Contents[Name] }]
      : [],
  );
}

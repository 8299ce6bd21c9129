import type { ContestRecord, ContestStatement } from "./contest-record.ts";

/** Where a statement stands: its log's origin, and the entry. */
export type Place = Pick<ContestStatement, "log" | "index">;

/** How far into each log something reaches, by origin: the index of the last entry that it has before it. */
export type Horizon = ReadonlyMap<string, number>;

/**
 * What statements of an audit have before them. A log only grows, so whoever names a statement has before it all that
 * stands above in its log: one reference for each log is enough, however much was said.
 */
export function horizons(record: Pick<ContestRecord, "statements">): (of: Iterable<string>) => Horizon {
  const byHash = new Map(record.statements.map((statement) => [statement.hash, statement]));
  return (of) => {
    const reached = new Map<string, number>();
    for (const hash of of) {
      const named = byHash.get(hash);
      if (named !== undefined) reached.set(named.log, Math.max(named.index, reached.get(named.log) ?? -1));
    }
    return reached;
  };
}

export function isWithin(horizon: Horizon, { log, index }: Place): boolean {
  return index <= (horizon.get(log) ?? -1);
}

/** Of each log the last of some statements: naming these has all of them before it. */
export function lastOfEachLog<T extends Place>(statements: Iterable<T>): T[] {
  const last = new Map<string, T>();
  for (const statement of statements) {
    const known = last.get(statement.log);
    if (known === undefined || known.index < statement.index) last.set(statement.log, statement);
  }
  return [...last.values()];
}

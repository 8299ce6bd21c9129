import { err, type Fault, ok, type Result } from "@detente/basics";
import type { AuditedContest, CardName } from "@detente/record";
import type { Pool } from "./public-files.ts";

/** A pool, with how many cards of its batch may hold the contest. */
export interface PoolOfCards extends Pool {
  readonly cards: number;
}

/** The pools of a contest by their batches, where each is a batch that holds so many cards, and its totals are possible on them. */
export function poolsOf(
  { id, rule }: AuditedContest,
  cards: readonly CardName[],
  pools: readonly Pool[],
): Result<ReadonlyMap<string, PoolOfCards>, Fault<"bad-files">> {
  const sizes = new Map(pools.map(({ batch }) => [batch, 0]));
  for (const [batch] of cards) {
    const size = sizes.get(batch);
    if (size !== undefined) sizes.set(batch, size + 1);
  }
  const marks = rule.method === "plurality" ? rule.marks : rule.method === "super-majority" ? 1 : 0;
  const wrong = pools.find(({ batch, recorded, totals }) => {
    const votes = totals.reduce((sum, total) => sum + total, 0);
    return recorded > (sizes.get(batch) ?? 0) || totals.some((total) => total > recorded) || votes > recorded * marks;
  });
  if (wrong !== undefined) {
    return err(
      "bad-files",
      `contest ${id}: the pool ${wrong.batch} has more cards than its batch, or more votes than cards`,
    );
  }
  return ok(new Map(pools.map((pool) => [pool.batch, { ...pool, cards: sizes.get(pool.batch) ?? 0 }])));
}

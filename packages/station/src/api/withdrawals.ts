import type { ThingReport } from "@detente/unit";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { WithdrawalRow } from "./intel-contract.ts";
import { audienceOf } from "./statements.ts";

/**
 * The shares that this party can read and whose authors took them back, and who has applied that. A party that observed
 * the author's log beyond the withdrawal holds it, and every station that holds it takes the share out of what it finds,
 * screens for and hands on, once a quorum has observed it: the fold is the same everywhere.
 */
export function withdrawals(unit: UnitRuntime): WithdrawalRow[] {
  const { fold } = unit.archive;
  const observed = new Map(
    fold
      .logs()
      .map(({ origin, observers }) => [origin, new Map(observers.map(({ observer, size }) => [observer, size]))]),
  );
  return unit.indexer.shares().flatMap(({ leafHash, audience, content }) => {
    const thing = fold.thing(leafHash, audience);
    const withdrawal = thing === undefined ? undefined : withdrawalOf(unit, thing);
    if (withdrawal === undefined) return [];
    const { log, index, statement, reason, at } = withdrawal;
    const readers = audienceOf(audience);
    const members = fold.members().filter(({ name }) => readers === "unit" || readers.includes(name));
    const covers = (observer: string): boolean => (observed.get(log)?.get(observer) ?? 0) > index;
    return [
      {
        share: leafHash,
        title: content.title,
        party: unit.membership.nameOf(log),
        audience: readers,
        statement,
        reason,
        at,
        applied: members.map(({ name, origin }) => ({ party: name, applied: origin === log || covers(origin) })),
      },
    ];
  });
}

/** The position by which the author of a thing took it back, in its log; `at` is when that took effect. */
export function withdrawalOf(
  { archive: { fold } }: Pick<UnitRuntime, "archive">,
  { statement: { log }, isWithdrawn, voices }: ThingReport,
): (Pick<WithdrawalRow, "statement" | "reason" | "at"> & { readonly log: string; readonly index: number }) | undefined {
  if (!isWithdrawn) return undefined;
  const voice = voices.find(({ origin }) => origin === log);
  const position = voice?.positions.find(({ clause }) => clause === undefined);
  if (position === undefined) return undefined;
  const { index, content } = position;
  const at = fold.effectiveAt(log, index) ?? null;
  return { statement: fold.statement(log, index)?.hash ?? "", reason: content.text ?? null, at, log, index };
}

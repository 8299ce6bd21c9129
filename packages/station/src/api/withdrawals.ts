import type { UnitRuntime } from "../unit-runtime.ts";
import type { WithdrawalRow } from "./contract.ts";
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
  const views = new Map(unit.indexer.shares().map((share) => [share.leafHash, share]));
  return [...views.values()].flatMap(({ leafHash, audience, content }) => {
    const thing = fold.thing(leafHash, audience);
    return (thing?.withdrawnBy ?? []).flatMap((log) => {
      const voice = thing?.voices.find(({ origin }) => origin === log);
      const position = voice?.positions.find(({ clause }) => clause === undefined);
      if (position === undefined) return [];
      const readers = audienceOf(audience);
      const members = fold.members().filter(({ name }) => readers === "unit" || readers.includes(name));
      const covers = (observer: string): boolean => (observed.get(log)?.get(observer) ?? 0) > position.index;
      return {
        share: leafHash,
        title: content.title,
        party: unit.membership.nameOf(log),
        audience: readers,
        statement: fold.statement(log, position.index)?.hash ?? "",
        reason: position.content.text ?? null,
        at: fold.effectiveAt(log, position.index) ?? null,
        applied: members.map(({ name, origin }) => ({ party: name, applied: origin === log || covers(origin) })),
      };
    });
  });
}

import { fromHex, present } from "@detente/basics";
import type { AnswerStore } from "@detente/store";
import type { Clock } from "../clock.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { Ledgers } from "./ledgers.ts";
import { type Ending, type OwnSetBook, totalsOf, withdrawal } from "./own-set.ts";
import type { SetFiles } from "./set-files.ts";
import { totalsContent } from "./totals.ts";

export interface EndingOptions {
  /** The origin of this party's log. */
  readonly origin: string;
  readonly book: OwnSetBook;
  readonly answers: AnswerStore;
  readonly files: SetFiles;
  readonly ledgers: Ledgers;
  readonly clock: Clock;
}

/**
 * One step towards the end of an own set: it is taken back, then, when nobody can ask any more, its last totals are said,
 * then all of it is forgotten here. Each step is the same when it is made again after a crash.
 * @returns what is to be kept before the next step; `said` where there is nothing to keep, `waiting` until the record
 * has changed, `over` where nothing is left of the set
 */
export async function endStep(
  { origin, book, answers, files, ledgers, clock }: EndingOptions,
  unit: UnitRuntime,
  ending: Ending,
): Promise<Ending | "said" | "waiting" | "over"> {
  const { hash } = ending;
  const { fold } = unit.archive;
  const mine = fold.find(hash).filter(({ log }) => log === origin);
  // What never counted needs no taking back.
  const isVoid = mine.length > 0 && mine.every(({ status }) => status.state === "void");
  if (!isVoid) {
    const isWithdrawn = fold.matchSets().some((set) => set.hash === hash && set.log === origin && set.isWithdrawn);
    if (!isWithdrawn) {
      if (ending.withdrawal === undefined) return { ...ending, withdrawal: book.intend(withdrawal(hash)) };
      return (await book.sayOnce(unit, withdrawal(hash), ending.withdrawal)) ? "said" : "waiting";
    }
    const ledger = await ledgers.get(hash);
    if (ending.totals === undefined && ledger.pooled > 0) {
      const content = totalsContent(ledger, clock.now());
      return { ...ending, totals: { ...book.intend(totalsOf(hash, content)), content } };
    }
    const { totals } = ending;
    if (totals !== undefined && (await book.sayOnce(unit, totalsOf(hash, totals.content), totals))) return "said";
  }
  await answers.forget(present(fromHex(hash), "a leaf hash"));
  await files.forget(hash);
  await ledgers.forget(hash);
  return "over";
}

import { err, type Fault, ok, type Result } from "@detente/basics";
import type { Budget } from "@detente/match";
import type { MatchPartner } from "@detente/record";
import type { MatchSetReport } from "@detente/unit";
import type { Granted } from "../meeting/granted.ts";
import type { Grant } from "../meeting/spending.ts";
import { Turns } from "../turns.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { Ledgers } from "./ledgers.ts";
import type { MatchPolicy } from "./policy.ts";

export interface BudgetsOptions {
  /** The origin of this party's log. */
  readonly origin: string;
  readonly unit: () => UnitRuntime | undefined;
  readonly ledgers: Ledgers;
  readonly granted: Granted;
  /** What the settings say now. */
  readonly policy: () => MatchPolicy | undefined;
}

/** What partners may test by this party's budgets: look-ups and meetings draw on the same, so that nothing is granted twice. */
export class Budgets {
  readonly #options: BudgetsOptions;
  readonly #turns: Turns = new Turns();

  constructor(options: BudgetsOptions) {
    this.#options = options;
  }

  /** Does what looks at a budget and takes from it, while nothing else does. */
  inTurn<T>(job: () => Promise<T>): Promise<T> {
    return this.#turns.run(job);
  }

  /**
   * What a set grants to look-ups: all that its terms say, but what meetings take. Where the settings say less by now, that
   * holds at once; what they say more waits for the next epoch.
   */
  async limits({ index, terms }: MatchSetReport, { party, budget }: MatchPartner): Promise<Budget> {
    const fold = this.#options.unit()?.archive.fold;
    if (fold === undefined) return { partner: 0, pool: 0 };
    const met = await this.#options.granted.spending(fold, index);
    const policy = this.#options.policy();
    const now = policy?.partners.find((one) => one.party === party)?.budget ?? budget;
    return {
      partner: Math.min(budget, now) - met.of(party),
      pool: Math.min(terms.pool, policy?.pool ?? terms.pool) - met.all,
    };
  }

  /**
   * Takes what a meeting is to grant, as much as that may be; it is to be settled (`Granted.settle`). Where no open set is
   * for the partner, no budget says anything.
   */
  take(grant: Grant): Promise<Result<Grant, Fault<"budget-exhausted">>> {
    return this.inTurn(async () => {
      const left = await this.#left(grant.partner);
      if (grant.count > left)
        return err(
          "budget-exhausted",
          `${grant.partner} has ${left} questions left of this party's budgets, its list would take ${grant.count}; raise match.partners and match.pool, or shorten the lists`,
        );
      this.#options.granted.hold(grant);
      return ok(grant);
    });
  }

  async #left(partner: string): Promise<number> {
    const { origin, unit, ledgers } = this.#options;
    const sets = unit()?.archive.fold.matchSets() ?? [];
    const open = sets.filter(({ log, isWithdrawn }) => log === origin && !isWithdrawn);
    const set = open.findLast(({ terms }) => terms.partners.some(({ party }) => party === partner));
    const terms = set?.terms.partners.find(({ party }) => party === partner);
    if (set === undefined || terms === undefined) return Number.POSITIVE_INFINITY;
    const { pooled, accounts } = await ledgers.get(set.hash);
    const limits = await this.limits(set, terms);
    return Math.max(0, Math.min(limits.partner - (accounts.get(partner)?.spent ?? 0), limits.pool - pooled));
  }
}

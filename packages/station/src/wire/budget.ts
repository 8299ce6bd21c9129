import { assert } from "@detente/basics";

/** @internal */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export type Refused<Limit extends string = string> = {
  readonly allowed: false;
  readonly limit: Limit;
  /** Whole, at least 1. */
  readonly retryAfterSeconds: number;
};

/**
 * A token bucket. A take larger than the burst is allowed when the bucket is full and leaves a debt, so that over
 * any time t at most burst + rate * t + one take passes, and nothing is impossible for ever.
 * @internal
 */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #at: number;

  /** @param now milliseconds */
  constructor(rate: Rate, now: number) {
    assert(rate.perSecond > 0 && rate.burst > 0, "a bucket's rate and burst are above 0");
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Takes `amount` and gives 0, or takes nothing and gives the whole seconds to wait. */
  take(amount: number, now: number): number {
    assert(amount >= 0, "a bucket is never filled by hand");
    this.#refill(now);
    const missing = Math.min(amount, this.#rate.burst) - this.#tokens;
    if (missing > 0) return Math.max(1, Math.ceil(missing / this.#rate.perSecond));
    this.#tokens -= amount;
    return 0;
  }

  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens === this.#rate.burst;
  }

  #refill(now: number): void {
    const elapsed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (elapsed / 1000) * this.#rate.perSecond);
  }
}

export interface BudgetLimits {
  readonly requests: Rate;
  readonly bytes: Rate;
  readonly statements: Rate;
  /** Requests under way at once. */
  readonly concurrent: number;
}

type BudgetLimit = keyof BudgetLimits | "peers";

export type Entry = { readonly allowed: true; readonly leave: () => void } | Refused<BudgetLimit>;
export type Spending = { readonly allowed: true } | Refused<BudgetLimit>;

interface Account {
  readonly requests: TokenBucket;
  readonly bytes: TokenBucket;
  readonly statements: TokenBucket;
  underWay: number;
}

/**
 * What each caller may use up; one that exceeds it is put off, and nobody else. Members and strangers belong in two
 * instances, or strangers under many names could take all the accounts.
 */
export class Budgets {
  readonly #limits: BudgetLimits;
  readonly #maxPeers: number;
  readonly #now: () => number;
  readonly #accounts = new Map<string, Account>();

  /** @param options.now milliseconds */
  constructor(limits: BudgetLimits, options: { readonly maxPeers: number; readonly now: () => number }) {
    this.#limits = limits;
    this.#maxPeers = options.maxPeers;
    this.#now = options.now;
  }

  get size(): number {
    return this.#accounts.size;
  }

  /** Begins a request. When it is allowed, `leave` must be called at its end; calling it again does nothing. */
  enter(peer: string): Entry {
    const account = this.#account(peer);
    if (account === undefined) return refused("peers", 1);
    if (account.underWay >= this.#limits.concurrent) return refused("concurrent", 1);
    const wait = account.requests.take(1, this.#now());
    if (wait > 0) return refused("requests", wait);
    account.underWay++;
    let entered = true;
    const leave = (): void => {
      if (entered) account.underWay--;
      entered = false;
    };
    return { allowed: true, leave };
  }

  spend(peer: string, kind: "bytes" | "statements", amount: number): Spending {
    const account = this.#account(peer);
    if (account === undefined) return refused("peers", 1);
    const wait = account[kind].take(amount, this.#now());
    return wait > 0 ? refused(kind, wait) : { allowed: true };
  }

  #account(peer: string): Account | undefined {
    const known = this.#accounts.get(peer);
    if (known !== undefined) return known;
    if (this.#accounts.size >= this.#maxPeers && !this.#dropOneAtRest()) return undefined;
    const now = this.#now();
    const account = {
      requests: new TokenBucket(this.#limits.requests, now),
      bytes: new TokenBucket(this.#limits.bytes, now),
      statements: new TokenBucket(this.#limits.statements, now),
      underWay: 0,
    };
    this.#accounts.set(peer, account);
    return account;
  }

  /** An account whose buckets are all full says no more than a new one would. */
  #dropOneAtRest(): boolean {
    const now = this.#now();
    for (const [peer, account] of this.#accounts) {
      const { requests, bytes, statements, underWay } = account;
      if (underWay === 0 && requests.isFull(now) && bytes.isFull(now) && statements.isFull(now)) {
        return this.#accounts.delete(peer);
      }
    }
    return false;
  }
}

function refused(limit: BudgetLimit, retryAfterSeconds: number): Refused<BudgetLimit> {
  return { allowed: false, limit, retryAfterSeconds };
}

import { type BudgetLimits, Budgets, type Entry } from "./budget.ts";

/** Callers whose use is remembered at a time. */
const MAX_CALLERS = 4096;

/**
 * What callers that nobody knows may use up: each address its own share, so that one flood does not lock the others
 * out, and all together no more than this station can bear.
 */
export class Strangers {
  readonly #each: Budgets;
  readonly #all: Budgets;

  constructor(limits: { readonly each: BudgetLimits; readonly all: BudgetLimits; readonly now: () => number }) {
    this.#each = new Budgets(limits.each, { maxPeers: MAX_CALLERS, now: limits.now });
    this.#all = new Budgets(limits.all, { maxPeers: 1, now: limits.now });
  }

  /** @param address of the other end, undefined where it has none */
  enter(address: string | undefined): Entry {
    const own = this.#each.enter(networkOf(address ?? ""));
    if (!own.allowed) return own;
    const all = this.#all.enter("all");
    if (!all.allowed) {
      own.leave();
      return all;
    }
    const leave = (): void => {
      own.leave();
      all.leave();
    };
    return { allowed: true, leave };
  }
}

/** What one caller has to itself: an IPv4 address, or the first half of an IPv6 address (RFC 4291 §2.5.1). */
function networkOf(address: string): string {
  if (address.includes(".")) return address.slice(address.lastIndexOf(":") + 1);
  const [front = "", back] = address.split("::", 2);
  const first = front.split(":");
  if (back === undefined) return first.slice(0, 4).join(":");
  const known = front === "" ? [] : first;
  const last = back === "" ? [] : back.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - known.length - last.length) }, () => "0");
  return [...known, ...zeros, ...last].slice(0, 4).join(":");
}

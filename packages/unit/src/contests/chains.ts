import { MAX_REFERENCES } from "@detente/record";
import type { ContestStatement } from "./contest-record.ts";

/** References that are left where a statement names the audit's charter, what stands before it in its own chain, and a seal. */
const MOST_TIPS: number = MAX_REFERENCES - 4;

type Linked = Pick<ContestStatement, "hash" | "of">;

/** From where a walk over the trees of chains came to a statement to where it left it: what it met between is below. */
interface Span {
  readonly from: number;
  to: number;
}

/**
 * Statements that stand behind one another: of those of a set that one names, the first is the one before it in its
 * chain, and who names the end of a chain has all of it before it. So a reference does for hundreds of statements. What
 * is named takes effect first, so what stands behind a statement is there when it counts and never changes; and as each
 * has one before it at most, whether one stands behind another takes one step, whoever tangles the chains.
 */
export class Chains {
  readonly #before = new Map<string, string | undefined>();
  readonly #spans = new Map<string, Span>();
  readonly #ends: readonly string[];

  constructor(statements: readonly Linked[]) {
    const hashes = new Set(statements.map(({ hash }) => hash));
    for (const { hash, of } of statements)
      this.#before.set(
        hash,
        [...of].find((named) => hashes.has(named)),
      );
    const after = new Map<string, string[]>();
    for (const [hash, before] of this.#before) {
      if (before === undefined) continue;
      const known = after.get(before);
      if (known === undefined) after.set(before, [hash]);
      else known.push(hash);
    }
    const lengths = this.#walk(after);
    // The longest first: who leaves many loose ends must not push out the chains of others.
    this.#ends = [...hashes]
      .filter((hash) => !after.has(hash))
      .sort((a, b) => (lengths.get(b) ?? 0) - (lengths.get(a) ?? 0) || (a < b ? -1 : 1));
  }

  /** Whether a statement is among those that are named, or behind one of them. */
  isBehind(hash: string, names: Iterable<string>): boolean {
    const span = this.#spans.get(hash);
    if (span === undefined) return false;
    for (const name of names) {
      const named = this.#spans.get(name);
      if (named !== undefined && span.from <= named.from && named.to <= span.to) return true;
    }
    return false;
  }

  /** All that is named or behind what is. */
  behind(names: Iterable<string>): Set<string> {
    const all = new Set<string>();
    for (const name of names) {
      // What was met before is there with all behind it.
      for (
        let at = this.#before.has(name) ? name : undefined;
        at !== undefined && !all.has(at);
        at = this.#before.get(at)
      ) {
        all.add(at);
      }
    }
    return all;
  }

  /** Leaf hashes to name, so that all is behind them: the ends of the chains, as many as can be named. */
  ends(): readonly string[] {
    return this.#ends.slice(0, MOST_TIPS);
  }

  /** @returns how many statements each has behind it */
  #walk(after: ReadonlyMap<string, readonly string[]>): Map<string, number> {
    const lengths = new Map<string, number>();
    let steps = 0;
    const enter = (hash: string, length: number): { hash: string; left: string[] } => {
      this.#spans.set(hash, { from: steps++, to: steps });
      lengths.set(hash, length);
      return { hash, left: [...(after.get(hash) ?? [])] };
    };
    for (const [first, before] of this.#before) {
      if (before !== undefined) continue;
      const path = [enter(first, 0)];
      for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
        const next = at.left.pop();
        if (next !== undefined) path.push(enter(next, path.length));
        else {
          const span = this.#spans.get(at.hash);
          if (span !== undefined) span.to = steps;
          path.pop();
        }
      }
    }
    return lengths;
  }
}

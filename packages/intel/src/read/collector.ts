import type { IndicatorKind } from "@detente/record";
import type { CanonicalNote } from "../canonical/kinds.ts";
import { canonicalIndicator, matchKey } from "../canonical/canonical.ts";
import type { Opinions } from "../gate/judge.ts";
import { type Item, type ItemFacts, makeItem, mergeItems } from "../item.ts";
import { cleanText } from "../text.ts";
import {
  type Finding,
  type IndicatorFile,
  type IndicatorFormat,
  MAX_FINDINGS,
  MAX_ITEMS,
  type RejectionCode,
  type RemarkCode,
} from "./report.ts";

/** Where a reader stands. The line is asked for only when there is something to say about it. */
export interface Where {
  readonly place: string;
  readonly line: () => number;
}

/** What somebody with no stake in an indicator says of it. */
export interface Opinion {
  readonly by: string;
  readonly says: "seen" | "refuted";
  /** Milliseconds since 1970. */
  readonly at: number | undefined;
}

const NOTES: Readonly<Record<CanonicalNote, string>> = {
  "host-bits-masked": "had host bits set, which were cleared",
  "single-address": "is a network of one address and was taken as that address",
  "mapped-to-ipv4": "is an IPv4-mapped IPv6 address and was taken as IPv4",
  "wildcard-dropped": "lost its wildcard; a domain covers itself and its subdomains",
  "port-dropped": "lost its port; addresses and domains are matched on any port",
  "scheme-assumed": "has no scheme and was taken as http",
  "user-dropped": "lost its user name",
  "fragment-dropped": "lost its fragment, which no server sees",
};

/** Gathers what a reader finds: items merged by what they match, and everything that was not taken, with reasons. */
export class Collector {
  readonly #file: string;
  readonly #items: Item[] = [];
  readonly #occurrences: number[] = [];
  readonly #positions = new Map<string, number>();
  readonly #rejected: Finding<RejectionCode>[] = [];
  readonly #remarks: Finding<RemarkCode>[] = [];
  readonly #ignored = new Map<string, number>();
  readonly #opinions = new Map<string, Map<string, Opinion>>();
  #rejectedCount = 0;
  #remarkCount = 0;

  constructor(file: string) {
    this.#file = cleanText(file, 200);
  }

  /**
   * Takes a value that should be an indicator of one of the `allowed` kinds (any, where the source does not say).
   * @returns what it was taken as; `undefined` if it was rejected
   */
  add(where: Where, text: string, allowed: readonly IndicatorKind[] | undefined, facts: ItemFacts): Item | undefined {
    const canonical = canonicalIndicator(text, allowed);
    if (!canonical.ok) {
      this.reject(where, text, canonical.fault.code, canonical.fault.message);
      return undefined;
    }
    const { kind, value, notes } = canonical.value;
    const key = `${kind} ${matchKey(kind, value)}`;
    const known = this.#positions.get(key);
    if (known === undefined && this.#items.length >= MAX_ITEMS) {
      const reason = `the file has more than ${MAX_ITEMS} indicators; split it`;
      this.reject(where, text, "too-many-items", reason);
      return undefined;
    }
    const item = makeItem(canonical.value, facts);
    if (known === undefined) {
      this.#positions.set(key, this.#items.length);
      this.#items.push(item);
      this.#occurrences.push(1);
    } else {
      this.#items[known] = mergeItems(this.#items[known] as Item, item);
      this.#occurrences[known] = (this.#occurrences[known] ?? 0) + 1;
    }
    for (const note of notes) this.remark(where, text, note, `${JSON.stringify(cleanText(text, 80))} ${NOTES[note]}`);
    return item;
  }

  /** Notes an opinion; of one party the latest stands. @param key as `opinionKey` gives it */
  opine(key: string, opinion: Opinion): void {
    const known = this.#opinions.get(key) ?? new Map<string, Opinion>();
    const before = known.get(opinion.by);
    if (before === undefined || (opinion.at ?? 0) >= (before.at ?? 0)) known.set(opinion.by, opinion);
    this.#opinions.set(key, known);
  }

  reject(where: Where, text: string, code: RejectionCode, reason: string): void {
    this.#rejectedCount++;
    if (this.#rejected.length < MAX_FINDINGS) this.#rejected.push(this.#finding(where, text, code, reason));
  }

  remark(where: Where, text: string, code: RemarkCode, reason: string): void {
    this.#remarkCount++;
    if (this.#remarks.length < MAX_FINDINGS) this.#remarks.push(this.#finding(where, text, code, reason));
  }

  ignore(what: string, count = 1): void {
    if (count === 0) return;
    const name = this.#ignored.size < MAX_FINDINGS ? cleanText(what, 120) : "others";
    this.#ignored.set(name, (this.#ignored.get(name) ?? 0) + count);
  }

  finish(format: IndicatorFormat): IndicatorFile {
    return {
      format,
      items: this.#items,
      occurrences: this.#occurrences,
      rejected: this.#rejected,
      rejectedCount: this.#rejectedCount,
      remarks: this.#remarks,
      remarkCount: this.#remarkCount,
      ignored: [...this.#ignored].map(([what, count]) => ({ what, count })),
      opinions: new Map([...this.#opinions].map(([key, said]) => [key, summed([...said.values()])])),
    };
  }

  #finding<Code extends string>(where: Where, text: string, code: Code, reason: string): Finding<Code> {
    const line = where.line();
    const message = `${this.#file}:${line}: ${where.place}: ${reason}`;
    return { line, place: where.place, text: cleanText(text, 120), code, message };
  }
}

function summed(said: readonly Opinion[]): Opinions {
  const seen = said.filter(({ says }) => says === "seen");
  const times = seen.flatMap(({ at }) => at ?? []);
  return {
    sighted: seen.length,
    refuted: said.length - seen.length,
    ...(times.length > 0 && { lastSighted: Math.max(...times) }),
  };
}

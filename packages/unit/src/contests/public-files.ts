import {
  type Bytes,
  canonicalJson,
  err,
  type Fault,
  type Json,
  ok,
  parseCanonicalJson,
  type Result,
  sha256,
  toHex,
  utf8,
  utf8Decode,
} from "@detente/basics";
import type { PoolTotals } from "@detente/rla";
import { areInOrder, type CardName, MAX_CANDIDATES, MAX_ITEMS, type Marks } from "@detente/record";

/** Cards by batch, each with the contests that it may hold. Public: everybody draws from it. */
export interface CardList {
  /** By number of the style: ids of contests. */
  readonly styles: readonly (readonly string[])[];
  readonly batches: readonly {
    readonly name: string;
    readonly cards: readonly (readonly [place: number | string, style: number])[];
  }[];
}

export type PublicFileFault = Fault<"bad-line" | "bad-header" | "bad-count" | "wrong-digest">;

/** What a statement says of a public file. */
interface FileClaim {
  readonly digest: string;
  readonly size: number;
}

/** Canonical JSON lines: the styles, then a line for each batch. */
export function formatCards({ styles, batches }: CardList): Bytes {
  const lines = batches.map(({ name, cards }) => canonicalJson([name, cards] as Json));
  return utf8([canonicalJson({ v: 1, styles }), ...lines, ""].join("\n"));
}

/** Reads the list of cards that was committed. Each card stands once, and there are as many as is claimed. */
export function parseCards(
  bytes: Bytes,
  claim: FileClaim & { readonly count: number },
): Result<CardList, PublicFileFault> {
  const lines = linesOf(bytes, claim, "cards");
  if (!lines.ok) return lines;
  const [header, ...rest] = lines.value;
  const { v, styles } = (header ?? {}) as { readonly v?: Json; readonly styles?: Json };
  if (v !== 1 || !isListOf(styles, (style) => isListOf(style, (id) => typeof id === "string"))) {
    return err("bad-header", "cards: line 1 is no list of styles");
  }
  const batches: CardList["batches"][number][] = [];
  const names = new Set<string>();
  for (const [i, line] of rest.entries()) {
    const [name, cards] = Array.isArray(line) ? line : [];
    const isCard = (card: Json | undefined): boolean =>
      Array.isArray(card) && isPlace(card[0]) && isBelow(card[1], styles.length);
    if (typeof name !== "string" || !isListOf(cards, isCard) || names.has(name)) {
      return err("bad-line", `cards: line ${i + 2} is no batch, or one that stands twice`);
    }
    const places = cards as unknown as CardList["batches"][number]["cards"];
    if (new Set(places.map(([place]) => place)).size !== places.length) {
      return err("bad-line", `cards: line ${i + 2} holds a card twice`);
    }
    names.add(name);
    batches.push({ name, cards: places });
  }
  const count = batches.reduce((sum, { cards }) => sum + cards.length, 0);
  if (count !== claim.count) return err("bad-count", `cards: ${count} are listed, ${claim.count} committed`);
  return ok({ styles: styles as unknown as CardList["styles"], batches });
}

/** The cards that may hold a contest, in the order of the list. */
export function* cardsOf({ styles, batches }: CardList, contest: string): Generator<CardName> {
  const holds = styles.map((style) => style.includes(contest));
  for (const { name, cards } of batches) {
    for (const [place, style] of cards) if (holds[style] === true) yield [name, place];
  }
}

/** A batch of which no card has a record, only all together; what of its cards holds the contest, and their votes. */
export interface Pool extends PoolTotals {
  readonly batch: string;
}

/** What is published of a contest's votes. */
export interface VoteList {
  /** Of each item of its collection, in its order. */
  readonly votes: readonly Marks[];
  readonly pools: readonly Pool[];
}

/**
 * Canonical JSON lines: the contest, how many and the pools, where there are any, then the marks of each item of its
 * collection, in its order.
 */
export function formatVotes(contest: string, { votes, pools }: VoteList): Bytes {
  const lines = votes.map((marks) => canonicalJson(marks as Json));
  return utf8([canonicalJson(headerOf(contest, votes.length, pools)), ...lines, ""].join("\n"));
}

/** Reads the list of marks that was committed for a contest of so many candidates; equal marks are one object. */
export function parseVotes(
  bytes: Bytes,
  claim: FileClaim,
  contest: string,
  candidates: number,
): Result<VoteList, PublicFileFault> {
  const place = `votes of ${contest}`;
  const lines = linesOf(bytes, claim, place);
  if (!lines.ok) return lines;
  const [header, ...votes] = lines.value;
  const pools = poolsIn(header, candidates);
  if (pools === undefined || canonicalJson(header ?? null) !== canonicalJson(headerOf(contest, votes.length, pools))) {
    return err("bad-header", `${place}: line 1 does not name the contest and its ${votes.length} items`);
  }
  const isMark = (mark: Json | undefined): boolean =>
    Array.isArray(mark) && mark.length === 2 && isBelow(mark[0], candidates) && isBelow(mark[1], 256) && mark[1] !== 0;
  const wrong = [...new Set(votes)].find(
    (marks) =>
      marks !== null &&
      // A mark that stood twice would count twice in the totals, and the card could never be opened.
      !(isListOf(marks, isMark) && marks.length <= MAX_CANDIDATES && areInOrder(marks as unknown as Marks)),
  );
  if (wrong !== undefined)
    return err("bad-line", `${place}: line ${votes.indexOf(wrong) + 2} holds no marks of this contest`);
  return ok({ votes: votes as unknown as Marks[], pools });
}

function headerOf(contest: string, count: number, pools: readonly Pool[]): Json {
  const named = pools.map(({ batch, recorded, totals }) => [batch, recorded, totals]);
  return { v: 1, contest, count, ...(pools.length > 0 && { pools: named }) };
}

/** The pools that the first line names, each batch once; `undefined` where they are none. */
function poolsIn(header: Json | undefined, candidates: number): readonly Pool[] | undefined {
  const { pools = [] } = (header ?? {}) as { readonly pools?: Json };
  const isPool = (pool: Json): boolean => {
    const [batch, recorded, totals] = Array.isArray(pool) ? pool : [];
    const isCount = (count: Json | undefined): boolean => isBelow(count, MAX_ITEMS + 1);
    return typeof batch === "string" && isCount(recorded) && isListOf(totals, isCount) && totals.length === candidates;
  };
  if (!isListOf(pools, isPool)) return undefined;
  const read = (pools as unknown as [string, number, number[]][]).map(([batch, recorded, totals]) => {
    return { batch, recorded, totals };
  });
  return new Set(read.map(({ batch }) => batch)).size === read.length ? read : undefined;
}

/** The lines of a file that is the one a statement claims. Few lists of marks differ, so equal lines are read once. */
function linesOf(bytes: Bytes, { digest, size }: FileClaim, place: string): Result<Json[], PublicFileFault> {
  if (bytes.length !== size || toHex(sha256(bytes)) !== digest) {
    return err("wrong-digest", `${place}: not the file that was committed; ask its holder for the one with ${digest}`);
  }
  const text = utf8Decode(bytes);
  if (text === undefined) return err("bad-line", `${place}: is not UTF-8`);
  const known = new Map<string, Json>();
  const lines: Json[] = [];
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? text.length : end);
    let value = known.get(line);
    if (value === undefined) {
      const read = parseCanonicalJson(utf8(line));
      if (read.ok) known.set(line, (value = read.value));
    }
    if (end < 0 || value === undefined || lines.length > MAX_ITEMS) {
      return err("bad-line", `${place}: line ${lines.length + 1} is no line of canonical JSON`);
    }
    lines.push(value);
    from = end + 1;
  }
  return ok(lines);
}

function isListOf(value: Json | undefined, is: (member: Json) => boolean): value is Json[] {
  return Array.isArray(value) && value.every(is);
}

function isPlace(value: Json | undefined): boolean {
  return typeof value === "string" || (Number.isSafeInteger(value) && (value as number) > 0);
}

function isBelow(value: Json | undefined, limit: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < limit;
}

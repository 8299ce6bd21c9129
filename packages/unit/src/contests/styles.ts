import { compareText, err, type Fault, ok, type Result } from "@detente/basics";
import type { CardName, ContestContent, Marks } from "@detente/record";
import type { CardList, Pool } from "./public-files.ts";
import { cardKey } from "./readings.ts";

/** A card as the voting system recorded it: the marks of each contest that is on it, by the contest's id. */
export interface ListedCard {
  readonly card: CardName;
  readonly marks: ReadonlyMap<string, NonNullable<Marks>>;
}

/** The public list of cards, and for a contest its cards with what is recorded of them. */
interface StyledCards {
  readonly list: CardList;
  readonly cards: (contest: string) => Iterable<{ readonly card: CardName; readonly marks: Marks }>;
}

/**
 * Lists all cards of the manifest with their styles. Styles on fewer than `leastStyle` cards are pooled, with as many
 * of the next rarest as it takes for the pool not to be rare itself; a pooled card may hold any contest of the pool, and
 * only an opening says which. So may, of all contests, a card that nothing records. Cards of a batch with totals may hold
 * the contests that have some.
 */
export function styleList(
  { contests, leastStyle }: ContestContent,
  manifest: readonly { readonly name: string; readonly cards: number }[],
  recorded: readonly ListedCard[],
  pools: ContestPools = new Map(),
): Result<StyledCards, Fault<"not-in-manifest" | "duplicate-card">> {
  const ids = contests.map(({ id }) => id);
  const styleOf = ({ marks }: ListedCard): string => ids.filter((id) => marks.has(id)).join("\n");
  const contestsOfBatch = new Map<string, string>();
  for (const id of ids) {
    for (const { batch } of pools.get(id) ?? []) {
      const others = contestsOfBatch.get(batch);
      contestsOfBatch.set(batch, others === undefined ? id : `${others}\n${id}`);
    }
  }
  const placed = placeCards(manifest, recorded, contestsOfBatch);
  if (!placed.ok) return placed;
  const { unrecorded, batches } = placed.value;
  const counts = new Map<string, number>();
  for (const card of recorded) counts.set(styleOf(card), (counts.get(styleOf(card)) ?? 0) + 1);
  const byCount = [...counts].sort((a, b) => a[1] - b[1] || compareText(a[0], b[0]));
  let pooled = unrecorded;
  const pool = new Set<string>();
  for (const [style, count] of byCount) {
    if (count >= leastStyle && (pooled === 0 || pooled >= leastStyle)) break;
    pool.add(style);
    pooled += count;
  }
  const contestsOf = (style: string): string[] => (style === "" ? [] : style.split("\n"));
  const inPool = unrecorded > 0 ? ids : ids.filter((id) => [...pool].some((style) => contestsOf(style).includes(id)));
  const kept = [...counts.keys()].filter((style) => !pool.has(style)).sort(compareText);
  const numbers = new Map(kept.map((style, i) => [style, i]));
  const numberOf = (card: ListedCard | undefined): number =>
    card === undefined ? kept.length : (numbers.get(styleOf(card)) ?? kept.length);
  const ofBatches = [...new Set(contestsOfBatch.values())].sort(compareText);
  const single = [...kept.map(contestsOf), ...(pooled > 0 ? [inPool] : [])];
  const numberIn = (batch: string, card: ListedCard | undefined): number => {
    const style = contestsOfBatch.get(batch);
    return style === undefined ? numberOf(card) : single.length + ofBatches.indexOf(style);
  };
  const list: CardList = {
    styles: [...single, ...ofBatches.map(contestsOf)],
    batches: batches.map(({ name, cards }) => ({
      name,
      cards: cards.map(({ place, card }): [number | string, number] => [place, numberIn(name, card)]),
    })),
  };
  return ok({
    list,
    *cards(contest) {
      for (const { name, cards } of batches) {
        if (contestsOfBatch.has(name)) continue;
        for (const { place, card } of cards) {
          if (list.styles[numberOf(card)]?.includes(contest) !== true) continue;
          yield { card: [name, place], marks: card?.marks.get(contest) ?? null };
        }
      }
    },
  });
}

/** By id of the contest: batches of which there are no records, but totals. */
export type ContestPools = ReadonlyMap<string, readonly Pool[]>;

interface PlacedBatch {
  readonly name: string;
  readonly cards: readonly { readonly place: number | string; readonly card: ListedCard | undefined }[];
}

/** Puts the recorded cards where the manifest says that cards are. */
function placeCards(
  manifest: readonly { readonly name: string; readonly cards: number }[],
  recorded: readonly ListedCard[],
  pooled: ReadonlyMap<string, string>,
): Result<
  { readonly batches: readonly PlacedBatch[]; readonly unrecorded: number },
  Fault<"not-in-manifest" | "duplicate-card">
> {
  const byBatch = new Map(manifest.map(({ name }) => [name, new Map<number | string, ListedCard>()]));
  for (const each of recorded) {
    const [name, place] = each.card;
    const batch = byBatch.get(name);
    if (batch === undefined)
      return err("not-in-manifest", `card ${cardKey(each.card)}: the manifest has no such batch`);
    if (pooled.has(name)) return err("duplicate-card", `card ${cardKey(each.card)}: its batch is a pool, with totals`);
    if (batch.has(place)) return err("duplicate-card", `card ${cardKey(each.card)}: is recorded twice`);
    batch.set(place, each);
  }
  let unrecorded = 0;
  const batches: PlacedBatch[] = [];
  for (const { name, cards } of manifest) {
    const known = byBatch.get(name) ?? new Map<number | string, ListedCard>();
    const isNumbered = [...known.keys()].every((place) => typeof place === "number");
    const beyond = [...known.keys()].find((place) => typeof place === "number" && place > cards);
    if (beyond !== undefined || known.size > cards) {
      return err("not-in-manifest", `batch ${name}: more cards are recorded than the ${cards} of the manifest`);
    }
    // Imprinted numbers are not positions: a card that bears an unknown one has no name, and is a phantom by the bound.
    const places = isNumbered ? Array.from({ length: cards }, (_, i) => i + 1) : [...known.keys()];
    if (!pooled.has(name)) unrecorded += places.length - known.size;
    batches.push({ name, cards: places.map((place) => ({ place, card: known.get(place) })) });
  }
  return ok({ batches, unrecorded });
}

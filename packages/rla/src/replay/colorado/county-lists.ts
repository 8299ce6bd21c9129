import { drawColorado } from "../../draw/colorado.ts";
import { checked, type Published, type ReplayLine, unchecked } from "../lines.ts";
import type { ColoradoAudit } from "./audit.ts";
import { cardAt, type County, countyKey } from "./counties.ts";
import type { ListedCard } from "./tables.ts";

/** More than any county has drawn. */
const MOST_DRAWS = 100_000;

/**
 * The cards of each county's list against draws from all its cards, as Colorado's first audits (2017, 2018) were
 * published: without the contests, so that nobody can say how many were drawn. Draws go on until all listed cards have
 * come; if one comes before that is not listed, what is left of the list was drawn for something else, or wrongly.
 */
export function countyListLines({ listed, counties, seed }: ColoradoAudit): ReplayLine[] {
  const lists = new Map<string, ListedCard[]>();
  for (const card of listed) {
    const list = lists.get(countyKey(card.county));
    if (list === undefined) lists.set(countyKey(card.county), [card]);
    else list.push(card);
  }
  return [...lists].flatMap(([key, cards]) => {
    const county = counties.get(key);
    const missing =
      seed === undefined
        ? "give the seed along"
        : county === undefined || county.cards === 0
          ? `give the manifest of ${cards[0]?.county ?? key} along`
          : undefined;
    if (missing !== undefined) return cards.map((card) => unchecked(lineOf(card), missing));
    return linesOf(cards, county as County, seed as string);
  });
}

function linesOf(cards: readonly ListedCard[], county: County, seed: string): ReplayLine[] {
  const waiting = new Set(cards.map(({ imprint }) => imprint));
  const isListed = new Set(waiting);
  const draws = new Map<string, number>();
  let stranger: string | undefined;
  const most = Math.min(MOST_DRAWS, county.cards * 20);
  // Drawn in pieces that double: most lists are short, and where the last of them ends is what is looked for.
  for (let [drawn, count] = [0, 64]; waiting.size > 0 && stranger === undefined && drawn < most; count *= 2) {
    const numbers = drawColorado({ seed, cards: county.cards, count: Math.min(count, most), withReplacement: true });
    for (; drawn < numbers.length && waiting.size > 0 && stranger === undefined; drawn++) {
      const { imprint } = cardAt([county], numbers[drawn] as number) as { imprint: string };
      if (!isListed.has(imprint)) stranger = `draw ${drawn + 1} is ${imprint}, which is not listed`;
      else if (waiting.delete(imprint)) draws.set(imprint, drawn + 1);
    }
  }
  return cards.map((card) => {
    const draw = draws.get(card.imprint);
    if (draw !== undefined) return checked(lineOf(card), "listed", `draw ${draw}`);
    const note = `not drawn from the cards of ${county.name}: ${stranger ?? `not in ${most} draws`}`;
    return unchecked(lineOf(card), `${note}; for a contest of several counties give contest.csv along`);
  });
}

function lineOf({ county, imprint, file, line }: ListedCard): Published {
  return { step: "draw", contest: undefined, file, line, what: `${county}, ${imprint}`, published: "listed" };
}

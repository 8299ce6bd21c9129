import { drawColorado } from "../../draw/colorado.ts";
import { checked, type Published, type ReplayLine, unchecked } from "../lines.ts";
import type { ColoradoAudit } from "./audit.ts";
import { cardAt, type County, countyKey, inCountyOrder } from "./counties.ts";
import type { ContestStanding } from "./tables.ts";

interface DrawnCard {
  readonly county: string;
  readonly imprint: string;
}

interface ContestDraw {
  readonly counties: readonly County[];
  /** Cards of all its counties. */
  readonly cards: number;
  readonly drawn: readonly DrawnCard[];
}

/** Draws for a contest again, so many cards; a text says what is missing for that. */
function drawFor(contest: string, count: number, audit: ColoradoAudit): ContestDraw | string {
  const { seed, choices, comparisons } = audit;
  // Each county once, and called as the comparisons call it, whatever its manifest says.
  const rows = [...(choices.get(contest) ?? []), ...(comparisons.get(contest) ?? [])];
  const names = new Map(rows.map(({ county }) => [countyKey(county), county]));
  const missing = [...names].flatMap(([key, name]) => (audit.counties.has(key) ? [] : [name]));
  if (seed === undefined) return "give the seed along";
  if (names.size === 0) return "nothing tells its counties; give tabulate.csv along";
  if (missing.length > 0) return `give the manifest of ${missing.join(", ")} along`;
  const counties = inCountyOrder(
    Array.from(names, ([key, name]) => ({ ...(audit.counties.get(key) as County), name })),
  );
  const cards = counties.reduce((sum, county) => sum + county.cards, 0);
  if (cards === 0) return "its manifests hold no cards";
  const numbers = drawColorado({ seed, cards, count, withReplacement: true });
  return { counties, cards, drawn: numbers.map((number) => cardAt(counties, number) as DrawnCard) };
}

/** The cards that were drawn for a contest: county by county where it is in several, in the order of the draw. */
export function drawLines({ name, file, line, cards }: ContestStanding, audit: ColoradoAudit): ReplayLine[] {
  const selection = audit.selections.get(name);
  if (selection === undefined || selection.records.length === 0) return [];
  const { records } = selection;
  const place = { step: "draw", contest: name, file: selection.file, line: selection.line } as const;
  const draw = drawFor(name, records.length, audit);
  if (typeof draw === "string")
    return [unchecked({ ...place, what: "all draws", published: `${records.length} drawn` }, draw)];
  const size: Published = { step: "input", contest: name, file, line, what: "ballot cards", published: String(cards) };
  const published = records.map((record) => audit.imprints.get(record));
  const lines =
    draw.counties.length === 1 ? inOrder(place, records, published, draw) : byCounty(place, published, draw);
  return [checked(size, String(draw.cards), "cards of the manifests"), ...lines];
}

type Place = Omit<Published, "what" | "published">;

function inOrder(
  place: Place,
  records: readonly string[],
  published: readonly (string | undefined)[],
  { drawn }: ContestDraw,
): ReplayLine[] {
  return records.map((record, i) => {
    const draw = { ...place, what: `draw ${i + 1}`, published: published[i] ?? `record ${record}` };
    const computed = textOf(drawn[i]);
    if (published[i] !== undefined) return checked(draw, computed);
    return unchecked(draw, `no comparison names the record; the draw is ${computed}`);
  });
}

/** Within a county the list is in the order of the draw, rounds follow one another; counties are listed in turn. */
function byCounty(
  place: Place,
  published: readonly (string | undefined)[],
  { counties, drawn }: ContestDraw,
): ReplayLine[] {
  const hasAll = published.every((card) => card !== undefined);
  return counties.flatMap(({ name }) => {
    const listed = published.filter(
      (card) => card !== undefined && countyKey(card.slice(0, card.lastIndexOf(","))) === countyKey(name),
    );
    const own = drawn.filter(({ county }) => county === name).map(textOf);
    return Array.from({ length: Math.max(listed.length, own.length) }, (_, i) => {
      const draw = { ...place, what: `draw ${i + 1} of ${name}`, published: listed[i] ?? "none" };
      const computed = own[i] ?? "none";
      return hasAll
        ? checked(draw, computed)
        : unchecked(draw, `some records have no comparison; the draw is ${computed}`);
    });
  });
}

function textOf(card: DrawnCard | undefined): string {
  return card === undefined ? "none" : `${card.county}, ${card.imprint}`;
}

/** Cards that counties were told to fetch: each was drawn for some contest, and all that were drawn are listed. */
export function listLines(standings: readonly ContestStanding[], audit: ColoradoAudit): ReplayLine[] {
  if (audit.listed.length === 0) return [];
  const draws = standings.flatMap(({ name, reason, optimistic = 0, audited = 0 }) => {
    // A later round may have asked for more than the size that was published first.
    const size = /opportunistic/.test(reason) ? 0 : Math.max(optimistic, audited);
    const count = audit.selections.get(name)?.records.length ?? size;
    return count === 0 ? [] : [{ name, draw: drawFor(name, count, audit) }];
  });
  const contests = new Map<string, string>();
  for (const { name, draw } of draws) {
    if (typeof draw === "string") continue;
    for (const { county, imprint } of draw.drawn) contests.set(`${countyKey(county)}, ${imprint}`, name);
  }
  const [missing] = draws.flatMap(({ name, draw }) => (typeof draw === "string" ? [`${name}: ${draw}`] : []));
  const lines = audit.listed.map(({ county, imprint, file, line }): ReplayLine => {
    const place = { step: "draw", contest: contests.get(`${countyKey(county)}, ${imprint}`), file, line } as const;
    const card: Published = { ...place, what: `${county}, ${imprint}`, published: "listed" };
    if (place.contest !== undefined) return checked(card, "listed", `drawn for ${place.contest}`);
    if (missing !== undefined) return unchecked(card, missing);
    return checked(card, "not drawn");
  });
  if (missing !== undefined) return lines;
  const counties = new Map(audit.listed.map((card) => [countyKey(card.county), card]));
  const sizes = Array.from(counties, ([key, { county, file }]) => {
    const listed = new Set(audit.listed.filter((card) => countyKey(card.county) === key).map(({ imprint }) => imprint))
      .size;
    const drawn = [...contests.keys()].filter((card) => card.startsWith(`${key}, `)).length;
    const place = { step: "size", contest: undefined, file, line: 1, what: `different cards of ${county}` } as const;
    return checked({ ...place, published: String(listed) }, String(drawn));
  });
  return [...lines, ...sizes];
}

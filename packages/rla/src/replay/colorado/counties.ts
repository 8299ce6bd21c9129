import { compareText } from "@detente/basics";
import type { BallotManifest } from "../../read/manifest.ts";

/** A batch of a county. */
interface CountyBatch {
  readonly tabulator: string;
  readonly batch: string;
  readonly cards: number;
}

export interface County {
  readonly name: string;
  readonly batches: readonly CountyBatch[];
  readonly cards: number;
}

/** Whether two files mean the same county: by name, without regard to case, blanks and the word county. */
export function countyKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/\bcounty\b/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Manifests by county, each in the order of its file, which is the order that draws go by. */
export function countiesOf(
  manifests: readonly { readonly manifest: BallotManifest; readonly name: string }[],
): Map<string, County> {
  const counties = new Map<string, { name: string; batches: CountyBatch[]; cards: number }>();
  for (const { manifest, name } of manifests) {
    for (const { county = name, tabulator = "", name: batch, cards } of manifest.batches) {
      // A county that the manifest only numbers is called as its file is.
      const called = /^\d+$/.test(county) ? name : county;
      const of = counties.get(countyKey(called)) ?? { name: called, batches: [], cards: 0 };
      of.batches.push({ tabulator, batch, cards });
      of.cards += cards;
      counties.set(countyKey(called), of);
    }
  }
  return counties;
}

/** In which Colorado numbers its counties: by name, but Broomfield, the youngest, is the last. */
export function inCountyOrder(counties: readonly County[]): County[] {
  const rank = ({ name }: County): string => (countyKey(name) === "broomfield" ? "~" : countyKey(name));
  return [...counties].sort((a, b) => compareText(rank(a), rank(b)));
}

/** The card with a number, from 1, when the counties lie one behind the other: its county, and its imprinted id. */
export function cardAt(counties: readonly County[], number: number): { county: string; imprint: string } | undefined {
  let rest = number;
  for (const { name, batches, cards } of counties) {
    if (rest > cards) {
      rest -= cards;
      continue;
    }
    for (const { tabulator, batch, cards: size } of batches) {
      if (rest <= size) return { county: name, imprint: `${tabulator}-${batch}-${rest}` };
      rest -= size;
    }
  }
  return undefined;
}

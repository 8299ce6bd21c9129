import { compareText, ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import { type ReadFault, refuse } from "../../read/fault.ts";
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

export interface NamedManifest {
  readonly manifest: BallotManifest;
  /** The county, where the manifest does not say it. */
  readonly name: string;
  readonly file: string;
}

/**
 * Manifests by county, each in the order of its file, which is the order that draws go by. A county may have several
 * files; a copy of one counts once, and one that says something else of the same batches is a fault.
 */
export function countiesOf(manifests: readonly NamedManifest[]): Result<Map<string, County>, ReadFault> {
  const counties = new Map<string, { name: string; batches: CountyBatch[]; cards: number }>();
  const sources = new Map<string, Source>();
  for (const { manifest, name, file } of manifests) {
    const own = new Map<string, { called: string; batches: CountyBatch[] }>();
    for (const { county = name, tabulator = "", name: batch, cards } of manifest.batches) {
      // A county that the manifest only numbers is called as its file is.
      const called = /^\d+$/.test(county) ? name : county;
      const of = own.get(countyKey(called)) ?? { called, batches: [] };
      of.batches.push({ tabulator, batch, cards });
      own.set(countyKey(called), of);
    }
    for (const [key, { called, batches }] of own) {
      const ids = batches.map(({ tabulator, batch }) => JSON.stringify([key, tabulator, batch]));
      const known = ids.map((id) => sources.get(id)).find((source) => source !== undefined);
      const content = JSON.stringify(batches);
      if (known?.content === content) continue;
      if (known !== undefined) {
        const message = `says something else of ${quote(called)} than ${known.file}; give one of them`;
        return refuse(file, 1, "duplicate-id", message);
      }
      for (const id of ids) sources.set(id, { file, content });
      const of = counties.get(key) ?? { name: called, batches: [], cards: 0 };
      of.batches.push(...batches);
      of.cards += batches.reduce((sum, { cards }) => sum + cards, 0);
      counties.set(key, of);
    }
  }
  return ok(counties);
}

interface Source {
  readonly file: string;
  readonly content: string;
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

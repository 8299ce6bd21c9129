import type { Tlp } from "@detente/record";
import { confidenceOf } from "../marking/confidence.ts";
import { type Marking, strictestTlp } from "../marking/tlp.ts";

/** What the tags on an attribute, those of its event included, come to. */
export interface TagMeaning {
  /** Tags that mean nothing to us, galaxies among them, as labels. */
  readonly labels: readonly string[];
  readonly marking: Marking;
  /** 0 to 100. */
  readonly confidence: number | undefined;
  /** The id that an indicator had before it was exported from here. */
  readonly source: string | undefined;
}

/** MISP's taxonomy `misp`, predicate `confidence-level`, with the numbers that it gives to its words. */
const CONFIDENCE_LEVELS: Readonly<Record<string, number>> = {
  "completely-confident": 100,
  "usually-confident": 75,
  "fairly-confident": 50,
  "rarely-confident": 25,
  unconfident: 0,
};

const LEVEL_TAG = /^misp:confidence-level="(.*)"$/;
const CONFIDENCE_TAG = /^detente:confidence="(100|[1-9]?[0-9])"$/;
const SOURCE_TAG = /^detente:source="(.*)"$/;
/** MISP's taxonomy `admiralty-scale`; also kept as a label, for the scale says more than the number. */
const CREDIBILITY_TAG = /^admiralty-scale:information-credibility="([1-6])"$/;

const TLP_TAGS: ReadonlyMap<string, Tlp> = new Map([
  ["tlp:clear", "clear"],
  ["tlp:white", "clear"],
  ["tlp:green", "green"],
  ["tlp:amber", "amber"],
  ["tlp:amber+strict", "amber+strict"],
  ["tlp:red", "red"],
]);

/**
 * Reads tags (MISP taxonomy format: `namespace:predicate="value"`). TLP, MISP's confidence levels and what
 * `confidenceTag` and `sourceTag` wrote are understood and taken out; all else is kept as labels.
 * @param names the attribute's own tags first: its confidence stands before the event's
 */
export function meaningOf(names: readonly string[]): TagMeaning {
  const labels: string[] = [];
  const tlps: Tlp[] = [];
  const unknown: string[] = [];
  let confidence: number | undefined;
  let admiralty: number | undefined;
  let source: string | undefined;
  for (const name of names) {
    const lower = name.trim().toLowerCase();
    const tlp = TLP_TAGS.get(lower);
    const stated = CONFIDENCE_TAG.exec(name)?.[1];
    const level = LEVEL_TAG.exec(name)?.[1] ?? "";
    const before = SOURCE_TAG.exec(name)?.[1];
    if (tlp !== undefined) tlps.push(tlp);
    else if (isMarking(name)) unknown.push(name);
    else if (stated !== undefined) confidence ??= Number(stated);
    else if (Object.hasOwn(CONFIDENCE_LEVELS, level)) confidence ??= CONFIDENCE_LEVELS[level];
    else if (before !== undefined) source ??= before;
    else {
      const grade = CREDIBILITY_TAG.exec(name)?.[1];
      if (grade !== undefined) admiralty ??= confidenceOf("admiralty", grade);
      labels.push(name);
    }
  }
  return {
    labels,
    marking: { tlp: strictestTlp(tlps), statements: [], unknown },
    confidence: confidence ?? admiralty,
    source,
  };
}

/** Whether a tag restricts who may have what it is on. */
export function isMarking(name: string): boolean {
  return name.trim().toLowerCase().startsWith("tlp:");
}

/** A confidence as a tag: MISP's own where it has one for the number. `undefined` where the labels say it already. */
export function confidenceTag(confidence: number, labels: readonly string[]): string | undefined {
  if (meaningOf(labels).confidence === confidence) return undefined;
  const level = Object.entries(CONFIDENCE_LEVELS).find(([, value]) => value === confidence)?.[0];
  return level === undefined ? `detente:confidence="${confidence}"` : `misp:confidence-level="${level}"`;
}

export function sourceTag(source: string): string {
  return `detente:source="${source}"`;
}

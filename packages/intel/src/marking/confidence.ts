/**
 * The scales by which people say how sure they are, and what they are in STIX's 0 to 100 (STIX 2.1 appendix A). A word
 * means something else on each, so a scale is always named. `icd-203` is not in STIX: the bands of the US intelligence
 * community's directive differ from those of `dni` there.
 */
export type ConfidenceScale = "none-low-med-high" | "0-10" | "admiralty" | "wep" | "dni" | "icd-203";

interface Step {
  readonly word: string;
  /** What the word is as a number. */
  readonly value: number;
  /** The least number that is this word; up to the next step's. */
  readonly from: number;
}

const SCALES: Readonly<Record<ConfidenceScale, readonly Step[]>> = {
  "none-low-med-high": steps([
    ["None", 0, 0],
    ["Low", 15, 1],
    ["Med", 50, 30],
    ["High", 85, 70],
  ]),
  "0-10": steps(Array.from({ length: 11 }, (_, i) => [`${i}`, 10 * i, Math.max(0, 10 * i - 5)])),
  admiralty: steps([
    ["5", 10, 0],
    ["4", 30, 20],
    ["3", 50, 40],
    ["2", 70, 60],
    ["1", 90, 80],
  ]),
  wep: steps([
    ["Impossible", 0, 0],
    ["Highly Unlikely/Almost Certainly Not", 10, 1],
    ["Unlikely/Probably Not", 30, 20],
    ["Even Chance", 50, 40],
    ["Likely/Probable", 70, 60],
    ["Highly likely/Almost Certain", 90, 80],
    ["Certain", 100, 100],
  ]),
  dni: steps([
    ["Almost No Chance/Remote", 5, 0],
    ["Very Unlikely/Highly Improbable", 15, 10],
    ["Unlikely/Improbable", 30, 20],
    ["Roughly Even Chance/Roughly Even Odds", 50, 40],
    ["Likely/Probable", 70, 60],
    ["Very Likely/Highly Probable", 85, 80],
    ["Almost Certain/Nearly Certain", 95, 90],
  ]),
  // Numbers in the middle of the directive's bands, rounded down; 0 and 100 are outside of all.
  "icd-203": steps([
    ["Almost no chance/Remote", 3, 1],
    ["Very unlikely/Highly improbable", 12, 5],
    ["Unlikely/Improbable", 32, 20],
    ["Roughly even chance/Roughly even odds", 50, 45],
    ["Likely/Probable", 67, 55],
    ["Very likely/Highly probable", 87, 80],
    ["Almost certain/Nearly certain", 97, 95],
  ]),
};

/**
 * The number of a word on a scale, capitals aside, either half of a word with a slash; `undefined` for a word that the
 * scale does not have, and for `6` of the Admiralty scale, which says that nothing can be said.
 */
export function confidenceOf(scale: ConfidenceScale, word: string): number | undefined {
  const wanted = word.trim().toLowerCase();
  return SCALES[scale].find((step) => {
    const known = step.word.toLowerCase();
    return known === wanted || known.split("/").includes(wanted);
  })?.value;
}

/** The word for a number from 0 to 100 on a scale; `undefined` where the scale has none. */
export function confidenceWord(scale: ConfidenceScale, confidence: number): string | undefined {
  if (!Number.isInteger(confidence) || confidence < 0 || confidence > (scale === "icd-203" ? 99 : 100))
    return undefined;
  return SCALES[scale].findLast(({ from }) => confidence >= from)?.word;
}

function steps(rows: readonly (readonly [string, number, number])[]): readonly Step[] {
  return rows.map(([word, value, from]) => ({ word, value, from }));
}

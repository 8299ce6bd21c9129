import { assert, sha256, utf8 } from "@detente/basics";
import { residue } from "./residue.ts";

export interface ColoradoDraw {
  /** The digits thrown with dice, as published. */
  readonly seed: string;
  /** How many cards there are: cards have numbers 1 to `cards`. At most 2^37. */
  readonly cards: number;
  readonly count: number;
  /** Without replacement a number that was drawn before is passed over, and the next one counts. */
  readonly withReplacement: boolean;
}

/**
 * The numbers that Colorado's audits draw, in order: 1 + SHA-256(`seed,i`) mod `cards` for i = 1, 2, … (Colorado's
 * 8 CCR 1505-1, Rule 25; the generator of Rivest and Stark). Without replacement at most `cards` of them come.
 */
export function drawColorado({ seed, cards, count, withReplacement }: ColoradoDraw): number[] {
  assert(Number.isSafeInteger(cards) && cards > 0 && cards <= 2 ** 37, "there are 1 to 2^37 cards");
  const most = withReplacement ? count : Math.min(count, cards);
  const drawn: number[] = [];
  const seen = new Set<number>();
  for (let i = 1; drawn.length < most; i++) {
    const number = 1 + residue(sha256(utf8(`${seed},${i}`)), cards);
    if (!withReplacement) {
      if (seen.has(number)) continue;
      seen.add(number);
    }
    drawn.push(number);
  }
  return drawn;
}

import type { HitClass, HitIndicator } from "../hit.ts";
import type { IndicatorIndex } from "../indicator-index.ts";

/** Reports that an indicator stands in a text from `start` to `end` (offsets in that text). */
type Report<Ref> = (indicator: HitIndicator<Ref>, start: number, end: number, as: HitClass) => void;

/** What the finders of one piece share. */
export interface Search<Ref> {
  readonly text: string;
  readonly index: IndicatorIndex<Ref>;
  /** Whether the piece is a field of its own, so that filling it means something. */
  readonly isField: boolean;
  readonly report: Report<Ref>;
}

/** A token that fills its field, but for the dot that ends a fully qualified name. */
export function fillsField({ text, isField }: { text: string; isField: boolean }, start: number, end: number): boolean {
  return isField && start === 0 && (end === text.length || (end === text.length - 1 && text.endsWith(".")));
}

/** The kinds of characters of name tokens, as bits. */
const LETTER = 1;
const DIGIT = 2;
const DOT = 4;
const HYPHEN = 8;
const HIGH = 16;

/**
 * Characters of a name token: letters, digits, `-`, `_`, `.` and every byte from 0x80 on. Everything else ends a
 * token. By table, not by `| 0x20`, under which `@` and a backtick would be one.
 */
const CLASSES: Uint8Array = Uint8Array.from({ length: 256 }, (_, code) => {
  if (code >= 0x80) return HIGH;
  const character = String.fromCharCode(code);
  if (character === ".") return DOT;
  if (character === "-") return HYPHEN;
  return /[0-9]/.test(character) ? DIGIT : /[A-Za-z_]/.test(character) ? LETTER : 0;
});

export function isNameCode(code: number): boolean {
  return (CLASSES[code] as number) !== 0;
}

/** A maximal run of name characters, and of what kinds they are. */
export interface NameRun {
  readonly start: number;
  readonly end: number;
  readonly hasDot: boolean;
  /** Bytes beyond ASCII. */
  readonly hasHigh: boolean;
  /** Digits, dots and hyphens only: it may be an address, it is no name. */
  readonly isNumeric: boolean;
}

/** Visits the runs of name characters that may be something: with a dot, beyond ASCII, or as long as a digest. */
export function eachNameRun(text: string, visit: (run: NameRun) => void): void {
  for (let at = 0; at < text.length; at++) {
    let classes = CLASSES[text.charCodeAt(at)] as number;
    if (classes === 0) continue;
    const start = at;
    for (let next = classes; next !== 0 && ++at < text.length; classes |= next) {
      next = CLASSES[text.charCodeAt(at)] as number;
    }
    const run = runOf(classes, start, at);
    if (run.hasDot || run.hasHigh || at - start >= SHORTEST_DIGEST) visit(run);
  }
}

/**
 * The run that a text is if it is one, in ASCII. As most fields of most logs are: no escape is to be undone in them, no
 * disguise, and nothing found that is more than a name, an IPv4 address or a digest.
 */
export function plainRun(text: string): NameRun | undefined {
  let classes = 0;
  for (let at = 0; at < text.length; at++) {
    const next = CLASSES[text.charCodeAt(at)] as number;
    if (next === 0 || next === HIGH) return undefined;
    classes |= next;
  }
  return runOf(classes, 0, text.length);
}

function runOf(classes: number, start: number, end: number): NameRun {
  return {
    start,
    end,
    hasDot: (classes & DOT) !== 0,
    hasHigh: (classes & HIGH) !== 0,
    isNumeric: (classes & (LETTER | HIGH)) === 0,
  };
}

/** Hexadecimal digits of an MD5 digest. */
export const SHORTEST_DIGEST = 32;

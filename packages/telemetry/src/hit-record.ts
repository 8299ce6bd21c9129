import { sha256, toHex, utf8 } from "@detente/basics";
import type { IndicatorKind } from "@detente/record";
import type { Hit, HitClass } from "@detente/screen";

/** A hit as it is written down: with the log it is in, and an id by which it is known again. */
export interface HitRecord<Ref> {
  /** 32 hexadecimal digits; the same hit of the same log under the same list of indicators has the same id. */
  readonly id: string;
  /** The log's name when it was screened. */
  readonly file: string;
  /** Which log it was, whatever its name became. */
  readonly input: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in bytes. */
  readonly column: number;
  readonly field: string;
  /** When the line says it happened, milliseconds since the epoch. */
  readonly time: number | null;
  readonly class: HitClass;
  readonly match: string;
  /** In mail, the line where the message begins. */
  readonly message?: number;
  /** The text around it in its line, if that was asked for. */
  readonly context?: string;
  readonly indicator: { readonly kind: IndicatorKind; readonly value: string };
  /** Where the indicator came from; null for one of no share. */
  readonly from: Ref | null;
}

/** The log that a hit is in, and under which list of indicators it was found. */
export interface Place {
  readonly file: string;
  readonly input: string;
  /** The list's version. */
  readonly list: string;
}

/** Writes a hit down. Its line's number in the log is as good for its id as the line's offset. */
export function hitRecord<Ref>({ file, input, list }: Place, hit: Hit<Ref>): HitRecord<Ref> {
  const { line, column, field, time, class: as, match, message, context } = hit;
  const { kind, value, ref } = hit.indicator;
  const id = digest([input, line, column, kind, value, list, ref ?? null]);
  return {
    id,
    file,
    input,
    line,
    column,
    field,
    time,
    class: as,
    match,
    ...(message === undefined ? {} : { message }),
    ...(context === undefined ? {} : { context }),
    indicator: { kind, value },
    from: ref ?? null,
  };
}

/** 32 hexadecimal digits of the SHA-256 of values as JSON. */
export function digest(values: readonly unknown[]): string {
  return toHex(sha256(utf8(JSON.stringify(values))).subarray(0, 16));
}

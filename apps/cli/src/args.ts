import { parseTime } from "@detente/intel/time";
import type { TypedPositionalParameter } from "@stricli/core";
import type { Context } from "./context.ts";

/** Parsers throw what the person reads after the flag's name. */
export function wholeNumber(text: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw new Error(`"${text}" is not a whole number`);
  return Number(text);
}

const UNITS = ["", "k", "m", "g", "t"];

/** Bytes from `64GiB`, `64G` or `1048576`: units of 1024. */
export function size(text: string): number {
  const parts = /^([0-9]{1,12})\s*([kmgt]?)(?:i?b)?$/i.exec(text);
  if (parts === null) throw new Error(`"${text}" is not a size; write it as 64GiB`);
  return Number(parts[1]) * 1024 ** UNITS.indexOf((parts[2] as string).toLowerCase());
}

/** Milliseconds since the epoch from what people and logs write. */
export function time(text: string): number {
  const parsed = parseTime(text);
  if (parsed === undefined) throw new Error(`"${text}" is not a time; write it as 2026-11-03T18:00:00Z`);
  return parsed;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds from `90s`, `15m`, `1h` or `2d`. */
export function seconds(text: string): number {
  const parts = /^([0-9]{1,9})([smhd])$/.exec(text);
  if (parts === null) throw new Error(`"${text}" is not a span of time; write it as 15m or 1h`);
  return Number(parts[1]) * (SECONDS[parts[2] as string] as number);
}

export interface ItemName {
  /** A share's hash or the beginning of one. */
  readonly share: string;
  readonly index: number;
}

/** `SHARE:INDEX`, as `detente intel` and `detente screen` print it. */
export function itemName(text: string): ItemName {
  const parts = /^([0-9a-f]+):([0-9]{1,8})$/.exec(text);
  if (parts === null) throw new Error(`"${text}" is not SHARE:INDEX, such as 1a2b3c4d5e6f:17`);
  return { share: parts[1] as string, index: Number(parts[2]) };
}

export interface OptionalFlag<T> {
  readonly kind: "parsed";
  readonly parse: (text: string) => T;
  readonly brief: string;
  readonly placeholder: string;
  readonly optional: true;
}

export function optional<T>(parse: (text: string) => T, placeholder: string, brief: string): OptionalFlag<T> {
  return { kind: "parsed", parse, brief, placeholder, optional: true };
}

export function required<T>(
  parse: (text: string) => T,
  placeholder: string,
  brief: string,
): Omit<OptionalFlag<T>, "optional"> {
  return { kind: "parsed", parse, brief, placeholder };
}

/** `a,b` or the flag several times. */
export function list(placeholder: string, brief: string): OptionalFlag<string> & { readonly variadic: "," } {
  return { ...optional(String, placeholder, brief), variadic: "," };
}

export function yes(brief: string): { readonly kind: "boolean"; readonly brief: string; readonly default: false } {
  return { kind: "boolean", brief, default: false };
}

interface Tuple<P extends readonly unknown[]> {
  readonly kind: "tuple";
  readonly parameters: P;
}

/** One positional argument. */
export function one<T>(
  parse: (text: string) => T,
  placeholder: string,
  brief: string,
): Tuple<readonly [{ readonly parse: (text: string) => T; readonly placeholder: string; readonly brief: string }]> {
  return { kind: "tuple", parameters: [{ parse, placeholder, brief }] };
}

/** At least one of the same. */
export function several(
  placeholder: string,
  brief: string,
  minimum = 1,
): { readonly kind: "array"; readonly parameter: TypedPositionalParameter<string, Context>; readonly minimum: number } {
  return { kind: "array", parameter: { parse: String, placeholder, brief }, minimum };
}

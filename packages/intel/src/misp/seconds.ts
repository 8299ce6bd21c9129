import { textOf } from "../read/json-document.ts";

/** Seconds since 1970, which MISP writes as a text and others as a number; `undefined` for what is none. */
export function secondsOf(value: unknown): number | undefined {
  const text = textOf(value);
  return /^[0-9]{1,12}$/.test(text) ? Number(text) : undefined;
}

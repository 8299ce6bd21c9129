import { type Bytes, utf8Decode } from "@detente/basics";
import { cleanText } from "@detente/intel";

/** An object as a status names it (TAXII 2.1 §4.3.1). */
export interface StatedName {
  readonly id: string;
  readonly version: string;
}

/** Of an id that is none. */
const MAX_TEXT = 300;

/**
 * How a refused object calls itself, for its sender to know it by: `id`, and `modified`, else `created`. What cannot be
 * read of it is as said otherwise.
 */
export function statedName(bytes: Bytes | undefined, otherwise: StatedName): StatedName {
  const { id, modified, created } = membersOf(bytes);
  const text = (value: unknown): string | undefined =>
    typeof value === "string" && value !== "" ? cleanText(value, MAX_TEXT) : undefined;
  return { id: text(id) ?? otherwise.id, version: text(modified) ?? text(created) ?? otherwise.version };
}

function membersOf(bytes: Bytes | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes === undefined ? "" : (utf8Decode(bytes) ?? ""));
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

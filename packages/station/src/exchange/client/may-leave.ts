import { utf8Decode } from "@detente/basics";
import { isStricter, markingOf } from "@detente/intel";
import type { Tlp } from "@detente/record";
import type { StoredObject } from "@detente/store";

type Fields = { readonly [member: string]: unknown };

/**
 * Judges objects before they go to a server outside: why one must not leave, `undefined` if it may. What bears no
 * marking may; a marking whose definition is not at hand excludes everybody.
 * @param strictest the strictest TLP label that the server outside may get
 * @param definitions marking definitions that are no TLP, by id
 */
export function mayLeave(
  strictest: Tlp,
  definitions: ReadonlyMap<string, Fields> = new Map(),
): (object: Pick<StoredObject, "bytes">) => string | undefined {
  return ({ bytes }) => {
    const { tlp, unknown } = markingOf(JSON.parse(utf8Decode(bytes) ?? "{}") as Fields, definitions);
    const [first] = unknown;
    if (first !== undefined) return `is marked with ${first}, whose definition is not at hand`;
    return tlp !== undefined && isStricter(tlp, strictest)
      ? `is TLP:${tlp.toUpperCase()}, and TLP:${strictest.toUpperCase()} is the strictest that may leave`
      : undefined;
  };
}

import { err, type Fault, ok, type Result, utf8, utf8Decode } from "@detente/basics";
import { canonicalIndicator } from "@detente/intel/canonical";
import { INDICATOR_KINDS } from "@detente/record/vocabulary";
import type { HitIndicator, IndexedItem } from "@detente/screen";
import { WatchList } from "../watch-list/watch-list.ts";
import { isIn } from "./forms.ts";

/** What is looked for, in canonical form; workers know an indicator by its place, and where it came from stays here. */
export function listIndicators<Ref>(items: Iterable<IndexedItem<Ref>>): HitIndicator<Ref>[] {
  const list: HitIndicator<Ref>[] = [];
  for (const { kind, value, ref } of items) {
    const canonical = canonicalIndicator(value, [kind]);
    if (canonical.ok) list.push({ kind: canonical.value.kind, value: canonical.value.value, ref });
  }
  return list;
}

/** The list as it travels: a line `kind value` for each. */
export function listBytes(list: readonly HitIndicator<unknown>[]): Uint8Array {
  return utf8(list.map(({ kind, value }) => `${kind} ${value}\n`).join(""));
}

/** A list that came; each indicator refers to its place. */
export function readList(bytes: Uint8Array): Result<WatchList<number>, Fault<"malformed">> {
  const text = utf8Decode(bytes);
  if (text === undefined) return err("malformed", "the list of indicators is not UTF-8");
  const items: IndexedItem<number>[] = [];
  for (const [ref, line] of text.split("\n").slice(0, -1).entries()) {
    const space = line.indexOf(" ");
    const kind = line.slice(0, space);
    if (!isIn(INDICATOR_KINDS, kind)) return err("malformed", "the list of indicators has a kind that is unknown here");
    items.push({ kind, value: line.slice(space + 1), ref });
  }
  const list = new WatchList(items);
  if (list.refused.length === 0) return ok(list);
  return err("malformed", "the list has indicators that this version does not know — update the workers");
}

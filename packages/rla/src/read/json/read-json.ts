import { ok, type Result } from "@detente/basics";
import { type ReadFault, refuse } from "../fault.ts";
import { joined, NOTHING, withoutMark } from "../pieces.ts";
import { JsonPicker, type Shape } from "./json-picker.ts";
import { type Found, JsonSplitter, parse } from "./json-splitter.ts";

/** Some elements of one top-level array, or one other member of the top level. */
interface JsonPart {
  readonly key: string;
  readonly isElement: boolean;
  /** Parsed; `undefined` where an element is no JSON. */
  readonly values: readonly unknown[];
  /** On which each begins. */
  readonly lines: readonly number[];
}

/**
 * Reads a JSON object in pieces: its members, and of those that are arrays the elements, in the order of the file.
 *
 * @param shapes what is wanted of the elements of some arrays; of all others everything is
 */
export async function* readJson(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  shapes: Readonly<Record<string, Shape>> = {},
): AsyncGenerator<Result<JsonPart, ReadFault>> {
  let found: Found[] = [];
  const pickers = new Map(Object.entries(shapes).map(([key, shape]) => [key, new JsonPicker(shape)]));
  const splitter = new JsonSplitter((one) => found.push(one), pickers);
  let rest: Uint8Array = NOTHING;
  let isFirst = true;
  for await (const chunk of chunks) {
    let bytes = joined(rest, chunk);
    if (isFirst) {
      if (bytes.length < 3) {
        rest = bytes.slice();
        continue;
      }
      bytes = withoutMark(bytes);
      isFirst = false;
    }
    const fault = splitter.feed(bytes);
    for (const part of partsOf(found, bytes, pickers)) yield ok(part);
    found = [];
    if (fault !== undefined) return yield refuse(name, splitter.line, fault.code, fault.message);
    rest = splitter.rest.slice();
  }
  if (!splitter.isComplete) {
    yield refuse(name, splitter.line, "not-json", "is no whole JSON object: it ends too early; export the file again");
  }
}

function* partsOf(
  found: readonly Found[],
  bytes: Uint8Array,
  pickers: ReadonlyMap<string, JsonPicker>,
): Generator<JsonPart> {
  for (let from = 0, to = 1; from < found.length; from = to++) {
    const { key, isElement } = found[from] as Found;
    while (goesOn(found[from] as Found, found[to])) to++;
    const run = found.slice(from, to);
    const values = isElement && pickers.has(key) ? run.map(({ value }) => value) : parsed(run, bytes);
    yield { key, isElement, values, lines: run.map(({ line }) => line) };
  }
}

function goesOn(first: Found, next: Found | undefined): boolean {
  return next !== undefined && first.isElement && next.isElement && next.key === first.key;
}

function parsed(run: readonly Found[], bytes: Uint8Array): unknown[] {
  const [first, last] = [run[0], run.at(-1)];
  // All at once: one call of the parser for each costs as much again.
  const all = parse(bytes, first?.start ?? 0, last?.end ?? 0, "[", "]");
  return Array.isArray(all) ? (all as unknown[]) : run.map(({ start, end }) => parse(bytes, start, end));
}

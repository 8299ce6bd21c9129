import { type Bytes, err, type Fault, type Json, ok, type Result, utf8Decode } from "@detente/basics";
import { Pace } from "@detente/store";
import { COMMA, eachMark, OPEN_LIST, OPEN_OBJECT } from "../json-marks.ts";

/** Bytes that are parsed at once: less than a few milliseconds. */
const AT_ONCE: number = 256 * 1024;
/** RFC 8259 §2. */
const SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Reads JSON of a person or tool of the party itself: any form, since nothing of it is signed as it came. What is large
 * there is a list that stands directly in the outermost object: its elements are parsed one by one, and others have their
 * turn meanwhile. What comes out is what `JSON.parse` gives, and what it refuses is refused.
 */
export async function parseJson(bytes: Bytes): Promise<Result<Json, Fault<"bad-json">>> {
  try {
    return ok(bytes.length <= AT_ONCE ? parsed(bytes) : await parsedInTurns(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return err("bad-json", `the body is not JSON: ${error.message}`);
  }
}

/** @throws {SyntaxError} */
function parsed(bytes: Bytes): Json {
  return JSON.parse(decoded(bytes)) as Json;
}

/** Parses all but those lists, in each of which its number stands, and puts their elements there. */
async function parsedInTurns(bytes: Bytes): Promise<Json> {
  const { lists, frame } = await cutOut(bytes);
  const value = JSON.parse(frame) as Json;
  const pace = new Pace();
  for (const member of typeof value === "object" && value !== null ? Object.values(value) : []) {
    if (!Array.isArray(member) || member.length === 0) continue;
    const [number] = member.splice(0);
    for (const element of lists[number as number] ?? []) {
      if (pace.isOver) await pace.rest();
      member.push(element);
    }
  }
  return value;
}

/** An element ends at a comma or bracket that is neither in a string nor in brackets of its own. */
async function cutOut(bytes: Bytes): Promise<{ readonly lists: Json[][]; readonly frame: string }> {
  const lists: Json[][] = [];
  const frame: string[] = [];
  let list: Json[] | undefined;
  let start = 0;
  let copied = 0;
  const take = (into: Json[], from: number, to: number): void => {
    if (into.length === 0) frame.push(decoded(bytes.subarray(copied, from)), String(lists.push(into) - 1));
    into.push(parsed(bytes.subarray(from, to)));
    copied = to;
  };
  await eachMark(bytes, (mark, at, depth) => {
    if (mark === OPEN_LIST && depth === 1) {
      list = [];
      start = at + 1;
    } else if (mark === COMMA && depth === 2 && list !== undefined) {
      take(list, start, at);
      start = at + 1;
    } else if (mark !== COMMA && mark !== OPEN_OBJECT && depth === 1 && list !== undefined) {
      const isEmpty = list.length === 0 && bytes.subarray(start, at).every((one) => SPACE.has(one));
      if (!isEmpty) take(list, start, at);
      list = undefined;
    }
    return true;
  });
  frame.push(decoded(bytes.subarray(copied)));
  return { lists, frame: frame.join("") };
}

function decoded(bytes: Bytes): string {
  const text = utf8Decode(bytes);
  if (text === undefined) throw new SyntaxError("it is not UTF-8");
  return text;
}

import { type Bytes, err, type Fault, type Json, ok, type Result, utf8Decode } from "@detente/basics";
import { isEscaped } from "../json-string.ts";
import { Pace } from "../turn.ts";

/** Bytes that are parsed at once: less than a few milliseconds. */
const AT_ONCE: number = 256 * 1024;
/** Bytes that are looked at before the clock is. */
const PIECE: number = 64 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
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
  const pace = new Pace();
  let looked = 0;
  let depth = 0;
  let isInString = false;
  let list: Json[] | undefined;
  let start = 0;
  let copied = 0;
  const take = (into: Json[], from: number, to: number): void => {
    if (into.length === 0) frame.push(decoded(bytes.subarray(copied, from)), String(lists.push(into) - 1));
    into.push(parsed(bytes.subarray(from, to)));
    copied = to;
  };
  for (let i = 0; i < bytes.length; i++) {
    if (i >= looked + PIECE) {
      looked = i;
      if (pace.isOver) await pace.rest();
    }
    if (isInString) {
      i = bytes.indexOf(QUOTE, i);
      if (i === -1) break;
      isInString = isEscaped(bytes, i);
      continue;
    }
    const byte = bytes[i];
    if (byte === QUOTE) isInString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth++;
      if (depth !== 2 || byte === OPEN_OBJECT) continue;
      list = [];
      start = i + 1;
    } else if (byte === COMMA && depth === 2 && list !== undefined) {
      take(list, start, i);
      start = i + 1;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth--;
      if (depth !== 1 || list === undefined) continue;
      const isEmpty = list.length === 0 && bytes.subarray(start, i).every((one) => SPACE.has(one));
      if (!isEmpty) take(list, start, i);
      list = undefined;
    }
  }
  frame.push(decoded(bytes.subarray(copied)));
  return { lists, frame: frame.join("") };
}

function decoded(bytes: Bytes): string {
  const text = utf8Decode(bytes);
  if (text === undefined) throw new SyntaxError("it is not UTF-8");
  return text;
}

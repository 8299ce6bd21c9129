import { type Bytes, plainValueEnd, utf8 } from "@detente/basics";
import { CONTENT_NAMES, type ContentName } from "./kinds.ts";
import { STATEMENT_TYPES, type StatementType } from "./vocabulary.ts";
import { MAX_BODY_BYTES, MAX_ORIGIN, MAX_REFERENCES } from "./limits.ts";
import { countReferences, readReferences } from "./plain-leaf.ts";
import { Spelling } from "./spelling.ts";

/** What a fold takes from a body for the whole unit that is of a known kind and unseals nothing. */
export interface PlainBody {
  /** Place of `type/kind` in `CONTENT_NAMES`. */
  readonly name: number;
  /** The origin of the log that it is for, in ASCII: a part of the body's bytes. */
  readonly by: Bytes;
  /** 32 bytes for each statement that this one is about. */
  readonly references: Bytes;
  /** Canonical JSON, if it is JSON at all: a part of the body's bytes. Whether its kind admits it is not looked at. */
  readonly content: Bytes;
}

const START = utf8('{"audience":"unit","by":"');
const CONTENT = utf8('","content":');
const KIND = utf8(',"kind":"');
const SALT = utf8('],"salt":"');
const TYPE = utf8('","type":"');
const END = utf8(',"v":1}');

const KINDS = [...new Set(CONTENT_NAMES.map(kindOf))];
const KINDS_AND_OF = KINDS.map((kind) => utf8(`${kind}","of":[`));
const ENDED_TYPES = STATEMENT_TYPES.map((type) => utf8(`${type}"`));

/** By the places of type and kind, the place of both in `CONTENT_NAMES`; -1 where the type has no such kind. */
const NAMES = STATEMENT_TYPES.map((type) =>
  KINDS.map((kind) => (CONTENT_NAMES as string[]).indexOf(`${type}/${kind}`)),
);

/** The members that a known kind stands for, by place in `CONTENT_NAMES`. */
export const SAID: readonly { readonly name: ContentName; readonly type: StatementType; readonly kind: string }[] =
  CONTENT_NAMES.map((name) => ({ name, type: name.split("/")[0] as StatementType, kind: kindOf(name) }));

/**
 * Reads a body as `readBody` does but for its content, at a tenth of the cost. `undefined` only means that `readBody`
 * must decide.
 */
export function readPlainBody(bytes: Bytes): PlainBody | undefined {
  if (bytes.length > MAX_BODY_BYTES) return undefined;
  const body = new Spelling(bytes);
  const by = body.passes(START) ? plainOrigin(body) : undefined;
  if (by === undefined || !body.passes(CONTENT)) return undefined;
  const start = body.at;
  body.at = plainValueEnd(bytes, start, 1);
  if (body.at < 0) return undefined;
  const end = body.at;
  const kind = body.passes(KIND) ? body.oneOf(KINDS_AND_OF) : -1;
  const count = countReferences(bytes, body.at);
  if (kind < 0 || count > MAX_REFERENCES) return undefined;
  const references = new Uint8Array(32 * count);
  if (!readReferences(body, references, 0) || !body.passes(SALT) || !body.hash(undefined, 0)) return undefined;
  const type = body.passes(TYPE) ? body.oneOf(ENDED_TYPES) : -1;
  const name = NAMES[type]?.[kind] ?? -1;
  if (name < 0 || !body.passes(END) || !body.isAtEnd) return undefined;
  return { name, by, references, content: bytes.subarray(start, end) };
}

/** Passes an origin none of whose characters JSON writes otherwise. */
function plainOrigin(body: Spelling): Bytes | undefined {
  const { bytes, at: start } = body;
  while (isPlain(bytes[body.at])) body.at++;
  const length = body.at - start;
  return length > 0 && length <= MAX_ORIGIN ? bytes.subarray(start, body.at) : undefined;
}

/** As `origin` has it, but for the quote and the backslash. */
function isPlain(byte = 0): boolean {
  return byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x2b && byte !== 0x5c;
}

function kindOf(name: ContentName): string {
  return name.slice(name.indexOf("/") + 1);
}

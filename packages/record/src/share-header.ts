import {
  assert,
  type Bytes,
  canonicalJson,
  err,
  type Fault,
  fromHex,
  ok,
  parseCanonicalJson,
  type Result,
  toHex,
} from "@detente/basics";
import { Type } from "typebox";
import { closed, hex64, integer } from "./forms.ts";
import { MAX_ITEMS } from "./limits.ts";
import { type Shape, shape } from "./shape.ts";

export type HeaderFault = Fault<"bad-item" | "bad-header" | "wrong-count">;

interface Header {
  readonly v: 1;
  readonly key: string;
  readonly count: number;
}

const headerShape: Shape<Header> = shape<Header>()(
  closed({ v: Type.Literal(1), key: hex64, count: integer(0, MAX_ITEMS) }),
);

/** The first line of a share's blob, without its line feed: the collection's key, and how many items follow. */
export function formatHeader(key: Bytes, count: number): string {
  return canonicalJson({ v: 1, key: toHex(key), count });
}

/** Reads that line. @param count as the statement has it @returns the collection's key, 32 bytes */
export function readHeader(line: Bytes, count: number): Result<Bytes, HeaderFault> {
  const json = parseCanonicalJson(line);
  if (!json.ok) return err("bad-item", `items line 1: ${json.fault.message}`);
  const header = headerShape.check(json.value, "items line 1");
  if (!header.ok) return err("bad-header", header.fault.message);
  if (header.value.count !== count) return err("wrong-count", "items line 1.count: is not the statement's");
  const key = fromHex(header.value.key);
  assert(key !== undefined, "the schema admits hexadecimal only");
  return ok(key);
}

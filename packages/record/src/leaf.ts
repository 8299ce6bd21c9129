import {
  type Bytes,
  canonicalJsonBytes,
  err,
  type Fault,
  type JsonFault,
  parseCanonicalJson,
  type Result,
} from "@detente/basics";
import { Type } from "typebox";
import { areDistinct, base64Of32, closed, hex64, integer, origin, references, time } from "./forms.ts";
import { MAX_BODY_BYTES, MAX_HEADS, MAX_LEAF_BYTES } from "./limits.ts";
import { isSizeClass } from "./padding.ts";
import { type Shape, shape, type ShapeFault } from "./shape.ts";
import { STATEMENT_TYPES, type StatementType } from "./vocabulary.ts";

/** The log entry of a statement that has a body. */
export interface StatementLeaf {
  readonly v: 1;
  /** The unit's id: the digest of its founding charter document. */
  readonly unit: string;
  /** `sealed` where the body is for a narrower audience than the unit. */
  readonly type: StatementType | "sealed";
  /** The statements that this one is about, by leaf hash (RFC 6962: SHA-256(00 || entry)); none where sealed. */
  readonly of: readonly string[];
  /** The author's claim, in milliseconds since 1970; orders nothing. */
  readonly at: number;
  /** SHA-256 of the body's bytes. */
  readonly body: string;
  /** Bytes of the body. */
  readonly size: number;
}

/** A checkpoint as an observer saw it. */
export interface Head {
  /** The log's origin. */
  readonly log: string;
  readonly size: number;
  /** The root hash in base64, as in the checkpoint. */
  readonly root: string;
}

/** The log entry of an observation of checkpoints. It has no body, so that nobody can withhold it. */
export interface HeadsLeaf {
  readonly v: 1;
  readonly unit: string;
  readonly type: "observe";
  readonly at: number;
  readonly heads: readonly Head[];
}

export type Leaf = StatementLeaf | HeadsLeaf;

export type LeafFault = JsonFault | ShapeFault | Fault<"too-large">;

const statementShape: Shape<StatementLeaf> = shape<StatementLeaf>((leaf, place) => {
  if (!areDistinct(leaf.of)) return `${place}.of: names a statement twice`;
  if (leaf.type !== "sealed") return undefined;
  if (leaf.of.length > 0) return `${place}.of: must be empty where the type is sealed`;
  return isSizeClass(leaf.size) ? undefined : `${place}.size: a sealed body's size is a power of two from 512`;
})(
  closed({
    v: Type.Literal(1),
    unit: hex64,
    type: Type.Enum([...STATEMENT_TYPES, "sealed"]),
    of: references,
    at: time,
    body: hex64,
    size: integer(2, MAX_BODY_BYTES),
  }),
);

const headsShape: Shape<HeadsLeaf> = shape<HeadsLeaf>((leaf, place) =>
  areDistinct(leaf.heads.map(({ log }) => log)) ? undefined : `${place}.heads: names a log twice`,
)(
  closed({
    v: Type.Literal(1),
    unit: hex64,
    type: Type.Literal("observe"),
    at: time,
    heads: Type.Array(closed({ log: origin, size: integer(0), root: base64Of32 }), {
      minItems: 1,
      maxItems: MAX_HEADS,
    }),
  }),
);

/** Reads a log entry. */
export function parseLeaf(bytes: Bytes): Result<Leaf, LeafFault> {
  if (bytes.length > MAX_LEAF_BYTES) return err("too-large", `leaf: larger than ${MAX_LEAF_BYTES} bytes`);
  const json = parseCanonicalJson(bytes);
  if (!json.ok) return json;
  const { value } = json;
  const hasHeads = typeof value === "object" && value !== null && Object.hasOwn(value, "heads");
  return (hasHeads ? headsShape : statementShape).check(value, "leaf");
}

export function isHeadsLeaf(leaf: Leaf): leaf is HeadsLeaf {
  return "heads" in leaf;
}

/** Writes a log entry. @throws where `parseLeaf` would refuse it */
export function formatLeaf(leaf: Leaf): Bytes {
  const bytes = canonicalJsonBytes(leaf as unknown as Parameters<typeof canonicalJsonBytes>[0]);
  const parsed = parseLeaf(bytes);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return bytes;
}

import {
  type Bytes,
  err,
  type Fault,
  type Json,
  type JsonFault,
  parseCanonicalJson,
  type Result,
  ok,
  sha256,
  toHex,
} from "@detente/basics";
import { Type } from "typebox";
import { type Audience, isAudience } from "./audience.ts";
import { areDistinct, closed, hex64, origin, references } from "./forms.ts";
import { checkContent, type Said } from "./kinds.ts";
import type { StatementLeaf } from "./leaf.ts";
import { MAX_BODY_BYTES } from "./limits.ts";
import { type Shape, shape, type ShapeFault } from "./shape.ts";
import { STATEMENT_TYPES, type StatementType } from "./vocabulary.ts";

/** Shows what an earlier seal committed to: its leaf hash, and the salt of the commitment. */
export interface Unseals {
  readonly seal: string;
  readonly salt: string;
}

interface BodyMembers {
  readonly v: 1;
  /** 32 random bytes: without them the digest in the leaf would let outsiders guess the body. */
  readonly salt: string;
  /**
   * The origin of the log that it is for. In any other log the statement is void: whoever copies the leaf, which says
   * nothing of its author, cannot pass for the author, or for another one who says the same.
   */
  readonly by: string;
  readonly audience: Audience;
  /** The statement's own type and references, also where the leaf shows only `sealed`. */
  readonly type: StatementType;
  readonly of: readonly string[];
  readonly kind: string;
  readonly unseals?: Unseals;
}

/** A statement's body: `name` and `content` say what it says, see `Said`. */
export type Body = BodyMembers & Said;

export type BodyFault =
  | JsonFault
  | ShapeFault
  | Fault<
      | "too-large"
      /** The bytes are not those that the leaf names. */
      | "wrong-digest"
      /** Audience, type or references are not those that the leaf shows. */
      | "not-of-leaf"
      /** A known kind whose content breaks its schema or rules. */
      | "bad-content"
    >;

interface RawBody extends BodyMembers {
  readonly content: unknown;
  /** Zeros that fill a sealed body up to its size class. */
  readonly pad?: string;
}

const kind = Type.String({
  pattern: "^[a-z][a-z0-9-]{0,31}$",
  description: "a kind: a letter a-z, then at most 31 of a-z, 0-9 and -",
});

const audience = Type.Unsafe<Audience>(
  Type.Union([Type.Literal("unit"), Type.Array(Type.String({ maxLength: 32 }))], {
    description: '"unit" or a list of party names, ascending',
  }),
);

const bodyShape: Shape<RawBody> = shape<RawBody>((body, place) => {
  if (!isAudience(body.audience)) return `${place}.audience: expected "unit" or party names, ascending and distinct`;
  return areDistinct(body.of) ? undefined : `${place}.of: names a statement twice`;
})(
  closed({
    v: Type.Literal(1),
    salt: hex64,
    by: origin,
    audience,
    type: Type.Enum([...STATEMENT_TYPES]),
    of: references,
    kind,
    content: Type.Unknown(),
    unseals: Type.Optional(closed({ seal: hex64, salt: hex64 })),
    pad: Type.Optional(
      Type.String({ pattern: "^0*$", maxLength: MAX_BODY_BYTES, description: "zeros that fill the size class" }),
    ),
  }),
);

/**
 * Reads the body that a leaf names: digest and size, form, agreement with the leaf, and the content of known kinds.
 * Contents of unknown kinds come through uninterpreted.
 */
export function parseBody(bytes: Bytes, leaf: StatementLeaf): Result<Body, BodyFault> {
  if (bytes.length <= MAX_BODY_BYTES) {
    if (bytes.length !== leaf.size)
      return err("wrong-digest", `body: has ${bytes.length} bytes, its leaf says ${leaf.size}; fetch it again`);
    if (toHex(sha256(bytes)) !== leaf.body)
      return err("wrong-digest", "body: is not the one whose digest its leaf names; fetch it again");
  }
  const read = readBody(bytes);
  const disagreement = read.ok ? disagreementWith(leaf, read.value) : undefined;
  return disagreement === undefined ? read : err("not-of-leaf", disagreement);
}

/** Reads what can be told of a body without its leaf: form, padding, and the content of known kinds. */
export function readBody(bytes: Bytes): Result<Body, BodyFault> {
  if (bytes.length > MAX_BODY_BYTES) return err("too-large", `body: larger than ${MAX_BODY_BYTES} bytes`);
  const json = parseCanonicalJson(bytes);
  if (!json.ok) return json;
  const checked = bodyShape.check(json.value, "body");
  if (!checked.ok) return checked;
  const { v, salt, by, audience: readers, type, of, kind: named, content, unseals, pad } = checked.value;
  if ((readers === "unit") !== (pad === undefined)) {
    const flaw =
      readers === "unit" ? "only a sealed body is padded" : "missing; a sealed body is padded to its size class";
    return err("not-of-leaf", `body.pad: ${flaw}`);
  }
  const said = checkContent(type, named, content as Json);
  if (!said.ok) return err("bad-content", said.fault.message);
  const members = { v, salt, by, audience: readers, type, of, kind: named, ...said.value };
  return ok(unseals === undefined ? members : { ...members, unseals });
}

/**
 * The audience that a body's bytes name, whatever else is wrong with them; `undefined` where they name none, and so are
 * for nobody. What counts as delivered and who is given it are decided by this alone, so that they never disagree.
 */
export function readAudience(bytes: Bytes): Audience | undefined {
  const json = parseCanonicalJson(bytes);
  if (!json.ok || typeof json.value !== "object" || json.value === null) return undefined;
  const named = (json.value as { readonly audience?: unknown }).audience;
  return isAudience(named) ? named : undefined;
}

function disagreementWith(leaf: StatementLeaf, body: Body): string | undefined {
  if (leaf.type === "sealed") {
    return body.audience === "unit" ? "body.audience: a sealed statement names the parties that it is for" : undefined;
  }
  if (body.audience !== "unit") return "body.audience: must be the unit, since the leaf is not sealed";
  if (body.type !== leaf.type) return "body.type: is not the type that the leaf shows";
  return body.of.length === leaf.of.length && body.of.every((hash, i) => hash === leaf.of[i])
    ? undefined
    : "body.of: does not refer to what the leaf refers to";
}

import { assert, type Bytes, canonicalJsonBytes, compareText, type Json, sha256, toHex, unwrap } from "@detente/basics";
import type { Audience } from "./audience.ts";
import { parseBody, type Unseals } from "./body.ts";
import type { ContentName, Contents } from "./kinds.ts";
import { formatLeaf, type Head, type StatementLeaf } from "./leaf.ts";
import type { StatementType } from "./vocabulary.ts";
import { sizeClass } from "./padding.ts";

/** A statement to be made. */
export type StatementDraft = {
  readonly unit: string;
  /** The origin of the author's log: in no other one does the statement count. */
  readonly by: string;
  /** Leaf hashes, in hexadecimal. */
  readonly of: readonly string[];
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Other than `"unit"`, the statement is sealed. */
  readonly audience: Audience;
  /** 32 random bytes, never used before. */
  readonly salt: Bytes;
  readonly unseals?: Unseals;
} & (KnownDraft | { readonly type: StatementType; readonly kind: string; readonly content: Json });

type KnownDraft = {
  [Name in ContentName]: Name extends `${infer Type}/${infer Kind}`
    ? { readonly type: Type; readonly kind: Kind; readonly content: Contents[Name] }
    : never;
}[ContentName];

/** What goes into the log, and what travels beside it. */
export interface DraftedStatement {
  readonly leaf: Bytes;
  readonly body: Bytes;
}

/**
 * Writes the leaf and the body of a statement.
 * @throws where `parseLeaf` or `parseBody` would refuse them; ask `checkContent` first about what a user has typed
 */
export function draftStatement(draft: StatementDraft): DraftedStatement {
  assert(draft.salt.length === 32, "a body's salt has 32 bytes");
  const isSealed = draft.audience !== "unit";
  const members: { readonly [member: string]: Json } = {
    v: 1,
    salt: toHex(draft.salt),
    by: draft.by,
    audience: draft.audience,
    type: draft.type,
    of: draft.of,
    kind: draft.kind,
    content: draft.content as Json,
    ...(draft.unseals !== undefined && { unseals: { seal: draft.unseals.seal, salt: draft.unseals.salt } }),
  };
  const body = isSealed ? paddedBody(members) : canonicalJsonBytes(members);
  const leaf: StatementLeaf = {
    v: 1,
    unit: draft.unit,
    type: isSealed ? "sealed" : draft.type,
    of: isSealed ? [] : draft.of,
    at: draft.at,
    body: toHex(sha256(body)),
    size: body.length,
  };
  const leafBytes = formatLeaf(leaf);
  unwrap(parseBody(body, leaf));
  return { leaf: leafBytes, body };
}

/**
 * Writes the leaf of an observation of checkpoints.
 * @throws where `parseLeaf` would refuse it
 */
export function draftHeads(draft: {
  readonly unit: string;
  readonly at: number;
  readonly heads: readonly Head[];
}): Bytes {
  const heads = draft.heads.map(({ log, size, root }) => ({ log, size, root }));
  return formatLeaf({
    v: 1,
    unit: draft.unit,
    type: "observe",
    at: draft.at,
    heads: heads.toSorted((a, b) => compareText(a.log, b.log)),
  });
}

function paddedBody(members: { readonly [member: string]: Json }): Bytes {
  const unpadded = canonicalJsonBytes({ ...members, pad: "" }).length;
  return canonicalJsonBytes({ ...members, pad: "0".repeat(sizeClass(unpadded) - unpadded) });
}

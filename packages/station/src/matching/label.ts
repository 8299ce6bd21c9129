import { type Bytes, canonicalJsonBytes, err, type Fault, ok, parseCanonicalJson, type Result } from "@detente/basics";
import { LABEL_OVERHEAD } from "@detente/match";
import type { Indicator } from "@detente/record";
import { Type } from "typebox";
import { Compile } from "typebox/compile";

/** Bytes of every sealed label of our sets. */
export const LABEL_BYTES = 256;
const ROOM: number = LABEL_BYTES - LABEL_OVERHEAD;

/** What a hit tells whoever asked. */
export interface HitLabel {
  /** Whose label it is: the labels of two partners are different bytes, so that they cannot be told to be of one thing. */
  readonly to: string;
  /** The share that holds the indicator, by its leaf hash, and the place in it; none where it was never shared. */
  readonly share?: string;
  readonly index?: number;
  /** As in the item, see `Indicator`. */
  readonly confidence?: number;
  readonly first?: number;
  readonly last?: number;
  readonly labels?: readonly string[];
}

const time = Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }));
const validator = Compile(
  Type.Object(
    {
      to: Type.String({ pattern: "^[a-z0-9-]{1,32}$" }),
      share: Type.Optional(Type.String({ pattern: "^[0-9a-f]{64}$" })),
      index: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 24 })),
      confidence: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
      first: time,
      last: time,
      // Lines, as in items: what a partner writes is printed on terminals.
      labels: Type.Optional(
        Type.Array(Type.String({ maxLength: 100, pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$" }), { maxItems: 32 }),
      ),
    },
    { additionalProperties: false },
  ),
);

/** The text of a label: canonical JSON, with as many of the item's own labels as there is room for. */
export function labelText(
  to: string,
  item: Indicator,
  from?: { readonly share: string; readonly index: number },
): Bytes {
  const { confidence, first, last } = item;
  const given = Object.entries({ ...from, confidence, first, last }).filter(([, value]) => value !== undefined);
  const fixed = { to, ...Object.fromEntries(given) };
  let text = canonicalJsonBytes(fixed);
  const labels: string[] = [];
  for (const label of item.labels ?? []) {
    const longer = canonicalJsonBytes({ ...fixed, labels: [...labels, label] });
    if (longer.length > ROOM) continue;
    labels.push(label);
    text = longer;
  }
  return text;
}

/** Reads what a partner put into a label. */
export function parseLabel(text: Bytes): Result<HitLabel, Fault<"bad-label">> {
  const parsed = parseCanonicalJson(text);
  if (parsed.ok && validator.Check(parsed.value)) return ok(parsed.value as HitLabel);
  return err("bad-label", "label: opens, and is none of ours; ask the partner what it means");
}

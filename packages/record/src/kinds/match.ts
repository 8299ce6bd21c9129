import { Type } from "typebox";
import { areDistinct, closed, hex64, integer, partyName, time } from "../forms.ts";
import { MAX_ITEM_BYTES, MAX_ITEMS, MAX_PARTIES } from "../limits.ts";
import { type Shape, shape } from "../shape.ts";

/** For whom a match set is, and how many questions that party may ask in the epoch. */
export interface MatchPartner {
  readonly party: string;
  readonly budget: number;
  /** SHA-256 of the key that makes this partner's tags. */
  readonly key: string;
}

/** Opens a set that partners may ask blindly, for one epoch: its terms stay as they are until it is withdrawn. */
export interface MatchSetContent {
  /** RFC 9497 §4.1, mode VOPRF. */
  readonly suite: "ristretto255-SHA512";
  /** Counts the author's epochs. */
  readonly epoch: number;
  /** The public half of the epoch's key (RFC 9497 §3.2). */
  readonly key: string;
  /** The Ed25519 public key (RFC 8032) that signs the epoch's receipts. */
  readonly receipts: string;
  /** Questions that all partners together may ask. */
  readonly pool: number;
  /** Ascending. */
  readonly partners: readonly MatchPartner[];
}

/** What a partner downloads in an edition. */
export interface PartnerEdition {
  readonly party: string;
  /** Of the tree over the shards of its tags; `count` is the class of the set. */
  readonly root: string;
  readonly count: number;
  /** SHA-256 of its labels, one after the other in the order of the tags. */
  readonly labels: string;
}

/** What the set that the statement is about holds from now on. */
export interface MatchEditionContent {
  /** Counts the editions of a set from 0. */
  readonly sequence: number;
  /** Bytes of each label. */
  readonly labelBytes: number;
  /** Ascending. */
  readonly partners: readonly PartnerEdition[];
}

/** What was asked of the set that the statement is about, from its beginning to `to`. Milliseconds since 1970. */
export interface MatchTotalsContent {
  readonly to: number;
  /** Questions of all partners. */
  readonly pooled: number;
  /** Those that have asked, ascending; `receipt` is the SHA-256 of the last receipt, which names all before it. */
  readonly partners: readonly { readonly party: string; readonly spent: number; readonly receipt: string }[];
}

type Named = readonly { readonly party: string }[];

export const matchSet: Shape<MatchSetContent> = shape<MatchSetContent>(({ partners }, place) =>
  orderFlaw(partners, place),
)(
  closed({
    suite: Type.Literal("ristretto255-SHA512"),
    epoch: integer(1),
    key: hex64,
    receipts: hex64,
    pool: integer(1),
    partners: Type.Array(closed({ party: partyName, budget: integer(1), key: hex64 }), {
      minItems: 1,
      maxItems: MAX_PARTIES,
    }),
  }),
);

export const matchEdition: Shape<MatchEditionContent> = shape<MatchEditionContent>(({ partners }, place) =>
  orderFlaw(partners, place),
)(
  closed({
    sequence: integer(0),
    labelBytes: integer(1, MAX_ITEM_BYTES),
    partners: Type.Array(closed({ party: partyName, root: hex64, count: integer(0, MAX_ITEMS), labels: hex64 }), {
      minItems: 1,
      maxItems: MAX_PARTIES,
    }),
  }),
);

export const matchTotals: Shape<MatchTotalsContent> = shape<MatchTotalsContent>(({ pooled, partners }, place) => {
  let sum = 0;
  for (const { spent } of partners) sum += spent;
  return sum === pooled ? orderFlaw(partners, place) : `${place}.pooled: must be what the partners have spent together`;
})(
  closed({
    to: time,
    pooled: integer(0),
    partners: Type.Array(closed({ party: partyName, spent: integer(1), receipt: hex64 }), { maxItems: MAX_PARTIES }),
  }),
);

function orderFlaw(partners: Named, place: string): string | undefined {
  const names = partners.map(({ party }) => party);
  const isSorted = areDistinct(names) && names.every((name, i) => i === 0 || (names[i - 1] as string) < name);
  return isSorted ? undefined : `${place}.partners: must be in ascending order, each once`;
}

import { Type } from "typebox";
import { areDistinct, closed, collection, hex64, integer, line, partyName } from "../forms.ts";
import { MAX_BLOB_BYTES, MAX_ITEMS } from "../limits.ts";
import { type Shape, shape } from "../shape.ts";
import { MAX_CANDIDATES, MAX_CONTESTS } from "./contest.ts";

/** A card: its batch, and its position in it from 1, or the number imprinted on it. */
export type CardName = readonly [batch: string, place: number | string];

/** Marks of one contest: candidate and rank (1 the first), ascending by rank, then candidate; null: not on the card. */
export type Marks = readonly (readonly [candidate: number, rank: number])[] | null;

/** A claim about an IRV count (Blom, Stuckey, Teague, RAIRE, arXiv:1903.08804). */
export type IrvClaim =
  | { readonly kind: "not-eliminated-before"; readonly winner: number; readonly loser: number }
  | {
      readonly kind: "not-eliminated-next";
      readonly winner: number;
      readonly loser: number;
      readonly continuing: readonly number[];
    };

/** What is committed of one contest before the seed. */
export interface CommittedContest {
  readonly id: string;
  /** Salted: each item names a card and its marks, in an order that only the holder knows. */
  readonly collection: { readonly root: string; readonly count: number };
  /** The public list of marks in that order; `size` in bytes. */
  readonly votes: { readonly digest: string; readonly size: number };
  /** How many of them hold the contest. */
  readonly recorded: number;
  /** Votes, or points, of each candidate. */
  readonly totals: readonly number[];
  /** Who is reported to have won; none where a share was not reached. */
  readonly winners: readonly number[];
  /** Of IRV: what together rules out every other winner. */
  readonly assertions?: readonly IrvClaim[];
}

/** The manifest and the records of an audit, by their holder. */
export interface RecordsContent {
  /** The public list of cards and styles. */
  readonly cards: { readonly digest: string; readonly size: number; readonly count: number };
  readonly contests: readonly CommittedContest[];
}

/** Items of a contest's collection, opened after both boards have read the cards. */
export interface OpeningsContent {
  readonly contest: string;
  readonly openings: readonly {
    readonly index: number;
    readonly salt: string;
    readonly card: CardName;
    readonly marks: Marks;
    readonly proof: readonly string[];
  }[];
}

/**
 * A party's part of the seed: 256 random bits, sealed before. What is sealed names who has sealed it, or another could
 * seal the same commitment and show what its author shows.
 */
export interface SeedShareContent {
  readonly by: string;
  readonly random: string;
}

/** That the contributions it refers to are all, and that the beacon's round has not come out. */
export interface SeedClosingContent {
  /** From 1: which of the charter's beacon rounds follows. */
  readonly attempt: number;
}

/** What dice and beacon gave after that. */
export interface SeedChanceContent {
  readonly attempt: number;
  readonly dice: readonly number[];
  readonly beacon: { readonly name: string; readonly round: number; readonly value: string };
}

/** What the board `by` read on cards, of one contest; a card that is not there is `missing`. */
export interface ReadingsContent {
  readonly by: string;
  readonly contest: string;
  readonly readings: readonly { readonly card: CardName; readonly marks: Marks | "missing" }[];
}

/** The whole numbers of a round, on which auditors agree, and the risk as each has computed it. */
export interface AuditRiskContent {
  readonly contest: string;
  /** From 1. */
  readonly round: number;
  /** Cards drawn in all, phantoms among them. */
  readonly drawn: number;
  /** For each assertion: how many cards overstate it by how many units, ascending, none by 0. */
  readonly overstatements: readonly (readonly (readonly [units: number, cards: number])[])[];
  /** For each assertion: how many cards of pools were found with A of so many units, ascending; where there are pools. */
  readonly pooled?: readonly (readonly (readonly [units: number, cards: number])[])[];
  /** The largest of the assertions' risks, in millionths, rounded up; reported, not agreed on. */
  readonly risk: number;
}

/** What a board counted by hand over all cards of a contest. */
export interface HandCountContent {
  readonly contest: string;
  readonly totals: readonly number[];
  readonly winners: readonly number[];
}

export interface AuditContents {
  readonly "exhibit/records": RecordsContent;
  readonly "exhibit/openings": OpeningsContent;
  readonly "observe/seed-share": SeedShareContent;
  readonly "observe/seed-closing": SeedClosingContent;
  readonly "observe/seed-chance": SeedChanceContent;
  readonly "observe/readings": ReadingsContent;
  readonly "observe/agreed-readings": ReadingsContent;
  readonly "observe/audit-risk": AuditRiskContent;
  readonly "observe/hand-count": HandCountContent;
}

/** Cards that one statement may open or read: with proofs they fit into a body. */
export const MAX_OPENED = 256;
export const MAX_READ = 2048;

const candidate = integer(0, MAX_CANDIDATES - 1);
const candidates = Type.Array(candidate, { maxItems: MAX_CANDIDATES });
const totals = Type.Array(integer(0), { maxItems: MAX_CANDIDATES });
const card = Type.Tuple([line(500), Type.Union([integer(1, MAX_ITEMS), line(500)])]);
const markList = Type.Array(Type.Tuple([candidate, integer(1, 255)]), { maxItems: MAX_CANDIDATES });
const file = { digest: hex64, size: integer(1, MAX_BLOB_BYTES) };
const attempt = integer(1, 16);

/** For each assertion, how many cards have so many units. */
const counts = Type.Array(
  Type.Array(Type.Tuple([integer(-MAX_ITEMS, MAX_ITEMS), integer(1, MAX_ITEMS)]), { maxItems: 4096 }),
  { maxItems: 4096 },
);

const assertion = Type.Union([
  closed({ kind: Type.Literal("not-eliminated-before"), winner: candidate, loser: candidate }),
  closed({ kind: Type.Literal("not-eliminated-next"), winner: candidate, loser: candidate, continuing: candidates }),
]);

const committed = closed({
  id: line(100),
  collection,
  votes: closed(file),
  recorded: integer(0, MAX_ITEMS),
  totals,
  winners: candidates,
  assertions: Type.Optional(Type.Array(assertion, { maxItems: 4096 })),
});

const readings: Shape<ReadingsContent> = shape<ReadingsContent>(({ readings: read }, place) => {
  const unsorted = read.findIndex(({ marks }) => marks !== "missing" && !areInOrder(marks));
  if (unsorted >= 0) return `${place}.readings[${unsorted}].marks: must stand in the order of ranks, then candidates`;
  return areDistinct(read.map((each) => JSON.stringify(each.card)))
    ? undefined
    : `${place}.readings: a card stands twice`;
})(
  closed({
    by: partyName,
    contest: line(100),
    readings: Type.Array(closed({ card, marks: Type.Union([markList, Type.Null(), Type.Literal("missing")]) }), {
      minItems: 1,
      maxItems: MAX_READ,
    }),
  }),
);

export const auditShapes: { readonly [Name in keyof AuditContents]: Shape<AuditContents[Name]> } = {
  "exhibit/records": shape<RecordsContent>(({ contests }, place) =>
    areDistinct(contests.map(({ id }) => id)) ? undefined : `${place}.contests: names one twice`,
  )(
    closed({
      cards: closed({ ...file, count: integer(1, MAX_ITEMS) }),
      contests: Type.Array(committed, { minItems: 1, maxItems: MAX_CONTESTS }),
    }),
  ),
  "exhibit/openings": shape<OpeningsContent>(({ openings }, place) => {
    const unsorted = openings.findIndex(({ marks }) => !areInOrder(marks));
    return unsorted < 0 ? undefined : `${place}.openings[${unsorted}].marks: must stand in the order of ranks`;
  })(
    closed({
      contest: line(100),
      openings: Type.Array(
        closed({
          index: integer(0, MAX_ITEMS - 1),
          salt: hex64,
          card,
          marks: Type.Union([markList, Type.Null()]),
          proof: Type.Array(hex64, { maxItems: 24 }),
        }),
        { minItems: 1, maxItems: MAX_OPENED },
      ),
    }),
  ),
  "observe/seed-share": shape<SeedShareContent>()(closed({ by: partyName, random: hex64 })),
  "observe/seed-closing": shape<SeedClosingContent>()(closed({ attempt })),
  "observe/seed-chance": shape<SeedChanceContent>()(
    closed({
      attempt,
      dice: Type.Array(integer(0, 9), { maxItems: 100 }),
      beacon: closed({ name: line(100), round: integer(0), value: beaconValue() }),
    }),
  ),
  "observe/readings": readings,
  "observe/agreed-readings": readings,
  "observe/audit-risk": shape<AuditRiskContent>()(
    closed({
      contest: line(100),
      round: integer(1, 16),
      drawn: integer(0, MAX_ITEMS),
      overstatements: counts,
      pooled: Type.Optional(counts),
      risk: integer(0, 1_000_000),
    }),
  ),
  "observe/hand-count": shape<HandCountContent>()(closed({ contest: line(100), totals, winners: candidates })),
};

/** drand gives 32 bytes, NIST's beacon 64. */
function beaconValue(): Type.TString {
  return Type.String({
    pattern: "^(?:[0-9a-f]{2}){16,128}$",
    description: "a beacon's value of 16 to 128 bytes in lower-case hexadecimal",
  });
}

/** Whether marks stand by rank, then candidate, each once. */
export function areInOrder(marks: Marks): boolean {
  return (marks ?? []).every(([who, rank], i, all) => {
    const before = all[i - 1];
    return before === undefined || before[1] < rank || (before[1] === rank && before[0] < who);
  });
}

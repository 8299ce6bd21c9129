import { err, type Fault, ok, type Result } from "@detente/basics";
import { INDICATOR_KINDS, TLP_LABELS } from "@detente/record/vocabulary";
import { type Static, Type } from "typebox";

const PARTY = "^[a-z0-9-]{1,32}$";

const Partners = Type.Array(Type.String({ pattern: PARTY }), { minItems: 1, maxItems: 64 });

/** Lets partners find what was shared with others: what one share holds, or all that exactly an audience has got. */
const MatchException = Type.Union([
  Type.Object(
    { partners: Partners, share: Type.String({ pattern: "^[0-9a-f]{64}$" }) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      partners: Partners,
      /** All parties of the audience, this one among them. */
      audience: Type.Array(Type.String({ pattern: PARTY }), { minItems: 2, maxItems: 64 }),
      /** The strictest label of the Traffic Light Protocol that goes. */
      tlp: Type.Enum([...TLP_LABELS]),
    },
    { additionalProperties: false },
  ),
]);

/** What this party lets others ask blindly. Without it nothing is published, and nobody is answered. */
export const MatchPolicy = Type.Object(
  {
    /** Who may ask, and how many questions in an epoch. */
    partners: Type.Array(
      Type.Object(
        {
          party: Type.String({ pattern: PARTY }),
          budget: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 64 },
    ),
    /** How many questions all partners together may ask in an epoch: they may be working together. */
    pool: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    /** Days until the key changes and budgets begin anew. */
    epochDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
    /** Only these kinds of indicators. */
    kinds: Type.Optional(
      Type.Array(Type.Enum([...INDICATOR_KINDS]), { minItems: 1, maxItems: INDICATOR_KINDS.length }),
    ),
    /** Only indicators that are held for at least this likely (0 to 100, as in STIX 2.1). */
    minConfidence: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    /** Whether what this party has shared is in the sets of those with whom it was shared. */
    shares: Type.Optional(Type.Boolean()),
    /** What partners may find beyond that, by name. */
    exceptions: Type.Optional(Type.Array(MatchException, { maxItems: 1000 })),
    /** Files of indicators that are in the set and shared with nobody. */
    files: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), { maxItems: 100 })),
    /** Seconds between two editions at least. */
    interval: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
  },
  { additionalProperties: false },
);

/** `match` in station.json. */
export type MatchPolicy = Static<typeof MatchPolicy>;

export const EPOCH_DAYS = 30;
/** An edition tells its readers how many indicators came and went since the last one: the fewer editions, the less. */
export const INTERVAL_S = 3600;

/** What a schema cannot say about a policy. @param self this party's name */
export function checkMatchPolicy(policy: MatchPolicy, self: string): Result<void, Fault<"bad-policy">> {
  const names = policy.partners.map(({ party }) => party);
  if (names.includes(self)) return err("bad-policy", `match.partners: ${self} is this party itself; leave it out`);
  if (new Set(names).size < names.length) return err("bad-policy", "match.partners: name each partner once");
  for (const [i, exception] of (policy.exceptions ?? []).entries()) {
    const place = `match.exceptions[${i}]`;
    const stranger = exception.partners.find((party) => !names.includes(party));
    if (stranger !== undefined)
      return err("bad-policy", `${place}: ${stranger} may not ask; name it in match.partners, or leave it out`);
    if (!("audience" in exception)) continue;
    if (new Set(exception.audience).size < exception.audience.length)
      return err("bad-policy", `${place}: name each party of the audience once`);
    if (!exception.audience.includes(self))
      return err("bad-policy", `${place}: the audience of a share of ${self} has ${self} in it; add it`);
  }
  return ok(undefined);
}

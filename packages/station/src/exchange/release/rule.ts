import { compareText } from "@detente/basics";
import type { VerdictLabel } from "@detente/intel";
import { strictestTlp } from "@detente/intel/tlp";
import { audienceKey } from "@detente/record/audience";
import { TLP_LABELS } from "@detente/record/vocabulary";
import { type Static, Type } from "typebox";
import type { PendingShare } from "./pending.ts";

const closed = { additionalProperties: false } as const;
const Label = Type.Enum(["block", "inform", "known-benign"]);

/**
 * What an officer lets tools share without looking at it: an entry of `release` in station.json. All of what is brought
 * at once must be within one rule, or all of it waits.
 */
export const ReleaseRule = Type.Object(
  {
    /** To whom: the whole unit, or exactly these parties, this one among them. */
    audience: Type.Union([
      Type.Literal("unit"),
      Type.Array(Type.String({ pattern: "^[a-z0-9-]{1,32}$" }), { minItems: 2, maxItems: 64 }),
    ]),
    /** Types of STIX objects. */
    types: Type.Array(Type.String({ pattern: "^[a-z][a-z0-9-]{1,249}$" }), { minItems: 1, maxItems: 100 }),
    /** The strictest label of the Traffic Light Protocol. */
    tlp: Type.Enum([...TLP_LABELS]),
    /** What the gate may have said of the indicators; `block` alone unless said otherwise. */
    labels: Type.Optional(Type.Array(Label, { maxItems: 3 })),
    /** Shares in an hour; more wait for an officer. */
    perHour: Type.Integer({ minimum: 1, maximum: 10_000 }),
  },
  closed,
);

export type ReleaseRule = Static<typeof ReleaseRule>;

const DEFAULT_LABELS: readonly VerdictLabel[] = ["block"];

/**
 * Why no rule lets a share out, `undefined` where one does.
 * @param lately how many shares rules have let out for its audience within the last hour
 */
export function whyNot(share: PendingShare, rules: readonly ReleaseRule[], lately: number): string | undefined {
  const forAudience = rules.filter(({ audience }) => keyOf(audience) === share.view);
  if (forAudience.length === 0) return "no rule is for this audience";
  const reasons = forAudience.map((rule) => flawBy(rule, share, lately));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function flawBy(rule: ReleaseRule, share: PendingShare, lately: number): string | undefined {
  const { types, tlp, perHour } = rule;
  const labels: readonly VerdictLabel[] = rule.labels ?? DEFAULT_LABELS;
  const type = Object.keys(share.types).find((one) => !types.includes(one));
  if (type !== undefined) return `objects of type ${type} are not released by rule`;
  const label = (Object.keys(share.labels) as VerdictLabel[]).find((one) => !labels.includes(one));
  if (label !== undefined) return `there are indicators that the gate labels ${label}`;
  if (strictestTlp([tlp, share.content.tlp]) !== tlp) return `it is TLP:${share.content.tlp.toUpperCase()}`;
  return lately >= perHour ? `${perHour} were released within an hour already` : undefined;
}

function keyOf(audience: ReleaseRule["audience"]): string {
  return audienceKey(audience === "unit" ? audience : audience.toSorted(compareText));
}

import { canonicalJsonBytes, sha256, toHex } from "@detente/basics";
import { isStricter } from "@detente/intel";
import type { Tlp } from "@detente/record";
import type { AudienceInput } from "../api/contract.ts";
import type { StandingShare } from "../standing-shares.ts";
import type { MatchPolicy } from "./policy.ts";

/**
 * The partners who may find an item of a share: those it was shared with, who read it anyway. To everybody else even a
 * yes or no would be a disclosure that the audience was promised not to happen, so it takes an exception that names the
 * partner, and the share or its audience with a label.
 * @param tlp the strictest label on the item; unclear where a marking on it might exclude anybody
 */
export function reachOf(
  { partners, exceptions = [] }: Pick<MatchPolicy, "partners" | "exceptions">,
  { leafHash, audience }: Pick<StandingShare, "leafHash" | "audience">,
  tlp: Tlp | "unclear",
): readonly string[] {
  const excepted = exceptions
    .filter((one) =>
      "share" in one
        ? one.share === leafHash
        : isSameAudience(one.audience, audience) && tlp !== "unclear" && !isStricter(tlp, one.tlp),
    )
    .flatMap((one) => one.partners);
  return partners
    .map(({ party }) => party)
    .filter((party) => audience === "unit" || audience.includes(party) || excepted.includes(party));
}

function isSameAudience(named: readonly string[], audience: AudienceInput): boolean {
  return audience !== "unit" && named.length === audience.length && named.every((party) => audience.includes(party));
}

/**
 * Names all by which a policy decides whom shares reach, in hex. A set is opened for one such decision: what a narrower
 * one takes out would still be found in the editions before, as long as their key answers.
 */
export function reachDigest({ shares, exceptions = [] }: Pick<MatchPolicy, "shares" | "exceptions">): string {
  return toHex(sha256(canonicalJsonBytes({ v: 1, shares: shares ?? true, exceptions })));
}

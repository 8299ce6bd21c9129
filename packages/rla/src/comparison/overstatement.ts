import { assert, err, type Fault, ok, type Result } from "@detente/basics";
import type { Assorter } from "../assorter/assorter.ts";
import type { ContestVotes } from "../cvr.ts";

/** What was committed about a card before the draw. */
export type RecordedCard =
  /** A record of its own; `votes` is undefined where the contest is not on the card. */
  | { readonly kind: "record"; readonly votes: ContestVotes | undefined }
  /** A card that must exist by the bound on cards, though nothing records it. */
  | { readonly kind: "phantom" }
  /** One of `cards` cards of a pool that is only known by the sum of A over them, `units` (ONEAudit). */
  | { readonly kind: "pool"; readonly units: number; readonly cards: number };

/** What people found. */
export type FoundCard =
  /** They read it; `votes` is undefined where the contest is not on the card. */
  | { readonly kind: "read"; readonly votes: ContestVotes | undefined }
  /** There is no such card, or they did not agree on it. */
  | { readonly kind: "missing" };

/**
 * A of what was committed, in units: ½ for a phantom (Bañuelos and Stark, "Limiting risk by turning manifest phantoms
 * into evil zombies", 2012, arXiv:1207.3413), the mean of its pool for a pooled card (Stark, "Overstatement-net-
 * equivalent risk-limiting audits: ONEAudit", 2023, arXiv:2303.03335), which need not be whole.
 */
export function recordedUnits(assorter: Assorter, recorded: RecordedCard): number {
  switch (recorded.kind) {
    case "record":
      return assorter.units(recorded.votes);
    case "phantom":
      return assorter.scale / 2;
    case "pool":
      return recorded.units / recorded.cards;
  }
}

/**
 * A of what was found, in units. A missing card counts 0, the worst for the claim. With `styles` only cards that were
 * committed to hold the contest are drawn, and one that does not hold it counts 0 too, or a lie about styles would pay
 * (Glazer, Spertus, Stark, "More style, less work", 2021, arXiv:2012.03371).
 */
export function foundUnits(assorter: Assorter, found: FoundCard, styles: boolean): number {
  if (found.kind === "missing" || (styles && found.votes === undefined)) return 0;
  return assorter.units(found.votes);
}

/**
 * By how many units the commitment overstates the claim on one card, A(recorded) − A(found): from −u to u. With
 * `styles` the recorded card holds the contest.
 */
export function overstatement(assorter: Assorter, recorded: RecordedCard, found: FoundCard, styles: boolean): number {
  const listed = recorded.kind !== "record" || recorded.votes !== undefined;
  assert(listed || !styles, "with styles only cards that were committed to hold the contest are drawn");
  return recordedUnits(assorter, recorded) - foundUnits(assorter, found, styles);
}

/**
 * How many phantoms make up for cards that nothing records: the bound on the cards of the contest, which must not come
 * from the voting system, less those that are recorded or pooled.
 */
export function phantomCards(bound: number, recorded: number): Result<number, Fault<"more-cards-than-bound">> {
  if (recorded <= bound) return ok(bound - recorded);
  return err(
    "more-cards-than-bound",
    `${recorded} cards are recorded, and the bound on cards of the contest is ${bound}: find out which is wrong`,
  );
}

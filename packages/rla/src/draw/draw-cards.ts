import {
  assert,
  type Bytes,
  compareBytes,
  concatBytes,
  err,
  type Fault,
  ok,
  type Result,
  sha256,
} from "@detente/basics";
import { Smallest } from "./smallest.ts";

/** A card that was drawn. */
export interface DrawnCard {
  /** SHA-256(seed ‖ id): 32 bytes. */
  readonly ticket: Bytes;
  /** Its canonical id. */
  readonly id: Bytes;
}

interface Candidate extends DrawnCard {
  /** The ticket's first 48 bits, which settle nearly every comparison. */
  readonly head: number;
}

const SEED_BYTES = 32;

/**
 * Draws `count` cards without replacement: those with the smallest tickets, smallest first. A card's ticket depends on
 * the seed and its own id alone, so neither the order of the manifest nor that of its files can matter, a contest's
 * cards are drawn in the same order whatever else is drawn, and escalating goes further down the same order. This is
 * the consistent sampling of Rivest (arXiv:1808.10016) with the digest itself as the ticket.
 *
 * `seed` has 32 bytes, so that no seed and id can pass for another pair. Ids are the canonical ids of `cardId`, each
 * card once; a view may be reused after the next step. Fewer than `count` come where there are fewer cards. Two of one
 * id among those drawn are a fault: a card that stands twice in a manifest has twice the chance of another.
 */
export function drawCards(
  seed: Bytes,
  ids: Iterable<Bytes>,
  count: number,
): Result<DrawnCard[], Fault<"duplicate-card">> {
  assert(seed.length === SEED_BYTES, `a seed has ${SEED_BYTES} bytes`);
  assert(Number.isSafeInteger(count) && count >= 0, "a count of cards is a whole number");
  const smallest = new Smallest(count, compareCandidates);
  let message: Bytes = seed.slice();
  for (const id of ids) {
    // Neighbours in a manifest have ids of one length, so one buffer serves nearly all.
    if (message.length !== SEED_BYTES + id.length) message = concatBytes(seed, id);
    else message.set(id, SEED_BYTES);
    const ticket = sha256(message);
    const head = headOf(ticket);
    const { largest } = smallest;
    if (largest === undefined || head <= largest.head) smallest.add({ head, ticket, id: id.slice() });
  }
  const drawn = smallest.sorted();
  const twice = drawn.find((card, i) => i > 0 && compareBytes(card.ticket, (drawn[i - 1] as Candidate).ticket) === 0);
  if (twice !== undefined) {
    const text = new TextDecoder().decode(twice.id);
    return err("duplicate-card", `card ${text} stands more than once in the manifest: name each card once`);
  }
  return ok(drawn.map(({ ticket, id }) => ({ ticket, id })));
}

function headOf(ticket: Bytes): number {
  const at = (i: number): number => ticket[i] as number;
  return ((at(0) << 16) | (at(1) << 8) | at(2)) * 2 ** 24 + ((at(3) << 16) | (at(4) << 8) | at(5));
}

function compareCandidates(a: Candidate, b: Candidate): number {
  return a.head - b.head || compareBytes(a.ticket, b.ticket);
}

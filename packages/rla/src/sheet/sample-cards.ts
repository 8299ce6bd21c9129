import { type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { cardId } from "../draw/card-id.ts";
import { drawColorado } from "../draw/colorado.ts";
import { drawConsistently, trimTicket } from "../draw/consistent-sampler.ts";
import { drawCards } from "../draw/draw-cards.ts";
import { firstAbove } from "../draw/first-above.ts";
import { pythonStr } from "../draw/python-str.ts";
import type { ManifestBatch } from "../read/manifest.ts";

/** A card that people have to fetch. */
export interface SheetCard {
  readonly batch: ManifestBatch;
  readonly position: number;
  /** Which of the draws, from 1; several with replacement. */
  readonly draws: readonly number[];
  /** Of its first draw, where the draw has tickets. */
  readonly ticket: string | undefined;
}

export type SheetDraw =
  /** Our own, without replacement, from a seed of 32 bytes. */
  | { readonly by: "detente"; readonly seed: Bytes }
  /** Arlo's, with replacement. */
  | { readonly by: "arlo"; readonly seed: string; readonly jurisdiction: string }
  /** Colorado's, with replacement, in the order of the manifest. */
  | { readonly by: "colorado"; readonly seed: string };

type Placed = Pick<SheetCard, "batch" | "position" | "ticket">;

/** Draws cards of a manifest and lists each once, in the order of the manifest, as they lie in their boxes. */
export function sampleCards(
  batches: readonly ManifestBatch[],
  draw: SheetDraw,
  count: number,
): Result<SheetCard[], Fault<"duplicate-card" | "duplicate-id" | "no-cards">> {
  const cards = batches.reduce((sum, batch) => sum + batch.cards, 0);
  if (cards === 0) return err("no-cards", "the manifest holds no cards: there is nothing to draw");
  const drawn =
    draw.by === "colorado" ? ok(byNumber(batches, draw.seed, cards, count)) : byTicket(batches, draw, count);
  if (!drawn.ok) return drawn;
  const order = new Map(batches.map((batch, at) => [batch, at]));
  const places = new Map<string, SheetCard>();
  drawn.value.forEach((card, i) => {
    const key = `${order.get(card.batch)} ${card.position}`;
    const known = places.get(key);
    places.set(key, { ...(known ?? card), draws: [...(known?.draws ?? []), i + 1] });
  });
  return ok(
    [...places.values()].sort(
      (a, b) => (order.get(a.batch) ?? 0) - (order.get(b.batch) ?? 0) || a.position - b.position,
    ),
  );
}

function byNumber(batches: readonly ManifestBatch[], seed: string, cards: number, count: number): Placed[] {
  let end = 0;
  const ends = batches.map((batch) => (end += batch.cards));
  return drawColorado({ seed, cards, count, withReplacement: true }).map((number) => {
    const at = firstAbove(ends, number - 1);
    return { batch: batches[at] as ManifestBatch, position: number - (ends[at - 1] ?? 0), ticket: undefined };
  });
}

function byTicket(
  batches: readonly ManifestBatch[],
  draw: Exclude<SheetDraw, { by: "colorado" }>,
  count: number,
): Result<Placed[], Fault<"duplicate-card" | "duplicate-id">> {
  // Gone through twice, to draw and to find what was drawn: of millions of cards only those are kept.
  function* ids<T>(idOf: (batch: ManifestBatch, position: number) => T): Generator<T> {
    for (const batch of batches) for (let i = 1; i <= batch.cards; i++) yield idOf(batch, i);
  }
  function placed(
    tickets: readonly { id: string; ticket: string }[],
    idOf: (...of: [ManifestBatch, number]) => string,
  ): Placed[] {
    const wanted = new Set(tickets.map(({ id }) => id));
    const places = new Map<string, Omit<Placed, "ticket">>();
    for (const [batch, position, id] of ids((...of) => [...of, idOf(...of)] as const))
      if (wanted.has(id)) places.set(id, { batch, position });
    return tickets.map(({ id, ticket }) => ({ ...(places.get(id) as Omit<Placed, "ticket">), ticket }));
  }
  if (draw.by === "arlo") {
    const { seed, jurisdiction } = draw;
    const idOf = ({ tabulator, name }: ManifestBatch, position: number): string =>
      pythonStr([[jurisdiction, tabulator ?? null, name], position]);
    const drawn = drawConsistently({ seed, ids: ids(idOf), count, withReplacement: true });
    if (!drawn.ok) return drawn;
    return ok(
      placed(
        drawn.value.map(({ id, number }) => ({ id, ticket: trimTicket(number, 18) })),
        idOf,
      ),
    );
  }
  const text = (id: Bytes): string => new TextDecoder().decode(id);
  const idOf = ({ batch }: ManifestBatch, position: number): Bytes => cardId(batch, position);
  const drawn = drawCards(draw.seed, ids(idOf), count);
  if (!drawn.ok) return drawn;
  const tickets = drawn.value.map(({ id, ticket }) => {
    return { id: text(id), ticket: Array.from(ticket.subarray(0, 6), hex).join("") };
  });
  return ok(placed(tickets, (...of) => text(idOf(...of))));
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

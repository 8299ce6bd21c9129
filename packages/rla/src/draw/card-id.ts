import { assert, type Bytes, canonicalJson, canonicalJsonBytes, utf8 } from "@detente/basics";

/** A batch of a ballot manifest: its name as the manifest spells it, and how many cards it holds. */
export interface ManifestBatch {
  readonly name: string;
  readonly cards: number;
}

/**
 * The canonical id of a card: the canonical JSON (RFC 8785) of batch and place, `["batch 7",46]`. A place is the
 * position in the batch, from 1, or the number imprinted on the card, as a string; the two never coincide.
 */
export function cardId(batch: string, place: number | string): Bytes {
  return canonicalJsonBytes([batch, place]);
}

const DIGIT_ZERO = 0x30;
const CLOSE = 0x5d;
/** Digits of 2^53. */
const MOST_DIGITS = 16;

/**
 * The canonical ids of all cards of a manifest, by position. Each is a view of one buffer that the next step
 * overwrites: millions of ids are looked at, and few are kept.
 */
export function* manifestCardIds(batches: Iterable<ManifestBatch>): Generator<Bytes, void, undefined> {
  for (const { name, cards } of batches) {
    assert(Number.isSafeInteger(cards) && cards >= 0, `batch ${name} holds ${cards} cards`);
    const head = utf8(`[${canonicalJson(name)},`);
    const buffer = new Uint8Array(head.length + MOST_DIGITS + 1);
    buffer.set(head);
    let id = buffer.subarray(0, head.length + 2);
    for (let position = 1, ten = 10; position <= cards; position++) {
      if (position === ten) {
        id = buffer.subarray(0, id.length + 1);
        ten *= 10;
      }
      let at = id.length - 1;
      id[at] = CLOSE;
      for (let rest = position; at > head.length; rest = Math.floor(rest / 10)) id[--at] = DIGIT_ZERO + (rest % 10);
      yield id;
    }
  }
}

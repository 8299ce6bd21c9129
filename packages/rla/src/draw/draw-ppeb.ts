import { assert, sha256, toHex, utf8 } from "@detente/basics";
import { firstAbove } from "./first-above.ts";
import { firstNumber, nextNumber, trimTicket } from "./consistent-sampler.ts";
import { type Decimal, decimal } from "./decimal.ts";
import { Pcg64 } from "./pcg64.ts";
import { pythonStr } from "./python-str.ts";

/** A batch as Arlo calls it in its draws. */
export type BatchKey = readonly [jurisdiction: string, batch: string];

export interface PpebDraw {
  /** As published. */
  readonly seed: string;
  /** The bound on the error in each batch, u_p; not negative, and not all 0. The order decides what is drawn. */
  readonly bounds: readonly Decimal[];
  readonly count: number;
}

/**
 * The batches that Arlo draws for a batch comparison, by their indexes, with replacement and with chances in proportion
 * to their bounds (Aslam, Popa, Rivest, "On auditing elections when precincts have different sizes", EVT '08). Its bytes
 * are those of numpy's `default_rng(int(sha256(seed), 16)).choice(p = u_p/U)`: sums of doubles in the order of the
 * batches, divided by the last, searched from the right for each double of the generator. Escalating goes on in the
 * same sequence.
 */
export function drawPpeb({ seed, bounds, count }: PpebDraw): number[] {
  const total = bounds.reduce(decimal.add, decimal.of(0));
  assert(total.coefficient > 0n, "something can be drawn");
  let sum = 0;
  const sums = Float64Array.from(bounds, (bound) => (sum += decimal.toNumber(decimal.divide(bound, total))));
  const ends = sums.map((end) => end / sum);
  const random = new Pcg64(BigInt(`0x${toHex(sha256(utf8(seed)))}`));
  return Array.from({ length: count }, () => firstAbove(ends, random.double()));
}

const DIGITS = 18;

/**
 * The ticket numbers of batches in the order in which they were drawn: Rivest's first number for (jurisdiction, batch),
 * and for a batch that comes again the next one after its last. Arlo cuts each to 18 digits before it goes on.
 */
export function ppebTickets(seed: string, drawn: Iterable<BatchKey>): string[] {
  const last = new Map<string, string>();
  return Array.from(drawn, (key) => {
    const id = pythonStr(key);
    const before = last.get(id);
    const ticket = trimTicket(before === undefined ? firstNumber(seed, id) : nextNumber(before), DIGITS);
    last.set(id, ticket);
    return ticket;
  });
}

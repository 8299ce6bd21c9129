import {
  assert,
  type Bytes,
  compareText,
  concatBytes,
  err,
  type Fault,
  ok,
  type Result,
  sha256,
  toHex,
  utf8,
} from "@detente/basics";
import { residue } from "./residue.ts";
import { Smallest } from "./smallest.ts";

/** A draw of one id. */
export interface SamplerTicket {
  /** A decimal fraction, `0.0544…`, with all its digits; `trimTicket` gives what reports print. */
  readonly number: string;
  readonly id: string;
  /** How often the id has been drawn, this time included. */
  readonly generation: number;
}

export interface SamplerDraw {
  /** Python's `str()` of the seed. */
  readonly seed: string;
  /** Python's `str()` of each id (`pythonStr`). Ids are distinct. */
  readonly ids: Iterable<string>;
  readonly count: number;
  readonly withReplacement: boolean;
}

interface Candidate extends SamplerTicket {
  /** The first six digits of the fraction as a whole number. */
  readonly head: number;
}

const HEAD = 1_000_000;

/**
 * The draw of Rivest's `consistent_sampler` 1.0 (arXiv:1808.10016), which Arlo uses: in the order of ticket numbers,
 * smallest first. A ticket number is the digits of SHA-256(hex(SHA-256(seed)) ‖ id) as a decimal number, last digit
 * first. With replacement a drawn id comes back with a larger number: the nines that its number begins with, then the
 * digits of SHA-256(number ‖ `:i`) for the first i ≥ 1 that makes it larger.
 */
export function drawConsistently({
  seed,
  ids,
  count,
  withReplacement,
}: SamplerDraw): Result<SamplerTicket[], Fault<"duplicate-id">> {
  assert(Number.isSafeInteger(count) && count >= 0, "a count is a whole number");
  const hash = idHasher(toHex(sha256(utf8(seed))));
  const smallest = new Smallest(count, compareTickets);
  for (const id of ids) {
    const digest = hash(id);
    const head = headOf(digest);
    const { largest } = smallest;
    if (largest === undefined || head <= (largest as Candidate).head) {
      const candidate: Candidate = { number: `0.${digitsOf(digest)}`, id, generation: 1, head };
      smallest.add(candidate);
    }
  }
  // No more than `count` ids can be drawn, however often: those whose first tickets are smallest.
  const first = smallest.sorted();
  const twice = first.find(({ number }, i) => number === first[i - 1]?.number);
  if (twice !== undefined) return err("duplicate-id", `${twice.id} is listed more than once: list each id once`);
  const tickets = first.map(({ number, id }) => ({ number, id, generation: 1 }));
  return ok(withReplacement ? replaced(tickets, count) : tickets);
}

/** SHA-256 of `prefix` ‖ id, in a buffer that is used again and again: most ids are hashed and forgotten. */
function idHasher(prefix: string): (id: string) => Bytes {
  const encoder = new TextEncoder();
  const start = utf8(prefix);
  let message = concatBytes(start, new Uint8Array(256));
  return (id) => {
    // UTF-8 takes at most three bytes for each UTF-16 code unit.
    if (start.length + 3 * id.length > message.length) message = concatBytes(start, new Uint8Array(6 * id.length));
    const { written } = encoder.encodeInto(id, message.subarray(start.length));
    return sha256(message.subarray(0, start.length + written));
  };
}

/** The ticket number of an id when it is drawn for the first time, with all its digits. */
export function firstNumber(seed: string, id: string): string {
  return `0.${digitsOf(idHasher(toHex(sha256(utf8(seed))))(id))}`;
}

/** What reports print of a ticket number: the nines that it begins with and then so many `digits`. */
export function trimTicket(number: string, digits: number): string {
  return number.slice(0, 2 + leadingNines(number) + digits);
}

/** Draws from tickets in ascending order, putting each back with its next number. */
function replaced(tickets: readonly SamplerTicket[], count: number): SamplerTicket[] {
  const drawn: SamplerTicket[] = [];
  // What was put back and may be drawn again, in ascending order from `at`; what lies behind the last draw is never reached.
  const waiting = [...tickets];
  for (let at = 0; at < waiting.length && drawn.length < count; at++) {
    const ticket = waiting[at] as SamplerTicket;
    drawn.push(ticket);
    const again = { number: nextNumber(ticket.number), id: ticket.id, generation: ticket.generation + 1 };
    waiting.splice(placeOf(again, waiting, at + 1), 0, again);
    waiting.length = Math.min(waiting.length, count);
  }
  return drawn;
}

/** Where `ticket` belongs among `sorted` from `from` on. */
function placeOf(ticket: SamplerTicket, sorted: readonly SamplerTicket[], from: number): number {
  let low = from;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareTickets(sorted[middle] as SamplerTicket, ticket) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The ticket number that an id has after `number` was drawn. */
export function nextNumber(number: string): string {
  const kept = number.slice(0, 2 + leadingNines(number));
  for (let i = 1; ; i++) {
    const next = kept + digitsOf(sha256(utf8(`${number}:${i}`)));
    if (next > number) return next;
  }
}

function leadingNines(number: string): number {
  let nines = 0;
  while (number[2 + nines] === "9") nines++;
  return nines;
}

/** The decimal digits of a digest, last one first, at least 64. */
function digitsOf(digest: Bytes): string {
  return Array.from(BigInt(`0x${toHex(digest)}`).toString())
    .reverse()
    .join("")
    .padEnd(64, "0");
}

/** The first six of them as a number. Cheap, and it keeps nearly all ids from becoming strings of digits. */
function headOf(digest: Bytes): number {
  let rest = residue(digest, HEAD);
  let head = 0;
  for (let i = 0; i < 6; i++) {
    head = head * 10 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  return head;
}

/** As texts, which is also their order as fractions. */
function compareTickets(a: SamplerTicket, b: SamplerTicket): number {
  return compareText(a.number, b.number);
}

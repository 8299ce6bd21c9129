import { type Result, unwrap } from "@detente/basics";
import type { CastVoteRecord } from "../cvr.ts";
import type { CvrOptions, CvrReading } from "../read/cards.ts";
import type { ReadFault } from "../read/fault.ts";
import type { InputFile } from "../read/input.ts";

export const REFUSE: CvrOptions = { malformed: "refuse" };
export const PHANTOM: CvrOptions = { malformed: "phantom" };

/** A file that comes in pieces of `size` bytes. */
export function fileOf(content: string | Uint8Array, name = "file", size = 1 << 16): InputFile {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  async function* open(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return { name, open };
}

interface Everything {
  readonly cards: readonly CastVoteRecord[];
  readonly phantoms: readonly ReadFault[];
  /** That ended the reading. */
  readonly fault: ReadFault | undefined;
}

export async function everythingIn(reading: CvrReading): Promise<Everything> {
  const cards: CastVoteRecord[] = [];
  const phantoms: ReadFault[] = [];
  let fault: ReadFault | undefined;
  for await (const block of reading.blocks()) {
    if (block.ok) {
      cards.push(...block.value.cards);
      phantoms.push(...block.value.phantoms);
    } else fault = block.fault;
  }
  return { cards, phantoms, fault };
}

/** Cards as a person would write them: `id batch: contest=choice,choice(rank)…`. */
export async function cardsOf(read: Result<CvrReading, ReadFault>): Promise<string[]> {
  const reading = unwrap(read);
  const { cards, fault } = await everythingIn(reading);
  if (fault !== undefined) throw new Error(fault.message);
  return cards.map((card) => cardText(card, reading));
}

function cardText({ id, batch, votes }: CastVoteRecord, { contests }: CvrReading): string {
  const texts = votes.map(({ contest, candidates, ranks }) => {
    const of = contests[contest]!;
    const names = Array.from(candidates, (candidate, i) => {
      const name = of.candidates[candidate]!.name;
      return of.isRanked ? `${name}(${ranks[i]})` : name;
    });
    return `${of.name}=${names.join(",")}`;
  });
  return `${id} ${batch}: ${texts.join("; ")}`.trim();
}

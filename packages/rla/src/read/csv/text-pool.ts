import { type CsvRecords, decode } from "./csv-records.ts";

const SLOTS = 1024;

/** Gives equal cells as the same string: batches and ballot styles repeat on every card. */
export class TextPool {
  readonly #slots: string[] = Array.from({ length: SLOTS }, () => "");

  /** The text of a cell, without blanks around it. */
  of(row: CsvRecords, cell: number): string {
    if (row.isEmpty(cell)) return "";
    const { bytes } = row;
    const start = row.starts[cell] as number;
    const end = row.ends[cell] as number;
    let hash = 0;
    for (let at = start; at < end; at++) hash = Math.imul(hash, 31) + (bytes[at] as number);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const kept = this.#slots[slot] as string;
    if (kept.length === end - start && equals(kept, bytes, start)) return kept;
    // Only what is the same letter for letter is kept; quotes and blanks are taken out of the others each time.
    const plain = decode(bytes, start, end);
    const text = row.text(cell);
    if (text === plain) this.#slots[slot] = text;
    return text;
  }
}

function equals(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

import type { Hit } from "../hit.ts";
import type { LineScreener } from "../line-screener.ts";
import { MAX_LINE, OVERLAP } from "../lines.ts";

/** From an offset of the decoded line on, what stands there stood in the file from this place on. */
interface Anchor {
  readonly at: number;
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Bytes of the file for each character. */
  readonly ratio: number;
}

/** Gathers decoded text into lines, screens them (longer ones in windows, as those of a log), and leads the hits back to where their text stood in the file. */
export class DecodedLines<Ref> {
  readonly #screener: LineScreener<Ref>;
  readonly #found: (hits: readonly Hit<Ref>[]) => void;
  #text = "";
  #anchors: Anchor[] = [];
  /** Offset from which hits are this window's own. */
  #ownStart = 0;

  constructor(screener: LineScreener<Ref>, found: (hits: readonly Hit<Ref>[]) => void) {
    this.#screener = screener;
    this.#found = found;
  }

  /** @param text one character for each byte; its line feeds end lines */
  append(text: string, line: number, column: number, ratio: number): void {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      this.#add(text.slice(from, end), { line, column: column + Math.floor(from * ratio), ratio });
      this.endLine();
      from = end + 1;
    }
    this.#add(text.slice(from), { line, column: column + Math.floor(from * ratio), ratio });
  }

  endLine(): void {
    if (this.#text !== "") this.#screen(this.#text.length);
    this.#text = "";
    this.#anchors = [];
    this.#ownStart = 0;
  }

  #add(text: string, place: Omit<Anchor, "at">): void {
    for (let from = 0; from < text.length;) {
      const taken = text.slice(from, from + MAX_LINE + 1 - this.#text.length);
      const column = place.column + Math.floor(from * place.ratio);
      this.#anchors.push({ ...place, column, at: this.#text.length });
      this.#text += taken;
      from += taken.length;
      if (this.#text.length > MAX_LINE) this.#endWindow();
    }
  }

  #endWindow(): void {
    this.#screen(this.#text.length - OVERLAP / 2);
    const cut = this.#text.length - OVERLAP;
    const kept = this.#anchors.findLastIndex(({ at }) => at <= cut);
    this.#anchors = this.#anchors.slice(kept).map((anchor) => ({ ...anchor, at: anchor.at - cut }));
    this.#text = this.#text.slice(cut);
    this.#ownStart = OVERLAP / 2;
  }

  #screen(ownEnd: number): void {
    const { hits } = this.#screener.screen(this.#text, 0, false);
    const own = hits.filter(({ column }) => column > this.#ownStart && column <= ownEnd);
    if (own.length > 0) this.#found(own.map((hit) => ({ ...hit, ...this.#placeOf(hit.column - 1) })));
  }

  #placeOf(offset: number): { line: number; column: number } {
    let low = 0;
    for (let high = this.#anchors.length; high - low > 1;) {
      const middle = (low + high) >>> 1;
      if ((this.#anchors[middle] as Anchor).at <= offset) low = middle;
      else high = middle;
    }
    const { at, line, column, ratio } = this.#anchors[low] as Anchor;
    return { line, column: Math.max(1, column + Math.floor((offset - at) * ratio)) };
  }
}

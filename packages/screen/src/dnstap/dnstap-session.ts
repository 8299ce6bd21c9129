import { DocumentReader } from "../document/document-reader.ts";
import type { Hit } from "../hit.ts";
import type { IndicatorIndex } from "../indicator-index.ts";
import { LineScreener } from "../line-screener.ts";
import type { Tally } from "../tally.ts";
import { FrameSplitter } from "./frames.ts";
import { readDnstap } from "./record.ts";

/** Screens dnstap (https://dnstap.info), frame by frame: frames are counted as lines, a hit's column is its byte. */
export class DnstapSession<Ref> {
  readonly #tally: Tally<Ref>;
  readonly #splitter = new FrameSplitter();
  readonly #reader = new DocumentReader("dnstap");
  readonly #screener: LineScreener<Ref>;

  constructor(index: IndicatorIndex<Ref>, tally: Tally<Ref>) {
    this.#tally = tally;
    tally.format = "dnstap";
    this.#screener = new LineScreener(index, this.#reader);
  }

  *push(chunk: Uint8Array): Generator<Hit<Ref>> {
    for (const { number, bytes } of this.#splitter.push(chunk)) {
      if (bytes === undefined) this.#tally.flag("bad-frame", number);
      else yield* this.#screen(bytes, number);
    }
  }

  end(): readonly Hit<Ref>[] {
    for (const { number } of this.#splitter.end()) this.#tally.flag("bad-frame", number);
    return [];
  }

  #screen(frame: Uint8Array, line: number): readonly Hit<Ref>[] {
    const { items, time, isDamaged } = readDnstap(frame);
    this.#tally.lines++;
    this.#tally.time(time);
    if (isDamaged) this.#tally.flag("bad-frame", line);
    this.#reader.moment = time;
    const found: Hit<Ref>[] = [];
    for (const { field, text, at } of items) {
      this.#reader.passage = { field, isWhole: true, unescape: (piece) => piece };
      const { hits } = this.#screener.screen(text, line, false);
      for (const hit of hits) found.push({ ...hit, column: at + 1 });
    }
    for (const hit of found) this.#tally.hit(hit);
    return found;
  }
}

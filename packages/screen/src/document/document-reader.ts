import type { LogFormat } from "../hit.ts";
import type { LineReader, LineVisitor } from "../formats/reader.ts";
import type { MappedText } from "../mapped-text.ts";

/** How a stretch of a document is to be read. */
export interface Passage {
  /** What a hit in it names as its field. */
  readonly field: string;
  /** Whether it is a field's whole value, so that filling it means something. */
  readonly isWhole: boolean;
  /** Undoes the escapes that it has. */
  readonly unescape: (piece: MappedText) => MappedText;
}

/** Lets lines that were decoded out of a document be screened like those of a log: each is one passage. */
export class DocumentReader implements LineReader {
  readonly format: LogFormat;
  passage: Passage = { field: "text", isWhole: false, unescape: (piece) => piece };
  /** When what is read happened, milliseconds since the epoch. */
  moment: number | null = null;

  constructor(format: LogFormat) {
    this.format = format;
  }

  unescape(piece: MappedText): MappedText {
    return this.passage.unescape(piece);
  }

  read(line: string, visitor: LineVisitor): boolean {
    visitor.piece(0, line.length, this.passage.field, !this.passage.isWhole);
    return true;
  }

  time(): number | null {
    return this.moment;
  }
}

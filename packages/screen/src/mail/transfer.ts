import { bytesToLatin1 } from "../latin1.ts";

/** A stretch of decoded bytes, a character each, and where in the encoded piece it stood. */
export interface Run {
  readonly text: string;
  readonly at: number;
  /** Encoded bytes for each decoded one. */
  readonly ratio: number;
}

/** Undoes a Content-Transfer-Encoding (RFC 2045 §6), line by line. */
export interface TransferDecoder {
  /**
   * @param piece a line, or a piece of one, without its end
   * @param startsLine whether it begins a line: the end of the one before belongs to what is decoded
   */
  decode(piece: string, startsLine: boolean): readonly Run[];
  /** What was held back, once no line follows. */
  end(): readonly Run[];
  /** Whether something stood there that the encoding does not have. */
  readonly isDamaged: boolean;
}

/** @param encoding the header's value in lower case; what is not known is taken as it stands */
export function transferDecoder(encoding: string): TransferDecoder {
  if (encoding === "base64") return new Base64();
  return encoding === "quoted-printable" ? new QuotedPrintable() : new Plain();
}

const LINE_END: Run = { text: "\n", at: 0, ratio: 0 };

class Plain implements TransferDecoder {
  readonly isDamaged = false;
  #isFirst = true;

  decode(piece: string, startsLine: boolean): readonly Run[] {
    const run = { text: piece, at: 0, ratio: 1 };
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return startsLine && !isFirst ? [LINE_END, run] : [run];
  }

  end(): readonly Run[] {
    return [];
  }
}

/** White space before the end of a line is held back up to this; there should be none. */
const MAX_HELD = 1024;

class QuotedPrintable implements TransferDecoder {
  readonly isDamaged = false;
  #isFirst = true;
  /** What means something else at the end of a line than within it: white space, `=`, half an escape. */
  #held = "";

  decode(piece: string, startsLine: boolean): readonly Run[] {
    const runs: Run[] = [];
    if (startsLine && !this.#isFirst) {
      const end = this.#held.trimEnd();
      if (end !== "=") runs.push({ ...LINE_END, text: `${end}\n` });
      this.#held = "";
    }
    this.#isFirst = false;
    const before = this.#held.length;
    const text = this.#held + piece;
    const length = lengthBeforeEnd(text);
    this.#held = text.slice(length);
    for (const match of text.slice(0, length).matchAll(/((?:=[0-9A-Fa-f]{2})+)|[^=]+|=/g)) {
      const at = match.index - before;
      const escapes = match[1];
      runs.push(escapes === undefined ? { text: match[0], at, ratio: 1 } : { text: unescape(escapes), at, ratio: 3 });
    }
    return runs;
  }

  end(): readonly Run[] {
    const rest = this.#held.trimEnd();
    return rest === "" || rest === "=" ? [] : [{ text: rest, at: 0, ratio: 0 }];
  }
}

function lengthBeforeEnd(text: string): number {
  let end = text.length;
  while (end > 0 && (text[end - 1] === " " || text[end - 1] === "\t")) end--;
  if (text.length - end > MAX_HELD) return text.length;
  if (text[end - 1] === "=") return end - 1;
  return end === text.length && text[end - 2] === "=" ? end - 2 : end;
}

function unescape(escapes: string): string {
  return escapes.replace(/=(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

const SEXTETS = new Int8Array(256).fill(-1);
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
for (let i = 0; i < DIGITS.length; i++) SEXTETS[DIGITS.charCodeAt(i)] = i;

class Base64 implements TransferDecoder {
  isDamaged = false;
  #bits = 0;
  #count = 0;

  decode(piece: string): readonly Run[] {
    const bytes = new Uint8Array(Math.ceil((piece.length * 3) / 4) + 1);
    let length = 0;
    for (let i = 0; i < piece.length; i++) {
      const code = piece.charCodeAt(i);
      const sextet = SEXTETS[code] as number;
      if (sextet >= 0) {
        this.#bits = ((this.#bits << 6) | sextet) & 0xfff;
        if (this.#count++ % 4 !== 0) bytes[length++] = this.#bits >> (6 - 2 * ((this.#count - 1) % 4));
      } else if (code === 0x3d) {
        // Padding ends a text; some programs read on after it, so what follows begins a new one.
        this.#count = 0;
      } else if (code !== 0x20 && code !== 0x09) this.isDamaged = true;
    }
    if (length === 0) return [];
    return [{ text: bytesToLatin1(bytes.subarray(0, length)), at: 0, ratio: 4 / 3 }];
  }

  end(): readonly Run[] {
    return [];
  }
}

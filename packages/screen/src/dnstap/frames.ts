/** Larger frames are no dnstap: two DNS messages of 64 KiB and little else (also the default limit of fstrm). */
const MAX_FRAME = 1024 * 1024;
/** Of a control frame, as fstrm limits it. */
const MAX_CONTROL = 512;

const START = 2;
const READY = 4;
const CONTROL_TYPES: ReadonlySet<number> = new Set([1, START, 3, READY, 5]);
const CONTENT_TYPE_FIELD = 1;
const CONTENT_TYPE = "protobuf:dnstap.Dnstap";

/**
 * Whether bytes begin a Frame Streams file or connection (https://farsightsec.github.io/fstrm): an escape, then a
 * control frame. `undefined` while they are too few to tell. No text begins so.
 */
export function isFrameStreams(head: Uint8Array): boolean | undefined {
  if (head.subarray(0, 4).some((byte) => byte !== 0)) return false;
  if (head.length < 12) return undefined;
  const type = wordAt(head, 8);
  return wordAt(head, 4) >= 4 && wordAt(head, 4) <= MAX_CONTROL && (type === START || type === READY);
}

/** A data frame, or what stands in the place of one. */
export interface Frame {
  /** Data frames are counted from 1; what is damaged bears the number of the frame that was expected. */
  readonly number: number;
  /** Absent for a frame over the limit, one that was cut, and a control frame that is none or of other content. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * Cuts Frame Streams into data frames, the same frames however the bytes are chunked. Memory is bounded by a frame of
 * 1 MiB; of longer ones the bytes are passed over.
 */
export class FrameSplitter {
  #pending: Uint8Array = new Uint8Array(0);
  #number = 1;
  /** Bytes of a frame over the limit that are still to come. */
  #skip = 0;

  *push(chunk: Uint8Array): Generator<Frame> {
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    const bytes = joined(this.#pending, chunk.subarray(skipped));
    let at = 0;
    while (bytes.length - at >= 4) {
      const length = wordAt(bytes, at);
      const isControl = length === 0;
      if (isControl && bytes.length - at < 8) break;
      const begin = at + (isControl ? 8 : 4);
      const size = isControl ? wordAt(bytes, at + 4) : length;
      if (size > (isControl ? MAX_CONTROL : MAX_FRAME)) {
        yield { number: this.#number++, bytes: undefined };
        at = Math.min(bytes.length, begin + size);
        this.#skip = begin + size - at;
        continue;
      }
      if (bytes.length - begin < size) break;
      const content = bytes.subarray(begin, begin + size);
      at = begin + size;
      if (!isControl) yield { number: this.#number++, bytes: content };
      else if (!isControlFrame(content)) yield { number: this.#number, bytes: undefined };
    }
    this.#pending = bytes.slice(at);
  }

  /** What was cut off, if something was. */
  *end(): Generator<Frame> {
    if (this.#pending.length > 0 || this.#skip > 0) yield { number: this.#number, bytes: undefined };
  }
}

function isControlFrame(content: Uint8Array): boolean {
  if (content.length < 4 || !CONTROL_TYPES.has(wordAt(content, 0))) return false;
  for (let at = 4; at < content.length;) {
    if (content.length - at < 8) return false;
    const length = wordAt(content, at + 4);
    const value = content.subarray(at + 8, at + 8 + length);
    if (value.length !== length) return false;
    if (wordAt(content, at) === CONTENT_TYPE_FIELD && String.fromCharCode(...value) !== CONTENT_TYPE) return false;
    at += 8 + length;
  }
  return true;
}

/** Copies: the chunk's owner may reuse its memory. */
function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

/** A big-endian word of 32 bits. */
function wordAt(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

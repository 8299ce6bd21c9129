import { err, ok, type Result } from "@detente/basics";
import { sizeText } from "../size-text.ts";
import { type InputFault, unreadable } from "../faults.ts";
import { MAGIC_BYTES, packedOtherwise, type Packing, PACKING_BYTES, packingOf } from "./packing.ts";
import { METHODS } from "./methods.ts";
import type { Unpacker } from "./unpacker.ts";
import { utf16Of, utf8Of } from "./utf-16.ts";

export interface UnpackOptions {
  /** The input's name, for what is said about it. */
  readonly name: string;
  /** Bytes that may come out of packed data: a small file must not keep us busy for ever. */
  readonly maxUnpacked: number;
  /**
   * Called at most once, at the end of the bytes, if they are not all that should have been there. It is no
   * exception, so that everything before the damage is screened like any other input.
   */
  readonly onFault: (fault: InputFault) => void;
}

/**
 * The bytes of an input, unpacked where it is a gzip or zstd file by its first bytes, and as UTF-8 where they, or what
 * they unpack to, are UTF-16; in constant memory.
 */
export async function* unpacked(raw: AsyncIterable<Uint8Array>, options: UnpackOptions): AsyncGenerator<Uint8Array> {
  const source = unpackedBytes(raw, options);
  try {
    const first = await firstBytes(source, utf16Of);
    const encoding = utf16Of(first);
    const whole = chain(first, source);
    yield* encoding === undefined ? whole : utf8Of(encoding, whole);
  } finally {
    await source.return(undefined);
  }
}

async function* unpackedBytes(
  raw: AsyncIterable<Uint8Array>,
  { name, maxUnpacked, onFault }: UnpackOptions,
): AsyncGenerator<Uint8Array> {
  const source = raw[Symbol.asyncIterator]();
  let given = 0;
  try {
    const first = await firstBytes(source, packingOf);
    const packing = packingOf(first);
    const whole = chain(first, source);
    let packed = packedOtherwise(first);
    if (packing === undefined) yield* whole;
    else {
      let begin: Uint8Array = new Uint8Array(0);
      for await (const chunk of unpack(packing, whole)) {
        if (given < MAGIC_BYTES) begin = Buffer.concat([begin, chunk.subarray(0, MAGIC_BYTES)]);
        given += chunk.length;
        if (given > maxUnpacked) {
          const what = `unpacks to more than ${sizeText(maxUnpacked)}; what follows was not read`;
          return onFault(err("too-large", `${name}: ${what} — raise the limit (--max-unpacked)`).fault);
        }
        yield chunk;
      }
      const inner = packingOf(begin);
      packed = inner === undefined ? packedOtherwise(begin) : TWICE;
    }
    if (packed !== undefined) onFault(err("packed", `${name}: ${packed}`).fault);
  } catch (error) {
    if (!(error instanceof DamagedData)) return onFault(unreadable(name, error).fault);
    const place = given === 0 ? "at its beginning" : `after ${sizeText(given)} of unpacked data`;
    const what = `is cut or damaged ${place} (${error.message})`;
    onFault(err("damaged", `${name}: ${what} — what could be unpacked was read; copy it again`).fault);
  } finally {
    await source.return?.();
  }
}

const TWICE = "is packed twice, and only the outer packing was undone — unpack it once before";

class DamagedData extends Error {}

async function* unpack(packing: Packing, packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { open, slice } = METHODS[packing];
  const out: Uint8Array[] = [];
  const opened = (): Unpacker => open((bytes) => void out.push(bytes));
  let unpacker = opened();
  try {
    for await (const chunk of packed) {
      for (let from = 0; from < chunk.length;) {
        if (unpacker.hasEnded()) {
          // Between members there may be padding with zeros, as tapes and block devices leave it.
          while (chunk[from] === 0) from++;
          if (from === chunk.length) break;
          unpacker.close();
          unpacker = opened();
        }
        const taken = await outcome(unpacker.push(chunk.subarray(from, from + slice)));
        yield* out.splice(0);
        from += orDamaged(taken);
      }
    }
    const end = unpacker.hasEnded() ? ok(undefined) : await outcome(unpacker.end());
    yield* out.splice(0);
    orDamaged(end);
  } finally {
    unpacker.close();
  }
}

async function outcome<T>(promise: Promise<T>): Promise<Result<T>> {
  return promise.then(ok, (error: Error) => err("damaged", error.message));
}

function orDamaged<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new DamagedData(result.fault.message);
}

/** At least as many bytes as tell a packing or an encoding, where there are so many. */
async function firstBytes(
  source: AsyncIterator<Uint8Array>,
  tell: (first: Uint8Array) => string | undefined,
): Promise<Uint8Array> {
  let first: Uint8Array = new Uint8Array(0);
  while (first.length < PACKING_BYTES && tell(first) === undefined) {
    const next = await source.next();
    if (next.done === true) break;
    first = first.length === 0 ? next.value : Buffer.concat([first, next.value]);
  }
  return first;
}

async function* chain(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

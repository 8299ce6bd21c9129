import { join } from "node:path";
import { type Bytes, concatBytes, ok, type Result } from "@detente/basics";
import { corrupt, type CorruptFault } from "../faults.ts";
import type { BodyIndex } from "../sqlite/body-index.ts";
import type { FileSystem } from "./file-system.ts";
import { type Frame, HEADER_BYTES, scanFrames } from "./frames.ts";

const NAME = /^(\d{6})\.pack$/;
const BODY = 1;
const DIGEST_BYTES = 32;

/** From the start of a body's frame to the body itself. */
export const BODY_OFFSET: number = HEADER_BYTES + DIGEST_BYTES;

export function bodyFrame(digest: Bytes, body: Bytes): Frame {
  return { kind: BODY, payload: concatBytes(digest, body) };
}

export function packPath(directory: string, pack: number): string {
  return join(directory, `${String(pack).padStart(6, "0")}.pack`);
}

/** Brings the index up to the packs on disk, and cuts a torn tail from the last. Gives where to write on. */
export async function catchUp(
  fs: FileSystem,
  directory: string,
  index: BodyIndex,
): Promise<Result<{ pack: number; length: number }, CorruptFault>> {
  await fs.syncDirectory(directory);
  const packs = (await fs.list(directory)).flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
  const indexed = index.position();
  const reached = (await fs.size(packPath(directory, indexed.pack))) ?? 0;
  // An index that is ahead of the packs belongs to others: an older copy of them was restored.
  if (reached < indexed.offset) index.clear();
  const from = index.position();
  let end = from;
  for (const pack of packs.filter((one) => one >= from.pack)) {
    const start = pack === from.pack ? from.offset : 0;
    const scanned = await scanPack(fs, packPath(directory, pack), start, pack === packs.at(-1));
    if (!scanned.ok) return scanned;
    end = { pack, offset: scanned.value.end };
    index.add(
      scanned.value.bodies.map((body) => ({ ...body, pack })),
      end,
    );
  }
  return ok({ pack: end.pack, length: end.offset });
}

interface FoundBody {
  readonly digest: Bytes;
  readonly offset: number;
  readonly length: number;
}

async function scanPack(
  fs: FileSystem,
  path: string,
  start: number,
  isLast: boolean,
): Promise<Result<{ bodies: FoundBody[]; end: number }, CorruptFault>> {
  const file = await fs.open(path, "existing");
  try {
    // What an earlier process wrote but did not live to sync must be durable before anybody relies on it.
    await file.datasync();
    const length = (await fs.size(path)) ?? 0;
    const { frames, end, damaged } = scanFrames(await file.read(length - start, start));
    if (damaged || (start + end < length && !isLast)) {
      return corrupt(path, `damaged at byte ${start + end}, though it had been durable; restore this file from a copy`);
    }
    if (start + end < length) {
      await file.truncate(start + end);
      await file.datasync();
    }
    const bodies = frames.map(({ payload, offset }) => ({
      digest: new Uint8Array(payload.subarray(0, DIGEST_BYTES)),
      offset: start + offset + BODY_OFFSET,
      length: payload.length - DIGEST_BYTES,
    }));
    return ok({ bodies, end: start + end });
  } finally {
    await file.close();
  }
}

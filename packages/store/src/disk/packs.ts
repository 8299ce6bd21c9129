import { join } from "node:path";
import { type Bytes, concatBytes, ok, type Result } from "@detente/basics";
import { corrupt, type CorruptFault } from "../faults.ts";
import type { BodyIndex } from "./body-index.ts";
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

/** Notes all bodies of the packs on disk in an index, and cuts a torn tail from the last. Gives where to write on. */
export async function readPacks(
  fs: FileSystem,
  directory: string,
  index: BodyIndex,
): Promise<Result<{ pack: number; length: number }, CorruptFault>> {
  await fs.syncDirectory(directory);
  const packs = (await fs.list(directory)).flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
  let end = { pack: 0, length: 0 };
  for (const pack of packs) {
    const scanned = await scanPack(fs, directory, pack, pack === packs.at(-1), index);
    if (!scanned.ok) return scanned;
    end = { pack, length: scanned.value };
  }
  return ok(end);
}

/** Gives the length of the pack. */
async function scanPack(
  fs: FileSystem,
  directory: string,
  pack: number,
  isLast: boolean,
  index: BodyIndex,
): Promise<Result<number, CorruptFault>> {
  const path = packPath(directory, pack);
  const file = await fs.open(path, "existing");
  try {
    // What an earlier process wrote but did not live to sync must be durable before anybody relies on it.
    await file.datasync();
    const length = (await fs.size(path)) ?? 0;
    const { frames, end, damaged } = scanFrames(await file.read(length, 0));
    if (damaged || (end < length && !isLast)) {
      return corrupt(path, `damaged at byte ${end}, though it had been durable; restore this file from a copy`);
    }
    if (end < length) {
      await file.truncate(end);
      await file.datasync();
    }
    for (const { payload, offset } of frames) {
      const location = { pack, offset: offset + BODY_OFFSET, length: payload.length - DIGEST_BYTES };
      index.add(payload.subarray(0, DIGEST_BYTES), location);
    }
    return ok(end);
  } finally {
    await file.close();
  }
}

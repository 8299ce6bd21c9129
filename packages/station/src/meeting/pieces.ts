import { appendFile, mkdir, open, rename, stat, truncate } from "node:fs/promises";
import { err, type Fault, ok, type Result } from "@detente/basics";
import { messageBytes, type Step } from "@detente/match";
import type { Peer } from "../sync/peer.ts";
import type { MeetingFolder } from "./folder.ts";
import type { Sides } from "./sides.ts";

/** Bytes of a message that go out in one answer. */
const PIECE: number = 2 ** 20;

const TIMEOUT_MS = 60_000;

export type PieceFault = Fault<"not-given">;

/**
 * Fetches a message of a known length to the disk, piece by piece; what came before a break is not fetched again.
 * @param at of the route, without the number of the piece
 * @param path of the file that it becomes once it is whole
 */
export async function fetchPieces(
  peer: Peer,
  at: string,
  { path, length }: { readonly path: string; readonly length: number },
): Promise<Result<void, PieceFault>> {
  const part = `${path}.part`;
  await mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
  await appendFile(part, "", { mode: 0o600 });
  const { size } = await stat(part);
  let piece = Math.min(Math.floor(size / PIECE), Math.floor(length / PIECE));
  // A piece that was being written when the station stopped is fetched anew.
  await truncate(part, PIECE * piece);
  for (; PIECE * piece < length; piece++) {
    const expected = Math.min(PIECE, length - PIECE * piece);
    const answer = await peer.client.request("GET", `${at}/${piece}`, { maxBytes: expected, timeoutMs: TIMEOUT_MS });
    if (!answer.ok) return err("not-given", answer.fault.message);
    const { status, body } = answer.value;
    if (status !== 200 || body.length !== expected) {
      return err("not-given", `${peer.name} gives no piece ${piece} of this message (status ${status})`);
    }
    await appendFile(part, body);
  }
  const file = await open(part, "r+");
  await file.sync();
  await file.close();
  await rename(part, path);
  return ok(undefined);
}

/** A piece of one of our messages for the other side, once both have committed to theirs on the record; else undefined. */
export async function servedPiece(
  folder: MeetingFolder,
  { me, them }: Sides,
  step: Step,
  piece: number,
): Promise<Uint8Array | undefined> {
  if (me.isOut || them.isOut || me[step] === undefined || them[step] === undefined) return undefined;
  if (step === "contents" && me.consent !== "accept") return undefined;
  const { list } = step === "list" ? me : them;
  const length = messageBytes(step, list?.content.count ?? 0);
  if (PIECE * piece >= length || (await folder.size(step)) !== length) return undefined;
  return folder.readAt(step, PIECE * piece, Math.min(PIECE, length - PIECE * piece));
}

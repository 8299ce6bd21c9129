import { assert, err, ok, type Fault, type Result } from "@detente/basics";
import { isCount } from "./bits.ts";
import { MAX_TILE_LEVEL, TILE_WIDTH, type Tile } from "./tile.ts";

/** `path`: not the one canonical path of any tile or bundle. */
export type TilePathFault = Fault<"path">;

const LEVEL = /^(?:0|[1-9]\d?)$/;
// Six groups of three digits hold every safe integer.
const POSITION = /^((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/**
 * The path of a tile below the log's prefix, as in `tile/1/x001/x234/067.p/8` (C2SP tlog-tiles).
 * @throws for a level above 63, an index that is no safe integer, a width outside 1..256
 */
export function tilePath(level: number, index: number, width: number = TILE_WIDTH): string {
  assert(isCount(level) && level <= MAX_TILE_LEVEL, `tile level ${level} is one of 0..${MAX_TILE_LEVEL}`);
  return `tile/${level}/${formatPosition(index, width)}`;
}

/**
 * The path of an entry bundle below the log's prefix, as in `tile/entries/x001/x234/067.p/8` (C2SP tlog-tiles).
 * @throws for an index that is no safe integer, a width outside 1..256
 */
export function entriesPath(index: number, width: number = TILE_WIDTH): string {
  return `tile/entries/${formatPosition(index, width)}`;
}

/** Reads the canonical path of a tile; everything else is a fault. */
export function parseTilePath(path: string): Result<Tile, TilePathFault> {
  const [root, level = "", ...rest] = path.split("/");
  const position = parsePosition(rest.join("/"));
  if (root !== "tile" || !LEVEL.test(level) || Number(level) > MAX_TILE_LEVEL || position === undefined) {
    return err("path", "not the path of a tile; write tile/<level>/<index>[.p/<width>], the index as in x001/x234/067");
  }
  return ok({ level: Number(level), ...position });
}

/** Reads the canonical path of an entry bundle; everything else is a fault. */
export function parseEntriesPath(path: string): Result<{ index: number; width: number }, TilePathFault> {
  const prefix = "tile/entries/";
  const position = path.startsWith(prefix) ? parsePosition(path.slice(prefix.length)) : undefined;
  if (position === undefined) {
    return err("path", "not the path of an entry bundle; write tile/entries/<index>[.p/<width>]");
  }
  return ok(position);
}

function formatPosition(index: number, width: number): string {
  assert(isCount(index), `tile index ${index} is an integer of 0..2^53-1`);
  assert(Number.isInteger(width) && width >= 1 && width <= TILE_WIDTH, `tile width ${width} is one of 1..256`);
  let text = lastGroup(index);
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    text = `x${lastGroup(rest)}/${text}`;
  }
  return width === TILE_WIDTH ? text : `${text}.p/${width}`;
}

function lastGroup(n: number): string {
  return String(n % 1000).padStart(3, "0");
}

function parsePosition(text: string): { index: number; width: number } | undefined {
  const match = POSITION.exec(text);
  if (match === null) return undefined;
  const groups = match[1] as string;
  const index = Number(groups.replaceAll(/[x/]/g, ""));
  const width = match[2] === undefined ? TILE_WIDTH : Number(match[2]);
  // A full tile is never written with its width, and a leading group of zeros would be a second path to one tile.
  if (!isCount(index) || groups.startsWith("x000/") || (match[2] !== undefined && width >= TILE_WIDTH)) {
    return undefined;
  }
  return { index, width };
}

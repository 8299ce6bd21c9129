import { err, type Fault, ok, type Result } from "@detente/basics";
import { LOG_FORMATS, type LogFormat } from "@detente/screen";
import type { Fingerprint } from "../content/tracker.ts";

/** A place in a log where a segment of it ended, and what a reader has to know who begins there. */
export interface LinePlace {
  /** Bytes, unpacked. */
  readonly offset: number;
  /** The number of the line that begins there, from 1. */
  readonly line: number;
  /** Bytes of that line which stand before the place; none when absent. Only of a line over 1 MiB there are any. */
  readonly column?: number;
  /** The header lines in force (Zeek TSV), with their line ends; one character a byte. */
  readonly header: string;
}

/** A part of a log, up to a place, and the version of the list that it was screened for. */
export interface Part {
  readonly list: string;
  readonly end: LinePlace;
}

/** What stood behind the last line end and was screened nevertheless, as if it were a line. */
interface ScreenedRest {
  /** Bytes. */
  readonly length: number;
  readonly list: string;
  /** Its hits, so that they are not found again when the line goes on: column, kind and value of each. */
  readonly hits: readonly string[];
}

/** How far a log has been screened. */
export interface Entry {
  readonly v: 1;
  /** Which log it is: made of its device, inode, first line and generation. */
  readonly id: string;
  /** Entries that were begun later have higher ones. */
  readonly serial: number;
  /** The name that the log was written under. */
  readonly name: string;
  /** Where it was last seen. */
  readonly path: string;
  readonly dev: string;
  readonly ino: string;
  /** Bytes on disk and time of the last change (nanoseconds) when it was last read to its end; empty before. */
  readonly size: string;
  readonly mtime: string;
  readonly format: LogFormat | null;
  /** What was read: up to the end of the last part. */
  readonly read: Fingerprint;
  /** From its beginning on, each with another list than its neighbours. */
  readonly parts: readonly Part[];
  readonly rest: ScreenedRest | null;
  /** Bytes of the journal that hold its hits so far, and all hits that were written down before. */
  readonly journal: number;
}

export const BEGINNING: LinePlace = { offset: 0, line: 1, header: "" };

/** How far the log has been screened for any list. */
export function endOf({ parts }: Entry): LinePlace {
  return parts.at(-1)?.end ?? BEGINNING;
}

/** Where a part begins. */
export function beginOf({ parts }: Entry, part: number): LinePlace {
  return parts[part - 1]?.end ?? BEGINNING;
}

/** Parts without needless seams: of neighbours with one list the last one's end counts; empty ones are left out. */
export function joinParts(parts: readonly Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const before = joined.at(-1);
    if (part.end.offset === (before?.end.offset ?? 0)) continue;
    if (before?.list === part.list) joined[joined.length - 1] = part;
    else joined.push(part);
  }
  return joined;
}

export function encodeEntry(entry: Entry): Uint8Array {
  return Buffer.from(`${JSON.stringify(entry)}\n`);
}

/** Reads an entry; what stands on disk is checked like anything from outside. */
export function decodeEntry(bytes: Uint8Array): Result<Entry, Fault<"not-an-entry">> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    if (isEntry(value)) return ok(value);
  } catch {
    // Told below.
  }
  return err("not-an-entry", "is not the state of a log in this version's form");
}

function isEntry(value: unknown): value is Entry {
  return (
    isObject(value) &&
    value["v"] === 1 &&
    ["id", "name", "path", "dev", "ino", "size", "mtime"].every((name) => typeof value[name] === "string") &&
    [value["serial"], value["journal"]].every(isCount) &&
    (value["format"] === null || LOG_FORMATS.some((format) => format === value["format"])) &&
    isFingerprint(value["read"]) &&
    Array.isArray(value["parts"]) &&
    value["parts"].every(isPart) &&
    (value["rest"] === null || isRest(value["rest"]))
  );
}

function isFingerprint(value: unknown): boolean {
  return isObject(value) && isCount(value["offset"]) && [value["head"], value["mark"]].every(isText);
}

function isPart(value: unknown): boolean {
  if (!isObject(value) || !isText(value["list"]) || !isObject(value["end"])) return false;
  const { offset, line, column = 0, header } = value["end"];
  return isCount(offset) && isCount(line) && isCount(column) && isText(header);
}

function isRest(value: unknown): boolean {
  if (!isObject(value) || !isCount(value["length"]) || !isText(value["list"])) return false;
  return Array.isArray(value["hits"]) && value["hits"].every(isText);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { collect, err, type Fault, ok, type Result } from "@detente/basics";
import { buildIndicatorIndex, createScreener, type LogFormat } from "@detente/screen";
import { needsUnpacking, PACKING_BYTES } from "../unpack/packing.ts";
import { lineCuts } from "./cuts.ts";
import { fileState, firstBytes } from "./file-state.ts";
import { type Segment, segmentBytes, segmentId } from "./segment.ts";
import { zeekHeaders } from "./zeek-headers.ts";

export interface PlanOptions {
  /** Bytes of a segment, about. */
  readonly length: number;
  /** Told by each log's content when absent. */
  readonly format: LogFormat | undefined;
  /** The digest of the list of indicators. */
  readonly indicators: string;
}

/** A log and its segments, in the order of its bytes. */
export interface PlannedLog {
  readonly path: string;
  readonly segments: readonly PlannedSegment[];
}

export interface PlannedSegment extends Segment {
  readonly id: string;
  readonly descriptor: Uint8Array;
}

export type PlanFault = Fault<"unreadable" | "too-many">;

const MAX_SEGMENTS = 1_000_000;
/** Later parts of a log whose lines stand for themselves: the file's first line, which may bear a byte order mark, is over. */
const NOT_THE_FIRST_LINE = "\n";

/** Divides logs into segments. Reads some of each: the beginning and what is around the cuts; of Zeek's TSV all. */
export async function planLogs(
  paths: readonly string[],
  options: PlanOptions,
): Promise<Result<PlannedLog[], PlanFault>> {
  const logs: PlannedLog[] = [];
  let number = 0;
  for (const path of paths) {
    const planned = await planLog(path, options, number);
    if (!planned.ok) return planned;
    logs.push(planned.value);
    number += planned.value.segments.length;
    if (number > MAX_SEGMENTS) return err("too-many", `${path}: more than ${MAX_SEGMENTS} segments — make them larger`);
  }
  return ok(logs);
}

async function planLog(path: string, options: PlanOptions, number: number): Promise<Result<PlannedLog, PlanFault>> {
  const state = await fileState(path);
  if (!state.ok) return err(state.fault.code, `${path}: ${state.fault.message}`);
  let cutting: Cutting;
  try {
    cutting = await cut(path, state.value.size, options);
  } catch (error) {
    return err("unreadable", `${path}: cannot be read: ${(error as Error).message}`);
  }
  const { isPacked, format, starts, headers } = cutting;
  const uri = pathToFileURL(resolve(path)).href;
  const segments = starts.map((offset, i): PlannedSegment => {
    const segment: Segment = {
      number: number + i,
      uri,
      state: state.value,
      offset,
      length: (starts[i + 1] ?? state.value.size) - offset,
      isPacked,
      format: format ?? null,
      header: headers[i] ?? "",
      indicators: options.indicators,
    };
    const descriptor = segmentBytes(segment);
    return { ...segment, id: segmentId(descriptor), descriptor };
  });
  return ok({ path, segments });
}

/** How a log is divided: where its segments begin, and what the reader of each must have seen. */
interface Cutting {
  readonly isPacked: boolean;
  readonly format: LogFormat | undefined;
  readonly starts: readonly number[];
  readonly headers: readonly string[];
}

async function cut(path: string, size: number, { length, format: told }: PlanOptions): Promise<Cutting> {
  const { isPacked, cuts } = await lookInto(path, size, length);
  const whole = { isPacked, format: told, starts: [0], headers: [] };
  if (cuts.length === 0) return whole;
  const format = told ?? (await formatOf(path));
  const headers = await headersFor(format, path, cuts);
  return headers === undefined ? whole : { isPacked, format, starts: [0, ...cuts], headers: ["", ...headers] };
}

/** What the reader of a format must have seen before it reads on at each of the cuts; undefined: it must see all. */
async function headersFor(
  format: LogFormat | undefined,
  path: string,
  cuts: readonly number[],
): Promise<string[] | undefined> {
  switch (format) {
    case "zeek-tsv": {
      const end = (cuts.at(-1) ?? 0) - 1;
      const headers = await zeekHeaders(createReadStream(path, { end, highWaterMark: 1 << 20 }), cuts);
      return headers?.map((header) => header || NOT_THE_FIRST_LINE);
    }
    case "zeek-json":
    case "eve":
    case "json":
    case "access-log":
    case "squid":
    case "bind":
    case "syslog":
    case "text":
      return cuts.map(() => NOT_THE_FIRST_LINE);
    // A quoted cell may span lines, and a message or a frame stream is decoded from its beginning.
    case "csv":
    case "mbox":
    case "eml":
    case "dnstap":
    case undefined:
      return undefined;
  }
}

/** Whether a file is compressed, and else where it may be cut. */
async function lookInto(path: string, size: number, length: number): Promise<{ isPacked: boolean; cuts: number[] }> {
  const file = await open(path);
  try {
    const isPacked = needsUnpacking(await firstBytes(file, PACKING_BYTES));
    return { isPacked, cuts: isPacked ? [] : await lineCuts(file, size, length) };
  } finally {
    await file.close();
  }
}

/** The format as an engine that reads the log from its beginning tells it, if it has lines that do. */
async function formatOf(path: string): Promise<LogFormat | undefined> {
  const screening = createScreener(buildIndicatorIndex([])).screen(untilKnown(), { name: path });
  const isKnown = (): boolean => screening.summary().format !== null;
  async function* untilKnown(): AsyncGenerator<Uint8Array, undefined> {
    for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
      yield chunk;
      if (isKnown()) return undefined;
    }
    return undefined;
  }
  await collect(screening);
  return screening.summary().format ?? undefined;
}

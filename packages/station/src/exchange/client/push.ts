import {
  type Bytes,
  concatBytes,
  err,
  type Fault,
  type Json,
  ok,
  type Result,
  utf8,
  utf8Decode,
} from "@detente/basics";
import { cleanText } from "@detente/intel";
import type { ObjectReader, Records, StoredObject } from "@detente/store";
import type { WireFetch } from "../../wire/wire-fetch.ts";
import {
  type ClientLimits,
  ofDescriptions,
  type RemoteCollection,
  type RemoteFault,
  RemoteServer,
} from "./requests.ts";

export interface PushOptions {
  readonly to: RemoteCollection;
  readonly fetch: WireFetch;
  readonly limits: ClientLimits;
  /** What is sent: a collection here, in the order of adding, all versions. */
  readonly from: { readonly reader: ObjectReader; readonly collection: string };
  /** Where it is put down how far this came, under `key`. */
  readonly progress: { readonly records: Records; readonly key: string };
  /** Why an object must stay here; `undefined` if it may be sent. */
  readonly obstacle: (object: StoredObject) => string | undefined;
  /** Waits so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
}

/** An object that was not sent, or that the other server did not take. */
export interface Refused {
  readonly id: string;
  readonly version: string;
  readonly message: string;
}

export interface PushReport {
  readonly sent: number;
  readonly taken: number;
  /** The first thousand; `refusedCount` counts all. */
  readonly refused: readonly Refused[];
  readonly refusedCount: number;
}

export type PushFault = RemoteFault | Fault<"unknown-outcome">;

const BATCH = 1000;
const BATCH_BYTES = 8 * 1024 * 1024;
/** Around and between objects. */
const OPENING: Bytes = utf8('{"objects":[');
const COMMA: Bytes = utf8(",");
const CLOSING: Bytes = utf8("]}");
const MAX_REFUSED = 1000;
/** A status is asked for again after so long, twice as long each time: for some two minutes. */
const FIRST_WAIT_MS = 250;
const ASKS = 9;

/**
 * Sends what is new in a collection here to a server outside. How far this came is put down once the other has decided
 * about every object of a batch: after an interruption the batch is sent again, which is no error there.
 */
export async function push(options: PushOptions): Promise<Result<PushReport, PushFault>> {
  const { to, from, progress } = options;
  const server = new RemoteServer(to, options.fetch, ofDescriptions(options.limits));
  const room = await contentLimit(server);
  if (!room.ok) return room;
  const report = { sent: 0, taken: 0, refused: [] as Refused[], refusedCount: 0 };
  const refuse = (refused: Refused): void => {
    report.refusedCount++;
    if (report.refused.length < MAX_REFUSED) report.refused.push(refused);
  };
  let after = ((await progress.records.get(progress.key)) as { after?: number } | undefined)?.after ?? -1;
  for (let more = true; more;) {
    const page = await from.reader.objects(from.collection, {
      versions: "all",
      after,
      limit: BATCH,
      maxBytes: Math.min(BATCH_BYTES, room.value - BATCH - OPENING.length - CLOSING.length),
    });
    more = page.more;
    const last = page.rows.at(-1);
    if (last === undefined) break;
    const rows = page.rows.filter((row) => {
      const message = options.obstacle(row);
      if (message !== undefined) refuse({ ...named(row), message });
      return message === undefined;
    });
    const body = concatBytes(OPENING, ...rows.flatMap(({ bytes }, i) => (i === 0 ? [bytes] : [COMMA, bytes])), CLOSING);
    report.sent += rows.length;
    if (body.length > room.value) {
      for (const row of rows)
        refuse({ ...named(row), message: `is larger than the ${room.value} bytes that it takes` });
    } else if (rows.length > 0) {
      const decided = await send(server, body, options);
      if (!decided.ok) return decided;
      report.taken += decided.value.success_count;
      for (const failure of decided.value.failures ?? []) refuse(refusedOf(failure));
      report.refusedCount += Math.max(0, decided.value.failure_count - (decided.value.failures?.length ?? 0));
    }
    after = last.added;
    await progress.records.set(progress.key, { after } satisfies Json);
  }
  return ok(report);
}

/** As much of a status resource (TAXII 2.1 §4.3) as matters here. */
interface RemoteStatus {
  readonly id: string;
  readonly status: string;
  readonly success_count: number;
  readonly failure_count: number;
  readonly pending_count: number;
  readonly failures?: readonly unknown[];
}

/** Posts an envelope and asks until the other has decided about all of it. */
async function send(
  server: RemoteServer,
  body: Bytes,
  { to, wait }: PushOptions,
): Promise<Result<RemoteStatus, PushFault>> {
  let answer = await server.post(`collections/${encodeURIComponent(to.collection)}/objects/`, body);
  for (let asked = 0; asked <= ASKS; asked++) {
    if (!answer.ok) return answer;
    const status = statusOf(answer.value.body);
    if (status === undefined) return err("not-taxii", `${to.apiRoot} answers without a status; is it TAXII 2.1?`);
    if (status.pending_count === 0 && status.status !== "pending") return ok(status);
    await wait(FIRST_WAIT_MS * 2 ** asked);
    answer = await server.get(`status/${encodeURIComponent(status.id)}/`);
  }
  return err(
    "unknown-outcome",
    `${to.apiRoot} has not decided yet; what is pending there is sent again with the next run`,
  );
}

function statusOf(body: Bytes): RemoteStatus | undefined {
  const status = parsed(body) as Partial<RemoteStatus>;
  const counts = [status.success_count, status.failure_count, status.pending_count];
  const isSound =
    typeof status.id === "string" &&
    typeof status.status === "string" &&
    counts.every((count) => Number.isSafeInteger(count) && (count as number) >= 0) &&
    (status.failures === undefined || Array.isArray(status.failures));
  return isSound ? (status as RemoteStatus) : undefined;
}

/** Bytes that the API root takes in one request (TAXII 2.1 §4.2). */
async function contentLimit(server: RemoteServer): Promise<Result<number, PushFault>> {
  const root = await server.get("");
  if (!root.ok) return root;
  const { max_content_length: max } = parsed(root.value.body) as { readonly max_content_length?: unknown };
  return typeof max === "number" && Number.isSafeInteger(max) && max >= MIN_CONTENT
    ? ok(max)
    : err(
        "not-taxii",
        "the API root does not say how much it takes (max_content_length); is the address that of an API root?",
      );
}

/** Less would not hold an object. */
const MIN_CONTENT = 4096;

function refusedOf(failure: unknown): Refused {
  const { id, version, message } = (failure ?? {}) as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string => (typeof value === "string" ? cleanText(value, 300) : "");
  return { id: text(id), version: text(version), message: text(message) };
}

function named({ id, version }: StoredObject): { readonly id: string; readonly version: string } {
  return { id, version };
}

function parsed(body: Bytes): object {
  try {
    const value = JSON.parse(utf8Decode(body) ?? "") as unknown;
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

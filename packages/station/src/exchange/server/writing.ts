import type { Context } from "hono";
import { requestSource } from "../../wire/body-source.ts";
import { BODY_STATUS, pumpBody, readRequestBody } from "../../wire/read-body.ts";
import { nameInStore, type TaxiiCollection } from "../access.ts";
import { readEnvelope } from "../envelope.ts";
import { isTaxii, TAXII_MEDIA_TYPE } from "../media-type.ts";
import { addObjects } from "./adding.ts";
import { notFound, taxiiAnswer, taxiiError, unavailable } from "./answers.ts";
import type { TaxiiOptions, Variables } from "./handling.ts";
import type { PostsUnderWay } from "./posts-under-way.ts";
import { PARAMETERS, readQuery } from "./query.ts";

/** As of a file of indicators; published bundles of ATT&CK have some forty. */
const DEFAULT_MAX_CONTENT: number = 64 * 1024 * 1024;
/** As of every sender: a slower one only holds a place. */
const PACE = { graceMs: 10_000, bytesPerSecond: 16 * 1024 } as const;

/** Bytes of an envelope at most. */
export function maxContentOf({ maxContentLength = DEFAULT_MAX_CONTENT }: TaxiiOptions): number {
  return maxContentLength;
}

/** Adds objects (TAXII 2.1 §5.5). */
export async function post(
  c: Context<Variables>,
  collection: TaxiiCollection,
  options: TaxiiOptions,
  underWay: PostsUnderWay,
): Promise<Response> {
  if (!isTaxii(c.req.header("content-type"))) {
    return taxiiError(415, "Unsupported media type", `send ${TAXII_MEDIA_TYPE}`);
  }
  const entry = underWay.enter(c.var.principal.id, announcedSize(c, maxContentOf(options)));
  if ("full" in entry) return putOff(entry.full);
  try {
    return await takeEnvelope(c, collection, options);
  } finally {
    entry.leave();
  }
}

async function takeEnvelope(
  c: Context<Variables>,
  collection: TaxiiCollection,
  options: TaxiiOptions,
): Promise<Response> {
  const max = maxContentOf(options);
  const announced = Number(c.req.header("content-length") ?? 0);
  // Many clients send all before they read anything: to them an answer on a connection that closes is none.
  if (announced > max && announced <= 2 * max) {
    await pumpBody(requestSource(c), { maxBytes: announced, pace: PACE }, () => undefined);
  }
  const body = await readRequestBody(c, { maxBytes: max, pace: PACE });
  if (!body.ok) {
    const title = body.fault.code === "too-large" ? "Too large" : "The body did not come";
    return taxiiError(BODY_STATUS[body.fault.code], title, body.fault.message, { connection: "close" });
  }
  const envelope = await readEnvelope(body.value);
  if (!envelope.ok) {
    const { code, message } = envelope.fault;
    return taxiiError(code === "not-json" ? 400 : 422, "Not an envelope", message);
  }
  const { objects } = envelope.value;
  if (objects.length === 0) return taxiiError(422, "Not an envelope", "objects: is missing or empty");
  const { store, check, now, newId, take = addObjects } = options;
  const adding = { store, check, collection, source: c.var.principal.id, id: newId(), now: now() };
  const status = await take(objects, adding);
  if (status.ok) return taxiiAnswer(status.value, 202);
  return status.fault.code === "not-now" ? unavailable(status.fault.message) : unavailable();
}

/** Deletes an object, or versions of it (TAXII 2.1 §5.7). */
export async function remove(
  c: Context<Variables>,
  collection: TaxiiCollection,
  { store, takeBack }: TaxiiOptions,
): Promise<Response> {
  const query = readQuery(new URL(c.req.url).searchParams, PARAMETERS.delete, "all");
  if (!query.ok) return taxiiError(400, "Bad query", query.fault.message);
  const { versions, isOtherSpec } = query.value;
  if (isOtherSpec) return notFound();
  const object = c.req.param("object") ?? "";
  const removed = await (takeBack === undefined
    ? store.writer.remove(nameInStore(collection), object, versions)
    : takeBack({ collection, source: c.var.principal.id }, object, versions));
  if (removed.ok) return removed.value === 0 ? notFound() : taxiiAnswer({});
  const { code, message } = removed.fault;
  if (code === "shared") return taxiiError(403, "Shared already", message);
  return code === "not-now" ? unavailable(message) : unavailable();
}

/** What is held in memory at most: an envelope that does not say how large it is may be as large as any. */
function announcedSize(c: Context<Variables>, most: number): number {
  const announced = c.req.header("content-length");
  return announced !== undefined && /^[0-9]{1,15}$/.test(announced) ? Math.min(most, Number(announced)) : most;
}

/** The connection is closed: the envelope still comes. */
function putOff(full: "token" | "server"): Response {
  const headers = { "retry-after": "1", connection: "close" };
  return full === "token"
    ? taxiiError(
        429,
        "Too many at once",
        "this token has too much under way; wait for the answers, then go on",
        headers,
      )
    : taxiiError(503, "Busy", "too much is being stored at once; send it again later", headers);
}

import { type Bytes, utf8 } from "@detente/basics";
import { TAXII_MEDIA_TYPE } from "../media-type.ts";

/** What every answer carries; nothing of it may be kept on the way. */
const HEADERS = { "content-type": TAXII_MEDIA_TYPE, "cache-control": "no-store", "x-content-type-options": "nosniff" };

type Headers = Readonly<Record<string, string>>;

export function taxiiAnswer(body: object | Bytes, status = 200, headers: Headers = {}): Response {
  const bytes = body instanceof Uint8Array ? body : utf8(JSON.stringify(body));
  return new Response(Uint8Array.from(bytes), { status, headers: { ...HEADERS, ...headers } });
}

/** An error message (TAXII 2.1 §3.6.1); `http_status` is a text there. */
export function taxiiError(status: number, title: string, description?: string, headers: Headers = {}): Response {
  const body = { title, ...(description === undefined ? {} : { description }), http_status: String(status) };
  return taxiiAnswer(body, status, headers);
}

/** The same for whatever is not there and whatever the caller may not know of. */
export function notFound(): Response {
  return taxiiError(404, "Not found", "nothing is here, or not for you");
}

export function forbidden(title: string): Response {
  return taxiiError(403, title, "this collection is not open for that");
}

export function unavailable(why = "the disk did not take it; send it again later"): Response {
  return taxiiError(503, "Unavailable", why, { "retry-after": "60" });
}

import { concatBytes, type Bytes, utf8 } from "@detente/basics";
import { microsecondText, type ObjectEntry, type ObjectPage, type ObjectReader } from "@detente/store";
import { STIX_MEDIA_TYPE } from "../media-type.ts";
import type { Context } from "hono";
import { nameInStore } from "../access.ts";
import { notFound, taxiiAnswer, taxiiError } from "./answers.ts";
import { type Handler, inCollection, type Variables } from "./handling.ts";
import { nextToken, PARAMETERS, readQuery, type TaxiiQuery } from "./query.ts";

/** Bytes of objects in one page, beyond the first. */
const FULL_PAGE = 1 << 23;

const NOTHING: ObjectPage<never> = { rows: [], more: false };
const COMMA: Bytes = utf8(",");

/** Answers about what a collection holds, by its name in the store, with the parameters that the resource has. */
export function reading(
  resource: "objects" | "object" | "versions",
  answer: (c: Context<Variables>, collection: string, query: TaxiiQuery) => Promise<Response>,
): Handler {
  return inCollection("read", async (c, collection) => {
    const query = readQuery(new URL(c.req.url).searchParams, PARAMETERS[resource], ["last"]);
    if (!query.ok) return taxiiError(400, "Bad query", query.fault.message);
    return answer(c, nameInStore(collection), query.value);
  });
}

/** Objects and object (TAXII 2.1 §5.4, §5.6): an envelope of the bytes in which they were brought. */
export async function objectsAnswer(reader: ObjectReader, collection: string, query: TaxiiQuery): Promise<Response> {
  const page = query.isOtherSpec ? NOTHING : await reader.objects(collection, { ...query, maxBytes: FULL_PAGE });
  const head = JSON.stringify(rest(page));
  if (page.rows.length === 0) return taxiiAnswer(utf8(head), 200, added(page));
  const parts = page.rows.flatMap(({ bytes }, i) => (i === 0 ? [bytes] : [COMMA, bytes]));
  const opening = `${head.slice(0, -1)},"objects":[`;
  return taxiiAnswer(concatBytes(utf8(opening), ...parts, utf8("]}")), 200, added(page));
}

/** The manifest (TAXII 2.1 §5.3). */
export async function manifestAnswer(reader: ObjectReader, collection: string, query: TaxiiQuery): Promise<Response> {
  const page = query.isOtherSpec ? NOTHING : await reader.entries(collection, query);
  const objects = page.rows.map(({ id, version, added: at }) => ({
    id,
    date_added: microsecondText(at),
    version,
    media_type: STIX_MEDIA_TYPE,
  }));
  return taxiiAnswer({ ...rest(page), ...(objects.length === 0 ? {} : { objects }) }, 200, added(page));
}

/** The versions of an object (TAXII 2.1 §5.8). */
export async function versionsAnswer(reader: ObjectReader, collection: string, query: TaxiiQuery): Promise<Response> {
  const page = query.isOtherSpec ? NOTHING : await reader.entries(collection, query);
  const versions = page.rows.map(({ version }) => version);
  return taxiiAnswer({ ...rest(page), ...(versions.length === 0 ? {} : { versions }) }, 200, added(page));
}

/** An answer about one object, which must be there whatever the filters leave of it. */
export async function aboutObject(
  reader: ObjectReader,
  collection: string,
  id: string,
  answer: () => Promise<Response>,
): Promise<Response> {
  return (await reader.has(collection, id)) ? answer() : notFound();
}

/** Lists are never empty, and `more` says exactly whether there is a further page (TAXII 2.1 §3.7), of nothing too: `{}`. */
function rest({ rows, more }: ObjectPage<ObjectEntry>): object {
  const last = rows.at(-1);
  if (last === undefined) return {};
  return more ? { more: true, next: nextToken(last.added) } : { more: false };
}

/** When the first and the last object of the page were added (TAXII 2.1 §5.3). */
function added({ rows }: ObjectPage<ObjectEntry>): Record<string, string> {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return {};
  return {
    "x-taxii-date-added-first": microsecondText(first.added),
    "x-taxii-date-added-last": microsecondText(last.added),
  };
}

import { err, ok, type Result, utf8Decode } from "@detente/basics";
import type { WireFetch } from "../../wire/wire-fetch.ts";
import {
  type ClientLimits,
  ofDescriptions,
  type RemoteCollection,
  type RemoteFault,
  RemoteServer,
} from "./requests.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_ID = 250;

/**
 * The same collection under the names that stay with it: the address of its API root in one spelling, and its id where
 * an alias was given, which its server may give to another collection one day (TAXII 2.1 §5.2.1). How far an exchange
 * came is kept under these.
 */
export async function identified(
  remote: RemoteCollection,
  fetch: WireFetch,
  limits: ClientLimits,
): Promise<Result<RemoteCollection, RemoteFault>> {
  const { href } = new URL(remote.apiRoot);
  const apiRoot = href.endsWith("/") ? href : `${href}/`;
  if (UUID.test(remote.collection)) return ok({ ...remote, apiRoot, collection: remote.collection.toLowerCase() });
  const path = `collections/${encodeURIComponent(remote.collection)}/`;
  const answer = await new RemoteServer(remote, fetch, ofDescriptions(limits)).get(path);
  if (!answer.ok) return answer;
  const id = idIn(utf8Decode(answer.value.body) ?? "");
  return id === undefined
    ? err("not-taxii", `${apiRoot}${path} does not say which collection it is; give its id`)
    : ok({ ...remote, apiRoot, collection: id });
}

function idIn(text: string): string | undefined {
  try {
    const { id } = (JSON.parse(text) ?? {}) as { readonly id?: unknown };
    return typeof id === "string" && id.length > 0 && id.length <= MAX_ID ? id : undefined;
  } catch {
    return undefined;
  }
}

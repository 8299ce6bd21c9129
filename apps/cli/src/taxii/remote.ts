import {
  checkOutbound,
  CLIENT_LIMITS,
  identified,
  outboundFetch,
  readCredentials,
  type RemoteCollection,
} from "@detente/station/exchange";
import type { WireFetch } from "@detente/station";
import { type ObjectStore, openObjects } from "@detente/store";
import { orTrouble } from "../trouble.ts";
import type { RemoteFlags } from "./remote-flags.ts";

export interface Remote {
  readonly collection: RemoteCollection;
  readonly fetch: WireFetch;
}

/**
 * Talks with a collection of a server of others, whose address is checked first.
 * @param collection its id, or an alias that the server is asked about; none to talk with the server itself
 */
export async function withRemote<T>(
  address: string,
  collection: string | undefined,
  flags: RemoteFlags,
  use: (remote: Remote) => Promise<T>,
): Promise<T> {
  const { href } = orTrouble(checkOutbound(address, { allowPrivate: flags.private }), address);
  const credentials = orTrouble(await readCredentials(flags), "credentials");
  const outbound = outboundFetch({ allowPrivate: flags.private });
  try {
    const named = { apiRoot: href.endsWith("/") ? href : `${href}/`, collection: collection ?? "" };
    const remote = credentials === undefined ? named : { ...named, credentials };
    const { fetch } = outbound;
    if (collection === undefined) return await use({ collection: remote, fetch });
    return await use({ collection: orTrouble(await identified(remote, fetch, CLIENT_LIMITS), address), fetch });
  } finally {
    await outbound.close();
  }
}

/** Objects and how far an exchange came, in one file: `--state`. */
export async function withState<T>(
  path: string,
  now: () => number,
  use: (store: ObjectStore) => Promise<T>,
): Promise<T> {
  const store = orTrouble(openObjects(path, { now }), path);
  try {
    return await use(store);
  } finally {
    await store.idle();
    store.close();
  }
}

import { err, ok, type Result, utf8Decode } from "@detente/basics";
import { cleanText } from "@detente/intel";
import type { WireFetch } from "../../wire/wire-fetch.ts";
import { type ClientLimits, type Credentials, ofDescriptions, type RemoteFault, RemoteServer } from "./requests.ts";

/** A collection of a server outside, by its own description (TAXII 2.1 §5.2.1). */
export interface OfferedCollection {
  /** The address to pull from and push to. */
  readonly apiRoot: string;
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly canRead: boolean;
  readonly canWrite: boolean;
}

export interface ListOptions {
  /** Of a discovery resource or of an API root. */
  readonly address: string;
  readonly credentials?: Credentials;
  readonly fetch: WireFetch;
  readonly limits: ClientLimits;
}

export interface Offer {
  readonly collections: readonly OfferedCollection[];
  /** API roots that were not asked, with reasons: at another origin, or because they gave no list. */
  readonly passedOver: readonly string[];
}

const MAX_ROOTS = 20;
const MAX_COLLECTIONS = 10_000;

/**
 * What a server outside offers: the collections of all API roots that its discovery resource names, or of one API root.
 * Credentials go to the origin that was named and to no other.
 */
export async function listCollections(options: ListOptions): Promise<Result<Offer, RemoteFault>> {
  const { address } = options;
  const first = await serverAt(options, address).get("");
  if (!first.ok) return first;
  const roots = rootsIn(jsonOf(first.value.body), address);
  if (roots === undefined)
    return err("not-taxii", `${address} is neither a discovery resource nor an API root of TAXII 2.1`);
  const collections: OfferedCollection[] = [];
  const passedOver: string[] = [];
  for (const root of roots.slice(0, MAX_ROOTS)) {
    if (new URL(root).origin !== new URL(address).origin) {
      passedOver.push(`${root} is at another origin; name it if it is meant`);
      continue;
    }
    const answer = await serverAt(options, root).get("collections/");
    const found = answer.ok ? collectionsIn(jsonOf(answer.value.body), root) : undefined;
    if (found !== undefined) collections.push(...found);
    else if (!answer.ok && roots.length === 1) return answer;
    else passedOver.push(answer.ok ? `${root} lists no collections` : answer.fault.message);
  }
  return ok({ collections: collections.slice(0, MAX_COLLECTIONS), passedOver });
}

function serverAt({ credentials, fetch, limits }: ListOptions, apiRoot: string): RemoteServer {
  const collection = { apiRoot, collection: "", ...(credentials === undefined ? {} : { credentials }) };
  return new RemoteServer(collection, fetch, ofDescriptions(limits));
}

/** Discovery (§4.1) names API roots, absolute or relative; an API root (§4.2) says how much it takes. */
function rootsIn(resource: Fields, address: string): string[] | undefined {
  const { api_roots: named, max_content_length: limit } = resource;
  if (typeof limit === "number") return [address.endsWith("/") ? address : `${address}/`];
  if (!Array.isArray(named)) return undefined;
  const roots = named.filter((root): root is string => typeof root === "string" && URL.canParse(root, address));
  return roots.map((root) => new URL(root.endsWith("/") ? root : `${root}/`, address).href);
}

function collectionsIn({ collections = [] }: Fields, apiRoot: string): OfferedCollection[] | undefined {
  if (!Array.isArray(collections)) return undefined;
  return collections.filter(isFields).map(({ id, title, description, can_read: canRead, can_write: canWrite }) => ({
    apiRoot,
    id: textOf(id),
    title: textOf(title),
    description: textOf(description),
    canRead: canRead === true,
    canWrite: canWrite === true,
  }));
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function jsonOf(body: Uint8Array): Fields {
  try {
    const value: unknown = JSON.parse(utf8Decode(body) ?? "");
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? cleanText(value, 300) : "";
}

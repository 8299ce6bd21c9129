import type { Fault, Result } from "@detente/basics";
import type { ObjectStore, StorageFault, VersionMatch } from "@detente/store";
import type { Context } from "hono";
import type { TaxiiAccess, TaxiiCollection, TaxiiPrincipal } from "../access.ts";
import { STIX_MEDIA_TYPE } from "../media-type.ts";
import type { CheckObject } from "../object-check.ts";
import type { addObjects } from "./adding.ts";
import { forbidden, notFound } from "./answers.ts";
import type { PostLimits } from "./posts-under-way.ts";

/** Why nothing was deleted; but for the disk's, the message is for whoever asked. */
export type RemoveFault = StorageFault | Fault<"not-now" | "shared">;

/** Deletes versions of an object for whoever brought it, all or none. Gives how many there were. */
type TakeBack = (
  from: { readonly collection: TaxiiCollection; readonly source: string },
  object: string,
  versions: VersionMatch,
) => Promise<Result<number, RemoveFault>>;

export interface TaxiiOptions {
  readonly access: TaxiiAccess;
  readonly store: ObjectStore;
  readonly check: CheckObject;
  /** What becomes of objects that are brought; `addObjects` where nothing is said. */
  readonly take?: typeof addObjects;
  /** What becomes of a DELETE; it deletes where nothing is said. */
  readonly takeBack?: TakeBack;
  /** Of the server and of its only API root. */
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A random UUID. */
  readonly newId: () => string;
  /** Bytes of an envelope. */
  readonly maxContentLength?: number;
  /** What may be under way at once. */
  readonly postLimits?: PostLimits;
  readonly onError: (error: unknown) => void;
}

export interface Variables {
  readonly Variables: { principal: TaxiiPrincipal };
}

export type Handler = (c: Context<Variables>) => Promise<Response>;

/** Hands on the collection that the path names, if the caller knows of it and may do this with it. */
export function inCollection(
  need: "read" | "write" | "both" | undefined,
  handle: (c: Context<Variables>, collection: TaxiiCollection) => Promise<Response>,
): Handler {
  return async (c) => {
    const name = c.req.param("collection");
    const collection = c.var.principal.collections.find(({ id, alias }) => id === name || alias === name);
    if (collection === undefined || !(collection.canRead || collection.canWrite)) return notFound();
    if ((need === "read" || need === "both") && !collection.canRead) return forbidden("Not readable");
    if ((need === "write" || need === "both") && !collection.canWrite) return forbidden("Not writable");
    return handle(c, collection);
  };
}

/** A collection as TAXII describes it (§5.2.1). */
export function resourceOf({ id, title, description, alias, canRead, canWrite }: TaxiiCollection): object {
  return {
    id,
    title,
    ...(description === undefined ? {} : { description }),
    ...(alias === undefined ? {} : { alias }),
    can_read: canRead,
    can_write: canWrite,
    media_types: [STIX_MEDIA_TYPE],
  };
}

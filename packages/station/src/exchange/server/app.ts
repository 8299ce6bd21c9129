import { diskFault } from "@detente/store";
import { Hono, type MiddlewareHandler } from "hono";
import type { TaxiiAccess } from "../access.ts";
import { acceptsTaxii, TAXII_MEDIA_TYPE } from "../media-type.ts";
import { notFound, taxiiAnswer, taxiiError, unavailable } from "./answers.ts";
import { CHALLENGE, presentedToken } from "./authentication.ts";
import { type Handler, inCollection, resourceOf, type TaxiiOptions, type Variables } from "./handling.ts";
import { POST_LIMITS, PostsUnderWay } from "./posts-under-way.ts";
import { aboutObject, manifestAnswer, objectsAnswer, reading, versionsAnswer } from "./reading.ts";
import { maxContentOf, post, remove } from "./writing.ts";

type Method = "GET" | "POST" | "DELETE";

/** Where the server is found (TAXII 2.1 §4.1), and its API root. */
const DISCOVERY_PATH = "/taxii2/";
const API_ROOT_PATH = "/taxii2/unit/";

/**
 * A TAXII 2.1 server over a store of objects. Whoever has no token learns nothing, not even what is a path; whoever has
 * one learns of its own collections only: all others answer as if they were not there.
 */
export function taxiiApp(options: TaxiiOptions): Hono<Variables> {
  const app = new Hono<Variables>();
  app.use(`${DISCOVERY_PATH}*`, authenticated(options.access), negotiated);
  for (const [path, methods] of Object.entries(routesOf(options))) {
    for (const [method, handler] of Object.entries(methods)) app.on(method, path, handler);
    const allow = Object.keys(methods)
      .map((method) => (method === "GET" ? "GET, HEAD" : method))
      .join(", ");
    app.all(path, async () => taxiiError(405, "Method not allowed", `this takes ${allow}`, { allow }));
  }
  app.notFound((c) => slashed(c.req.url) ?? notFound());
  app.onError((error) => {
    options.onError(error);
    if (diskFault(error)?.code === "storage-failed") return unavailable();
    return taxiiError(500, "Internal error", "this server failed; its log says why");
  });
  return app;
}

function routesOf(options: TaxiiOptions): Record<string, Partial<Record<Method, Handler>>> {
  const { title, store, now, postLimits = POST_LIMITS } = options;
  const collections = `${API_ROOT_PATH}collections/`;
  const one = `${collections}:collection/`;
  const object = `${one}objects/:object/`;
  const { reader } = store;
  const underWay = new PostsUnderWay(postLimits);
  return {
    [DISCOVERY_PATH]: {
      GET: async () => taxiiAnswer({ title, default: API_ROOT_PATH, api_roots: [API_ROOT_PATH] }),
    },
    [API_ROOT_PATH]: {
      GET: async () => taxiiAnswer({ title, versions: [TAXII_MEDIA_TYPE], max_content_length: maxContentOf(options) }),
    },
    [`${API_ROOT_PATH}status/:status/`]: {
      GET: async (c) => {
        const status = await store.receipts.get(c.req.param("status") ?? "", c.var.principal.id, now());
        return status === undefined ? notFound() : taxiiAnswer(status as object);
      },
    },
    [collections]: {
      GET: async (c) => {
        const shown = c.var.principal.collections.map(resourceOf);
        return taxiiAnswer(shown.length === 0 ? {} : { collections: shown });
      },
    },
    [one]: { GET: inCollection(undefined, async (_, collection) => taxiiAnswer(resourceOf(collection))) },
    [`${one}manifest/`]: {
      GET: reading("objects", async (_, name, query) => manifestAnswer(reader, name, query)),
    },
    [`${one}objects/`]: {
      GET: reading("objects", async (_, name, query) => objectsAnswer(reader, name, query)),
      POST: inCollection("write", async (c, collection) => post(c, collection, options, underWay)),
    },
    [object]: {
      GET: reading("object", async (c, name, query) => {
        const ids = [c.req.param("object") ?? ""];
        return aboutObject(reader, name, ids[0] ?? "", () => objectsAnswer(reader, name, { ...query, ids }));
      }),
      DELETE: inCollection("both", async (c, collection) => remove(c, collection, options)),
    },
    [`${object}versions/`]: {
      GET: reading("versions", async (c, name, query) => {
        const ids = [c.req.param("object") ?? ""];
        const all = { ...query, ids, versions: "all" } as const;
        return aboutObject(reader, name, ids[0] ?? "", () => versionsAnswer(reader, name, all));
      }),
    },
  };
}

/** Paths of TAXII end in a slash (§3.1): where one does not, to where it does, whatever is there. */
function slashed(url: string): Response | undefined {
  const { pathname, search } = new URL(url);
  if (pathname.endsWith("/") || !`${pathname}/`.startsWith(DISCOVERY_PATH)) return undefined;
  const location = `${pathname}/${search}`;
  return taxiiError(308, "Moved", `paths end in a slash: ${pathname}/`, { location });
}

function authenticated(access: TaxiiAccess): MiddlewareHandler<Variables> {
  return async (c, next) => {
    const token = presentedToken(c.req.header("authorization"));
    const principal = token === undefined ? undefined : await access.principal(token);
    if (principal === undefined) {
      return taxiiError(401, "Not authenticated", "send a token that counts", { "www-authenticate": CHALLENGE });
    }
    c.set("principal", principal);
    await next();
    return;
  };
}

const negotiated: MiddlewareHandler<Variables> = async (c, next) => {
  if (!acceptsTaxii(c.req.header("accept"))) {
    return taxiiError(406, "Not acceptable", `this server speaks ${TAXII_MEDIA_TYPE} only`);
  }
  await next();
  return;
};

import { parseJson } from "../api/parse-json.ts";
import { openApi, OPENAPI_PATH } from "../api/openapi.ts";
import type { Route } from "../api/route.ts";
import type { Caller, Callers } from "../setup/callers.ts";
import { bearerToken } from "../setup/token.ts";
import { problemResponse } from "../wire/errors.ts";
import { type Context, Hono } from "hono";
import { unsignedBody } from "./members.ts";

interface CallerVariables {
  readonly Variables: { caller: Caller };
}

/** The interface for the party's own people and tools: the officer may ask everything, a machine what its token is for. */
export function apiRoutes(routes: readonly Route[], callers: Callers): Hono<CallerVariables> {
  const app = new Hono<CallerVariables>();
  app.use("/api/*", async (c, next) => {
    const given = bearerToken(c.req.header("authorization"));
    const caller = given === undefined ? undefined : await callers.identify(given);
    if (caller === undefined) {
      const fault = {
        code: "no-token",
        message:
          "send Authorization: Bearer with the token in officer.token of the data directory, or one made by `detente token add`",
      };
      const response = problemResponse(401, fault);
      response.headers.set("www-authenticate", 'Bearer realm="detente"');
      return response;
    }
    c.set("caller", caller);
    await next();
    return;
  });
  app.get(OPENAPI_PATH, (c) => c.json(openApi(routes)));
  for (const route of routes) {
    app.on(route.method.toUpperCase(), route.path, (c) =>
      mayAsk(c.get("caller"), route) ? handle(route, c) : outOfScope(route),
    );
  }
  app.all("/api/*", () => problemResponse(404, { code: "not-found", message: "no such route; see /api/openapi.json" }));
  return app;
}

function mayAsk(caller: Caller, { scope }: Route): boolean {
  return caller.role === "officer" || (scope !== undefined && caller.scopes.has(scope));
}

function outOfScope({ scope }: Route): Response {
  const message =
    scope === undefined
      ? "only the officer's token may do this: it speaks for the party"
      : `this token is not made for this: it lacks the scope ${scope}`;
  return problemResponse(403, { code: "out-of-scope", message });
}

async function handle(route: Route, c: Context): Promise<Response> {
  const bytes = await unsignedBody(c, route.body === undefined ? 0 : route.maxBody);
  if (bytes instanceof Response) return bytes;
  const body = route.body === undefined ? ({ ok: true, value: null } as const) : await parseJson(bytes);
  if (!body.ok) return problemResponse(400, body.fault);
  const result = await route.run({
    params: c.req.param(),
    query: c.req.query(),
    body: body.value,
  });
  if (!result.ok) {
    const { status, ...fault } = result.fault;
    return problemResponse(status, fault, status === 503 ? { retryAfter: 2 } : {});
  }
  if ("json" in result.value) return c.json(result.value.json as never);
  const { lines } = result.value;
  return new Response(ReadableStream.from(encoded(lines)) as ReadableStream<Uint8Array<ArrayBuffer>>, {
    headers: { "content-type": route.gives },
  });
}

/** Small lines are joined: a chunk each would cost more than the line. */
async function* encoded(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let waiting = "";
  for await (const line of lines) {
    waiting += `${line}\n`;
    if (waiting.length < 1 << 16) continue;
    yield encoder.encode(waiting);
    waiting = "";
  }
  if (waiting !== "") yield encoder.encode(waiting);
}

import type { Route } from "./route.ts";

const PROBLEM = { description: "a problem document (RFC 9457): detail says what is wrong, code is for programs" };

/** The OpenAPI 3.1 description of the local interface, made from the schemas that check its input. */
export function openApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:([a-z]+)(\{[^}]*\})?/g, "{$1}");
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Détente station", version: "0.1.0" },
    security: [{ officer: [] }],
    components: {
      securitySchemes: {
        officer: { type: "http", scheme: "bearer", description: "the token in officer.token" },
        machine: { type: "http", scheme: "bearer", description: "a token with the scope that an operation names" },
      },
    },
    paths,
  };
}

function operation(route: Route): object {
  const required: readonly string[] = route.query.required ?? [];
  const inPath = [...route.path.matchAll(/:([a-z]+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(route.query.properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
  return {
    summary: route.summary,
    ...(route.scope === undefined ? {} : { security: [{ officer: [] }, { machine: [route.scope] }] }),
    parameters: [...inPath, ...inQuery],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: route.body } } } }),
    responses: { "200": { description: "done" }, default: PROBLEM },
  };
}

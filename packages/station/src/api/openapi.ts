import { Type } from "typebox";
import type { Problem } from "../wire/errors.ts";
import type { Route } from "./route.ts";

export const OPENAPI_PATH = "/api/openapi.json";

/** As `Problem` has it (RFC 9457). */
const PROBLEM = Type.Object({
  type: Type.Literal("about:blank" satisfies Problem["type"]),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: "what went wrong, for a person" }),
  code: Type.String({ description: "the same across versions, for programs" }),
  remedy: Type.Optional(Type.String()),
});

/** A parameter of a path as the routes write it. */
const PARAMETER = /:([a-z]+)/g;

/** The OpenAPI 3.1 description of the local interface, made from the schemas that check its input. */
export function openApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {
    [OPENAPI_PATH]: { get: { operationId: "getOpenapi", summary: "this document", ...ANY_TOKEN } },
  };
  for (const route of routes) {
    const path = route.path.replaceAll(PARAMETER, "{$1}");
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Détente station",
      version: "0.1.0",
      summary: "The interface of a station for its own party's people and tools",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "the station" }],
    security: [{ officer: [] }],
    components: {
      securitySchemes: {
        officer: { type: "http", scheme: "bearer", description: "the token in officer.token" },
        machine: { type: "http", scheme: "bearer", description: "a token with the scope that an operation names" },
      },
      schemas: { Problem: PROBLEM },
      responses: {
        Problem: {
          description: "a problem document (RFC 9457)",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
    },
    paths,
  };
}

const ANY_TOKEN = {
  security: [{ officer: [] }, { machine: [] }],
  responses: responsesOf("application/json"),
} as const;

function operation(route: Route): object {
  const required: readonly string[] = route.query.required ?? [];
  const inPath = [...route.path.matchAll(PARAMETER)].map(([, name]) => ({
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
    operationId: operationId(route),
    summary: route.summary,
    ...(route.scope === undefined ? {} : { security: [{ officer: [] }, { machine: [route.scope] }] }),
    parameters: [...inPath, ...inQuery],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: route.body } } } }),
    responses: responsesOf(route.gives),
  };
}

function responsesOf(type: Route["gives"]): object {
  return {
    "200": { description: "done", content: { [type]: {} } },
    default: { $ref: "#/components/responses/Problem" },
  };
}

/** `get /api/statements/:hash/proof` is `getStatementsHashProof`. */
function operationId({ method, path }: Route): string {
  const words = path.slice("/api/".length).match(/[a-z]+/g) ?? [];
  return method + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("");
}

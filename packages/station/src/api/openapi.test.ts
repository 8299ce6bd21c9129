import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stations, type TestStation } from "../testing/stations.ts";
import { apiTable } from "./routes.ts";

interface Operation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: object } } };
  readonly responses: { readonly "200": { readonly content: object } };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let stations: Stations;
let ann: TestStation;
let document: Document;

beforeAll(async () => {
  stations = await Stations.create();
  [ann] = (await stations.found("ann", "bob", "cem")) as [TestStation];
  document = (await ann.api<Document & Record<string, never>>("GET", "/api/openapi.json")).body;
});

afterAll(() => stations.close());

describe("the OpenAPI document", () => {
  // An implementation of its own, with the JSON schema that the OpenAPI Initiative publishes for 3.1.
  it("is valid OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>);
    expect({ valid, errors, version: validator.version }).toEqual({ valid: true, errors: undefined, version: "3.1" });
  });

  it("has every route, with what it takes and who may ask, and nothing else", () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
    );
    const described = new Map(operations);
    const routes = apiTable(ann.station);
    const names = routes.map(({ method, path }) => `${method} ${path.replace(":hash", "{hash}")}`);
    expect([...described.keys()].sort()).toEqual([...names, "get /api/openapi.json"].sort());
    for (const [i, { scope, query, body, gives }] of routes.entries()) {
      const { parameters = [], requestBody, security, responses } = described.get(names[i] as string) as Operation;
      const inQuery = parameters.filter((parameter) => parameter.in === "query");
      const properties = Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema]));
      const required = inQuery.filter((parameter) => parameter.required).map(({ name }) => name);
      expect([names[i], properties, required]).toEqual([names[i], asJson(query.properties), query.required ?? []]);
      expect(requestBody?.content["application/json"].schema).toEqual(body && asJson(body));
      expect(security?.flatMap(({ machine = [] }) => machine) ?? []).toEqual(scope === undefined ? [] : [scope]);
      expect(Object.keys(responses["200"].content)).toEqual([gives]);
    }
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("says of what type answers are", async () => {
    const required = { "/api/find": "?q=x", "/api/correlations": `?share=${"0".repeat(64)}` } as Record<string, string>;
    const seen: string[] = [];
    for (const [path, { get }] of Object.entries(document.paths)) {
      if (get === undefined || path.includes("{")) continue;
      const headers = { authorization: `Bearer ${ann.station.token}` };
      const answer = await ann.fetch(path + (required[path] ?? ""), { headers });
      await answer.text();
      const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
      const expected = answer.status === 200 ? Object.keys(get.responses["200"].content) : ["application/problem+json"];
      expect([path, type]).toEqual([path, ...expected]);
      if (answer.status === 200) seen.push(path);
    }
    expect(seen).toEqual(expect.arrayContaining(["/api/find", "/api/export", "/api/indicators", "/api/openapi.json"]));
  });
});

function asJson(schema: object): object {
  return JSON.parse(JSON.stringify(schema)) as object;
}

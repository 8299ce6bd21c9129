import { unwrap } from "@detente/basics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { envelope, indicator, ROOT, uuid } from "../../testing/exchange.ts";
import { Stations, type TestStation, until } from "../../testing/stations.ts";

/*
 * What TAXII 2.1 (OASIS Standard, 10 June 2021) demands of servers, by its sections, as a client of somebody else's meets
 * it at a station with a unit: requirement, request, expected. Ann has shared three versions of two objects; Bob is asked.
 */

const MEDIA = "application/taxii+json;version=2.1";
const OBJECTS = [indicator(1), indicator(1, 2021), indicator(2)] as const;
const SHARED = `${ROOT}collections/shared/`;
const HOUR = 3_600_000;
const ONE = `${SHARED}objects/${OBJECTS[0].id}/`;

let stations: Stations;
let bob: TestStation;
/** Secrets by what they are for. */
const tokens: Record<string, string> = {};

beforeAll(async () => {
  stations = await Stations.create();
  const [ann, second] = (await stations.found("ann", "bob")) as [TestStation, TestStation];
  bob = second;
  const grant = async (scopes: readonly ("taxii:read" | "taxii:write" | "intel:read")[], more = {}): Promise<string> =>
    unwrap(await bob.station.callers.grant({ label: "tool", scopes, ...more })).secret;
  tokens["tool"] = await grant(["taxii:read", "taxii:write"]);
  tokens["writer"] = await grant(["taxii:write"]);
  tokens["other"] = await grant(["intel:read"]);
  tokens["expired"] = await grant(["taxii:read"], { expires: stations.clock.now() + HOUR });
  stations.skip(HOUR);
  bob.station.changed();
  for (const object of OBJECTS) {
    const input = { title: "t", audience: "unit", objects: [JSON.stringify(object)], isOwn: true };
    await ann.post("/api/objects", input);
  }
  await until("bob's tools have all", async () => (await ask(`${SHARED}manifest/?match[version]=all`)).count === 3);
});
afterAll(() => stations.close());

interface Asked {
  readonly as?: string;
  readonly method?: string;
  readonly accept?: string;
  readonly type?: string;
  readonly body?: string;
}

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly json: { readonly [member: string]: unknown };
  /** Of objects, manifest entries, versions or collections. */
  readonly count: number;
}

async function ask(path: string, asked: Asked = {}): Promise<Answered> {
  const { as = "tool", method = "GET", accept = MEDIA, type = MEDIA, body } = asked;
  const authorization = as === "" ? undefined : { authorization: `Bearer ${tokens[as] ?? as}` };
  const headers = { accept, ...authorization, ...(body === undefined ? {} : { "content-type": type }) };
  const answer = await bob.fetch(path, { method, headers, ...(body === undefined ? {} : { body }) });
  const json = JSON.parse(await answer.text()) as Answered["json"];
  const lists = ["objects", "versions", "collections"].flatMap((name) => (json[name] as unknown[] | undefined) ?? []);
  return { status: answer.status, headers: answer.headers, json, count: lists.length };
}

type Row = readonly [requirement: string, path: string, asked: Asked, status: number];

const post = (body: string, more: Asked = {}): Asked => ({ method: "POST", body, ...more });
const RELEASE = `${ROOT}collections/release/objects/`;

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  "1.6, 3: exchange": [
    ["1.6.8 the media type with its version is accepted", "/taxii2/", {}, 200],
    ["1.6.8 one without a version is answered in the newest", "/taxii2/", { accept: "application/taxii+json" }, 200],
    ["1.6.8 a version that is not spoken is 406", "/taxii2/", { accept: "application/taxii+json;version=2.0" }, 406],
    ["1.6.9 no credentials: 401", "/taxii2/", { as: "" }, 401],
    ["1.6.9 credentials that are over: 401", SHARED, { as: "expired" }, 401],
    ["3.4 added_after is a timestamp", `${SHARED}objects/?added_after=yesterday`, {}, 400],
    ["3.5 limit is a positive integer", `${SHARED}objects/?limit=0`, {}, 400],
    ["3.5 next is one that was given", `${SHARED}objects/?next=1`, {}, 400],
    ["3.4 a parameter stands once", `${SHARED}objects/?limit=1&limit=2`, {}, 400],
    ["3.4.1 all stands alone", `${SHARED}objects/?match[version]=all,last`, {}, 400],
    ["3.6 what is not there: 404", `${ROOT}nothing/`, {}, 404],
    ["3.6 a method that is not taken: 405", SHARED, { method: "PUT" }, 405],
  ],
  "4: discovery and API root": [
    ["4.1 discovery", "/taxii2/", {}, 200],
    ["4.2 API root", ROOT, {}, 200],
    ["4.2 an API root that is none: 404", "/taxii2/other/", {}, 404],
    ["4.3 a status that is none, or another's: 404", `${ROOT}status/${uuid(1)}/`, {}, 404],
  ],
  "5: collections": [
    ["5.1 collections", `${ROOT}collections/`, {}, 200],
    ["5.1 a token with none has an empty list", `${ROOT}collections/`, { as: "other" }, 200],
    ["5.2 one by its alias", SHARED, {}, 200],
    ["5.2 one that the client may not know of: 404", SHARED, { as: "writer" }, 404],
    ["5.3 its manifest", `${SHARED}manifest/`, {}, 200],
    ["5.4 its objects", `${SHARED}objects/`, {}, 200],
    ["5.5 objects are added: 202", RELEASE, post(envelope([indicator(9)])), 202],
    ["5.5 … to what may be written: 403", `${SHARED}objects/`, post(envelope([indicator(9)])), 403],
    ["5.5 … in TAXII's media type: 415", RELEASE, post(envelope([]), { type: "application/json" }), 415],
    ["5.5 … in an envelope: 422", RELEASE, post("[]"), 422],
    ["5.5 … that is JSON: 400", RELEASE, post("{"), 400],
    ["5.6 an object", ONE, {}, 200],
    ["5.6 one that is not there: 404", `${SHARED}objects/${indicator(7).id}/`, {}, 404],
    ["5.7 deleting needs both rights: 403", ONE, { method: "DELETE" }, 403],
    ["5.7 … and an object: 404", `${RELEASE}${indicator(7).id}/`, { method: "DELETE" }, 404],
    ["5.8 its versions", `${ONE}versions/`, {}, 200],
  ],
};

describe.each(Object.entries(ROWS))("%s", (_chapter, rows) => {
  it.each(rows)("%s", async (_requirement, path, asked, status) => {
    const answer = await ask(path, asked);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, MEDIA]);
    const isError = status >= 400;
    // 3.6.1: an error has a title, and its status as a text.
    expect(isError ? answer.json["http_status"] : undefined).toBe(isError ? String(status) : undefined);
    expect(typeof answer.json["title"] === "string" || !isError).toBe(true);
    expect(answer.headers.has("www-authenticate")).toBe(status === 401);
    // Lists that would be empty are left out.
    expect(Object.values(answer.json).filter((value) => Array.isArray(value) && value.length === 0)).toEqual([]);
  });
});

describe("what the resources hold", () => {
  it("4: the default is one of the API roots; the version is a whole media type", async () => {
    const { json } = await ask("/taxii2/");
    expect(json["api_roots"]).toContain(json["default"]);
    expect((await ask(ROOT)).json).toMatchObject({ versions: [MEDIA], max_content_length: expect.any(Number) });
  });

  it("5.1, 5.2: a collection says the same of itself alone as in the list, by id or alias", async () => {
    const list = (await ask(`${ROOT}collections/`)).json["collections"] as Record<string, unknown>[];
    const shared = list.find(({ alias }) => alias === "shared");
    expect(shared).toMatchObject({ can_read: true, can_write: false });
    for (const name of ["shared", String(shared?.["id"])]) {
      expect((await ask(`${ROOT}collections/${name}/`)).json).toEqual(shared);
    }
  });

  it("3.4, 3.5: filters and pages give the same on objects, manifest and versions, with their times", async () => {
    const counts: Record<string, number> = {
      "": 2,
      "?match[version]=all": 3,
      "?match[version]=first": 2,
      "?match[version]=2021-01-01T00:00:00Z": 1,
      [`?match[id]=${OBJECTS[2].id}`]: 1,
      "?match[type]=malware": 0,
      "?match[type]=malware,indicator": 2,
      "?match[spec_version]=2.0": 0,
      "?limit=1": 1,
    };
    for (const [query, count] of Object.entries(counts)) {
      for (const resource of ["objects", "manifest"]) {
        const answer = await ask(`${SHARED}${resource}/${query}`);
        const times = ["first", "last"].map((end) => answer.headers.get(`x-taxii-date-added-${end}`) ?? "none");
        const form = count === 0 ? /^none$/ : /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
        expect([resource, query, answer.count]).toEqual([resource, query, count]);
        expect(times.filter((time) => form.test(time))).toHaveLength(2);
      }
    }
    expect((await ask(`${ONE}versions/`)).json["versions"]).toEqual(
      OBJECTS.slice(0, 2).map(({ modified }) => modified),
    );
  });

  it("5.5, 4.3: what is added has a status, which is its token's alone", async () => {
    const added = await ask(RELEASE, post(envelope([indicator(10), { type: "indicator" }])));
    expect(added.json).toMatchObject({ status: "complete", total_count: 2, success_count: 1, failure_count: 1 });
    const path = `${ROOT}status/${String(added.json["id"])}/`;
    expect((await ask(path)).json).toEqual(added.json);
    expect((await ask(path, { as: "writer" })).status).toBe(404);
  });

  it("an expired token and none that ever was get the same answer everywhere, and none gets anything else", async () => {
    const shown = async (path: string, as: string): Promise<unknown> => {
      const { status, headers, json } = await ask(path, { as });
      return [status, [...headers].filter(([name]) => name !== "date"), json];
    };
    for (const path of ["/taxii2/", ROOT, SHARED, ONE, `${ROOT}collections/${uuid(5)}/`, "/taxii2/none/"]) {
      const none = await shown(path, "never");
      expect(none).toEqual(await shown("/taxii2/", "never"));
      for (const as of ["expired", ""]) expect(await shown(path, as)).toEqual(none);
    }
  });
});

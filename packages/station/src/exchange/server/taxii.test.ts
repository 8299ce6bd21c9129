/** The requirements by number are those of the TAXII 2.1 specification (OASIS, 10 June 2021) that implementations miss. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toBase64, unwrap, utf8 } from "@detente/basics";
import { type ObjectStore, openObjects } from "@detente/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkObject } from "../object-check.ts";
import { TAXII_MEDIA_TYPE } from "../media-type.ts";
import { collectionsOf, envelope, indicator, ROOT, uuid } from "../../testing/exchange.ts";
import { taxiiApp } from "./app.ts";

let home: string;
let store: ObjectStore;
let app: ReturnType<typeof taxiiApp>;
let clock: number;
let ids: number;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "taxii-"));
  clock = Date.UTC(2026, 10, 26);
  ids = 0;
  store = unwrap(openObjects(join(home, "objects.sqlite"), { now: () => clock }));
  app = taxiiApp({
    access: collectionsOf,
    store,
    check: checkObject,
    title: "Alpha",
    now: () => clock,
    newId: () => uuid(9000 + ids++),
    maxContentLength: 1 << 20,
    onError: (error) => {
      throw error;
    },
  });
});

afterEach(() => {
  store.close();
  rmSync(home, { recursive: true });
});

interface Asked {
  readonly method?: string;
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks wherever it wants to
  readonly json: any;
}

async function ask(path: string, { method = "GET", token = "ann", headers = {}, body }: Asked = {}): Promise<Answered> {
  const response = await app.request(path, {
    method,
    headers: {
      accept: TAXII_MEDIA_TYPE,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": TAXII_MEDIA_TYPE }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const json: Answered["json"] = JSON.parse(text);
  // Whatever is asked: the media type is TAXII's, and an error says its status and what it is.
  const said = response.status < 400 ? undefined : { status: json.http_status, titled: typeof json.title };
  expect([response.headers.get("content-type"), said]).toEqual([
    TAXII_MEDIA_TYPE,
    response.status < 400 ? undefined : { status: String(response.status), titled: "string" },
  ]);
  return { status: response.status, headers: response.headers, text, json };
}

const DESK = `${ROOT}collections/${uuid(1)}/`;
const post = (body: string, path = `${DESK}objects/`): Promise<Answered> => ask(path, { method: "POST", body });
const add = async (...objects: readonly (object | string)[]): Promise<void> => {
  const { status, json } = await post(envelope(objects));
  expect([status, json.failure_count]).toEqual([202, 0]);
};
const objectsOf = async (query = ""): Promise<string[]> => {
  const { json } = await ask(`${DESK}objects/${query}`);
  return (json.objects ?? []).map(({ id, modified }: { id: string; modified?: string }) =>
    `${id.slice(-4)} ${modified?.slice(0, 4) ?? ""}`.trim(),
  );
};
const statusOf = async (path: string, asked?: Asked): Promise<number> => (await ask(path, asked)).status;

describe("what implementations miss", () => {
  it("1: negotiates Accept; a version that is not spoken is 406", async () => {
    const status = (accept: string): Promise<number> => statusOf("/taxii2/", { headers: { accept } });
    const accepts: Record<string, number> = {
      "application/taxii+json": 200,
      "*/*": 200,
      "text/html;q=0.9, application/*;q=0.1": 200,
      'application/taxii+json; version="2.1"': 200,
      "application/taxii+json;version=2.0, application/taxii+json;version=2.1;q=0.5": 200,
      "application/taxii+json;version=2.0": 406,
      "text/html": 406,
      "*/*;q=0": 406,
      "application/taxii+json;q=0, */*": 406,
    };
    const shown = await Promise.all(Object.keys(accepts).map(async (accept) => [accept, await status(accept)]));
    expect(Object.fromEntries(shown)).toEqual(accepts);
  });

  it("2: 401 has a challenge; every error is of TAXII's media type, those of routing too", async () => {
    const { status, headers } = await ask("/taxii2/", { token: null });
    expect([status, headers.get("www-authenticate")]).toEqual([401, expect.stringMatching(/^Bearer .*Basic /)]);
    expect(await statusOf("/taxii2/nothing/")).toBe(404);
    expect((await post("{")).status).toBe(400);
    expect((await post('{"objects":[{]}')).status).toBe(400);
    expect((await post('{"objects":{}}')).status).toBe(422);
    expect((await post("{}")).status).toBe(422);
    const other = await ask(DESK, { method: "PUT" });
    expect([other.status, other.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("3: 415 for another content type, 413 only above the maximum; endpoints end in a slash", async () => {
    const { max_content_length: max } = (await ask(ROOT)).json;
    for (const type of [
      "application/taxii+json;version=2.0",
      "application/json",
      "application/stix+json;version=2.1",
    ]) {
      const headers = { "content-type": type };
      expect(await statusOf(`${DESK}objects/`, { method: "POST", body: envelope([indicator(1)]), headers })).toBe(415);
    }
    const padded = (size: number): string => envelope([indicator(1)]).padEnd(size, " ");
    expect((await post(padded(max))).status).toBe(202);
    expect((await post(padded(max + 1))).status).toBe(413);
    const { status, headers } = await ask(`${DESK}objects?limit=1`);
    expect([status, headers.get("location")]).toEqual([308, `${DESK}objects/?limit=1`]);
  });

  it("4: discovery and API root", async () => {
    const { json } = await ask("/taxii2/");
    expect(json).toEqual({ title: "Alpha", default: ROOT, api_roots: [ROOT] });
    expect((await ask(ROOT)).json.versions).toEqual([TAXII_MEDIA_TYPE]);
  });

  it("5: no list is empty; an empty result is 200 {}", async () => {
    for (const path of ["objects/", "manifest/", "objects/?match[type]=malware"]) {
      const { status, text } = await ask(DESK + path);
      expect([status, text]).toEqual([200, "{}"]);
    }
    expect((await ask(`${ROOT}collections/`, { token: "nobody" })).text).toBe("{}");
    expect(Object.keys((await post(envelope([indicator(1)]))).json)).not.toContain("failures");
  });

  it("6, 15: times have six digits; objects keep their bytes, custom properties and extensions among them", async () => {
    const odd = `{ "type":"indicator", "spec_version" : "2.1","id":"${indicator(1).id}", "created":"2020-01-01T00:00:00Z","modified":"2020-01-01T00:00:00.1Z","pattern":"[url:value = 'http://a.example/']","pattern_type":"stix","valid_from":"2020-01-01T00:00:00Z","x_n":1.50,"u":"\\u00e9","extensions":{"extension-definition--${uuid(5)}":{"a":[{"b":{}}]}} }`;
    await add(odd);
    expect((await ask(`${DESK}objects/`)).text).toBe(`{"more":false,"objects":[${odd}]}`);
    const { objects } = (await ask(`${DESK}manifest/`)).json;
    expect(objects).toEqual([
      {
        id: indicator(1).id,
        date_added: "2026-11-26T00:00:00.000000Z",
        version: "2020-01-01T00:00:00.1Z",
        media_type: "application/stix+json;version=2.1",
      },
    ]);
  });

  it("7: a status counts, is its owner's, and is kept for 24 hours", async () => {
    const domain = { type: "domain-name", id: `domain-name--${uuid(3)}`, value: "a.example" };
    const { status, json } = await post(envelope([indicator(1), domain, { type: "indicator" }, 7]));
    expect(status).toBe(202);
    const { success_count: good, failure_count: bad, pending_count: pending, total_count: total } = json;
    expect({ good, bad, pending, total }).toEqual({ good: 2, bad: 2, pending: 0, total: 4 });
    expect(json.request_timestamp).toBe("2026-11-26T00:00:00.000000Z");
    expect(json.successes).toEqual([
      { id: indicator(1).id, version: indicator(1).modified },
      { id: domain.id, version: "2026-11-26T00:00:00.000001Z" },
    ]);
    const path = `${ROOT}status/${json.id}/`;
    expect((await ask(path)).json).toEqual(json);
    expect(await statusOf(path, { token: "bob" })).toBe(404);
    clock += 86_400_000 - 1;
    expect(await statusOf(path)).toBe(200);
    clock += 1;
    expect(await statusOf(path)).toBe(404);
  });

  it("8: a duplicate is no error; one bad object of a thousand fails alone, with its reason", async () => {
    const thousand: (object | string)[] = Array.from({ length: 1000 }, (_, i) => indicator(i));
    thousand[500] = '{"type":"indicator","id":"indicator--1","x":[1,,2]}';
    const { json } = await post(envelope(thousand));
    expect([json.success_count, json.failure_count]).toEqual([999, 1]);
    expect(json.failures[0].message).toMatch(/^objects\[500\]: the object: is not JSON/);
    expect((await post(envelope([indicator(1)]))).json.success_count).toBe(1);
    const { json: other } = await post(envelope([{ ...indicator(1), name: "another" }]));
    expect(other.failures).toEqual([
      expect.objectContaining({ id: indicator(1).id, message: expect.stringContaining("is here already") }),
    ]);
    expect((await ask(`${DESK}objects/?match[id]=${indicator(1).id}`)).json.objects).toEqual([indicator(1)]);
    const { json: old } = await post(envelope([{ ...indicator(2000), spec_version: undefined }]));
    expect(old.failures[0].message).toContain("is missing, as in STIX 2.0; convert");
  });

  it("9: headers say when the first and last were added; each has a microsecond of its own", async () => {
    await add(indicator(1), indicator(2), indicator(3));
    const paths = ["objects/", "manifest/", `objects/${indicator(2).id}/`, `objects/${indicator(2).id}/versions/`];
    const shown = await Promise.all(
      paths.map(async (path) => {
        const { headers } = await ask(DESK + path);
        return [headers.get("x-taxii-date-added-first")?.slice(-5), headers.get("x-taxii-date-added-last")?.slice(-5)];
      }),
    );
    expect(shown).toEqual([
      ["0000Z", "0002Z"],
      ["0000Z", "0002Z"],
      ["0001Z", "0001Z"],
      ["0001Z", "0001Z"],
    ]);
    expect((await ask(`${DESK}objects/?match[type]=tool`)).headers.get("x-taxii-date-added-first")).toBeNull();
  });

  it("10: added_after is exclusive; what is malformed or repeated is 400", async () => {
    await add(indicator(1), indicator(2), indicator(3));
    expect(await objectsOf("?added_after=2026-11-26T00:00:00.000001Z")).toEqual(["0003 2020"]);
    expect(await objectsOf("?added_after=2026-11-26T00:00:00Z")).toEqual(["0002 2020", "0003 2020"]);
    expect(await objectsOf("?added_after=2026-11-25T23:59:59.9Z")).toHaveLength(3);
    const bad = [
      "added_after=yesterday",
      "added_after=2026-02-30T00:00:00Z",
      "limit=0",
      "limit=-1",
      "limit=1.5",
      "limit=a",
      "limit=",
    ];
    bad.push(
      "limit=1&limit=1",
      "next=!",
      "next=zzzzzzzzzzzz",
      "match[id]=a&match[id]=b",
      "match[id]=a,,b",
      "match[spec_version]=x",
    );
    const statuses = await Promise.all(bad.map(async (query) => [query, await statusOf(`${DESK}objects/?${query}`)]));
    expect(statuses).toEqual(bad.map((query) => [query, 400]));
  });

  it("11: pages are exact; next works wherever there are pages, again and again", async () => {
    await add(...[1, 2, 3, 4].map((n) => indicator(n)), ...[2021, 2022].map((year) => indicator(4, year)));
    for (const path of ["objects/", "manifest/"]) {
      const first = await ask(`${DESK}${path}?limit=2`);
      expect([first.json.objects.length, first.json.more]).toEqual([2, true]);
      for (let again = 0; again < 2; again++) {
        const second = await ask(`${DESK}${path}?limit=2&next=${first.json.next}`);
        expect(second.json.objects.map(({ id }: { id: string }) => id.slice(-1))).toEqual(["3", "4"]);
        expect(second.json.more).toBe(false);
        expect(second.json.next).toBeUndefined();
      }
    }
    const versions = `${DESK}objects/${indicator(4).id}/versions/?limit=2`;
    const { json } = await ask(versions);
    expect(json.versions).toHaveLength(2);
    expect((await ask(`${versions}&next=${json.next}`)).json.versions).toEqual([indicator(4, 2022).modified]);
  });

  it("12: filters are ANDed, their values ORed; the newest version is the default", async () => {
    await add(indicator(1), indicator(1, 2022), indicator(1, 2021), indicator(2));
    await add({
      type: "tool",
      spec_version: "2.1",
      id: `tool--${uuid(2)}`,
      name: "a tool",
      created: "2020-01-01T00:00:00Z",
      modified: "2020-01-01T00:00:00Z",
    });
    expect(await objectsOf()).toEqual(["0001 2022", "0002 2020", "0002 2020"]);
    expect(await objectsOf("?match[version]=first")).toEqual(["0001 2020", "0002 2020", "0002 2020"]);
    expect(await objectsOf("?match[version]=all&match[type]=indicator")).toHaveLength(4);
    expect(await objectsOf(`?match[version]=2021-01-01T00:00:00Z,last&match[id]=${indicator(1).id},x`)).toEqual([
      "0001 2022",
      "0001 2021",
    ]);
    expect(await objectsOf("?match[type]=tool,malware")).toEqual(["0002 2020"]);
    expect(await objectsOf("?match[spec_version]=2.0")).toEqual([]);
    expect(await objectsOf("?match[spec_version]=2.0,2.1")).toHaveLength(3);
    const bad = ["all,last", "newest", "2020", ""];
    const statuses = bad.map((version) => statusOf(`${DESK}objects/?match[version]=${version}`));
    expect(await Promise.all(statuses)).toEqual([400, 400, 400, 400]);
  });

  it("13: observables without dates are taken; their version is the time of adding", async () => {
    const domain = { type: "domain-name", id: `domain-name--${uuid(3)}`, value: "a.example" };
    await add(domain);
    expect((await ask(`${DESK}objects/${domain.id}/`)).json.objects).toEqual([domain]);
    expect((await ask(`${DESK}objects/${domain.id}/versions/`)).json.versions).toEqual(["2026-11-26T00:00:00.000000Z"]);
  });

  it("14: deleting needs both rights; afterwards there is nothing", async () => {
    await add(indicator(1), indicator(1, 2021), indicator(2));
    const del = (path: string, token?: string): Promise<number> =>
      statusOf(path, { method: "DELETE", ...(token && { token }) });
    const one = `${DESK}objects/${indicator(1).id}/`;
    expect(await del(`${ROOT}collections/${uuid(3)}/objects/${indicator(1).id}/`)).toBe(403);
    expect(await del(`${ROOT}collections/${uuid(2)}/objects/${indicator(1).id}/`)).toBe(403);
    expect(await del(one, "bob")).toBe(404);
    expect(await del(`${DESK}objects/indicator--${uuid(99)}/`)).toBe(404);
    expect(await del(`${one}?match[version]=2021-01-01T00:00:00Z`)).toBe(200);
    expect(await objectsOf()).toEqual(["0002 2020", "0001 2020"].toReversed());
    expect(await del(one)).toBe(200);
    expect(await statusOf(one)).toBe(404);
    expect(await statusOf(`${one}versions/`)).toBe(404);
    expect((await ask(`${DESK}manifest/`)).json.objects.map(({ id }: { id: string }) => id)).toEqual([indicator(2).id]);
  });
});

describe("whoever may not", () => {
  it("without a token that counts learns nothing: every path, method and body has one answer", async () => {
    await add(indicator(1));
    const paths = [
      "/taxii2/",
      ROOT,
      DESK,
      `${DESK}objects/`,
      `${DESK}objects/${indicator(1).id}/`,
      "/taxii2/no/such/path",
    ];
    const answers = new Set<string>();
    for (const token of [null, "expired", "x".repeat(5000)]) {
      for (const path of paths) {
        for (const method of ["GET", "POST", "DELETE", "PATCH"]) {
          const body = method === "POST" ? "{" : undefined;
          const { status, text, headers } = await ask(path, {
            method,
            token,
            headers: { accept: "x/y" },
            ...(body && { body }),
          });
          answers.add(JSON.stringify([status, text, [...headers]]));
        }
      }
    }
    expect([...answers]).toEqual([expect.stringMatching(/^\[401,/)]);
  });

  it("cannot tell a collection of others from none: bodies, headers and errors are the same", async () => {
    await add(indicator(1));
    const shown = async (collection: string): Promise<string[]> => {
      const base = `${ROOT}collections/${collection}/`;
      const asked: [string, Asked][] = [
        [base, {}],
        [`${base}objects/?limit=0`, {}],
        [`${base}manifest/`, {}],
        [`${base}objects/${indicator(1).id}/`, {}],
        [`${base}objects/${indicator(1).id}/versions/`, {}],
        [`${base}objects/`, { method: "POST", body: "{" }],
        [`${base}objects/${indicator(1).id}/`, { method: "DELETE" }],
      ];
      const answers = await Promise.all(asked.map(([path, more]) => ask(path, { token: "bob", ...more })));
      return answers.map(({ status, text, headers }) => JSON.stringify([status, text, [...headers]]));
    };
    expect(await shown(uuid(1))).toEqual(await shown(uuid(77)));
    expect(new Set(await shown(uuid(1))).size).toBe(1);
    expect(
      (await ask(`${ROOT}collections/`, { token: "bob" })).json.collections.map(({ id }: { id: string }) => id),
    ).toEqual([uuid(4)]);
  });

  it("reads no collection that is for writing only, and writes none that is for reading only: 403", async () => {
    expect(await statusOf(`${ROOT}collections/${uuid(2)}/objects/`)).toBe(403);
    expect(await statusOf(`${ROOT}collections/${uuid(2)}/manifest/`)).toBe(403);
    expect(
      await statusOf(`${ROOT}collections/${uuid(3)}/objects/`, { method: "POST", body: envelope([indicator(1)]) }),
    ).toBe(403);
    expect(
      await statusOf(`${ROOT}collections/${uuid(2)}/objects/`, { method: "POST", body: envelope([indicator(1)]) }),
    ).toBe(202);
    expect((await ask(`${ROOT}collections/${uuid(2)}/`)).json).toMatchObject({ can_read: false, can_write: true });
  });
});

it("takes Basic with the token as the password, and a collection by its alias", async () => {
  const authorization = `Basic ${toBase64(utf8("whoever:ann"))}`;
  expect(await statusOf(`${ROOT}collections/desk/`, { token: null, headers: { authorization } })).toBe(200);
  const bad = ["ann:", "ann", ":bad"].map((pair) => `Basic ${toBase64(utf8(pair))}`);
  const statuses = bad.map((given) => statusOf("/taxii2/", { token: null, headers: { authorization: given } }));
  expect(await Promise.all(statuses)).toEqual([401, 401, 401]);
});

it("shows a collection to whoever may do one of two things with it, and to nobody else", async () => {
  const at = (id: string): string => `${ROOT}collections/${id}/`;
  expect([await statusOf(at(uuid(2))), await statusOf(at(uuid(3)))]).toEqual([200, 200]);
  const none = { id: uuid(5), title: "None", canRead: false, canWrite: false };
  app = taxiiApp({
    access: { principal: async () => ({ id: "ann", collections: [none] }) },
    store,
    check: checkObject,
    title: "Alpha",
    now: () => clock,
    newId: () => uuid(9000),
    onError: (error) => {
      throw error;
    },
  });
  const [known, unknown] = [await ask(at(uuid(5))), await ask(at(uuid(6)))];
  expect([known.status, known.text]).toEqual([404, unknown.text]);
  expect(await statusOf(at(`${uuid(5)}/objects`))).toBe(404);
});

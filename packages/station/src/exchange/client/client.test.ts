import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap, utf8, utf8Decode } from "@detente/basics";
import { type ObjectStore, openObjects, type Records, StateStore } from "@detente/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WireFetch } from "../../wire/wire-fetch.ts";
import { TAXII_MEDIA_TYPE } from "../media-type.ts";
import { checkObject } from "../object-check.ts";
import { taxiiApp } from "../server/app.ts";
import { collectionsOf, indicator, ROOT, uuid } from "../../testing/exchange.ts";
import { identified } from "./identify.ts";
import { listCollections } from "./list-collections.ts";
import { mayLeave } from "./may-leave.ts";
import { checkOutbound, isPublic, outboundFetch } from "./outbound.ts";
import { pull, type PullOptions, type PullState } from "./pull.ts";
import { push, type PushOptions } from "./push.ts";
import { CLIENT_LIMITS } from "./requests.ts";

const SERVER = "https://other.example";
const NOW = Date.UTC(2026, 10, 26);

let home: string;
let theirs: ObjectStore;
let ours: ObjectStore;
let state: StateStore;
let fetch: WireFetch;
/** What happens to a request on the way: nothing, or this. */
let onTheWay: (url: URL, method: string) => Response | undefined;
let requests: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "taxii-client-"));
  theirs = unwrap(openObjects(join(home, "theirs"), { now: () => NOW - 60_000 }));
  ours = unwrap(openObjects(join(home, "ours"), { now: () => NOW }));
  state = unwrap(StateStore.open(join(home, "state")));
  onTheWay = () => undefined;
  requests = [];
  let ids = 0;
  const app = taxiiApp({
    access: collectionsOf,
    store: theirs,
    check: checkObject,
    title: "Other",
    now: () => NOW,
    newId: () => uuid(ids++),
    onError: (error) => {
      throw error;
    },
  });
  fetch = async (url, { body, ...init }) => {
    requests.push(`${init.method} ${url.slice(SERVER.length)}`);
    const sent = body === undefined ? init : { ...init, body: Uint8Array.from(body) };
    return onTheWay(new URL(url), init.method) ?? (await app.request(url, sent));
  };
});

afterEach(() => {
  for (const store of [theirs, ours, state]) store.close();
  rmSync(home, { recursive: true });
});

const remote = { apiRoot: SERVER + ROOT, collection: uuid(1), credentials: { kind: "token", token: "ann" } } as const;
const pulling = (more: Partial<PullOptions> = {}): PullOptions => ({
  from: remote,
  fetch,
  limits: CLIENT_LIMITS,
  check: checkObject,
  into: { writer: ours.writer, collection: "copy", source: "other" },
  progress: { records: state.config, key: "pull" },
  now: () => NOW,
  ...more,
});
const pushing = (more: Partial<PushOptions> = {}): PushOptions => ({
  to: remote,
  fetch,
  limits: CLIENT_LIMITS,
  from: { reader: ours.reader, collection: "mine" },
  progress: { records: state.config, key: "push" },
  obstacle: () => undefined,
  wait: async () => undefined,
  ...more,
});
const put = async (store: ObjectStore, collection: string, ...objects: readonly object[]): Promise<void> => {
  const rows = objects.map((one) => {
    const { id, modified } = one as { id: string; modified?: string };
    return { id, bytes: utf8(JSON.stringify(one)), ...(modified === undefined ? {} : { version: modified }) };
  });
  unwrap(await store.writer.add(collection, "them", rows));
};
const many = (from: number, to: number): object[] => Array.from({ length: to - from }, (_, i) => indicator(from + i));
const held = async (store: ObjectStore, collection: string): Promise<string[]> => {
  const { rows } = await store.reader.objects(collection, { versions: "all", limit: 10_000 });
  return rows.map(({ bytes }) => utf8Decode(bytes) ?? "");
};
const faultOf = async (result: ReturnType<typeof pull | typeof push>): Promise<string> => {
  const done = await result;
  return done.ok ? "ok" : done.fault.code;
};
const answering = (body: string, headers: Record<string, string> = {}, status = 200): Response =>
  new Response(body, { status, headers: { "content-type": TAXII_MEDIA_TYPE, ...headers } });

describe("pulling", () => {
  it("takes everything byte for byte, and then only what is new", async () => {
    await put(theirs, uuid(1), ...many(0, 2500), indicator(7, 2022));
    const report = unwrap(await pull(pulling()));
    expect(report).toEqual({ pages: 3, received: 2501, added: 2501, refused: [], refusedCount: 0, isComplete: true });
    expect(await held(ours, "copy")).toEqual(await held(theirs, uuid(1)));
    await put(theirs, uuid(1), indicator(5000));
    expect(unwrap(await pull(pulling()))).toMatchObject({ added: 1, isComplete: true });
    expect(requests.at(-1)).toContain("added_after=2026-11-25T23%3A58%3A59");
    expect(unwrap(await pull(pulling()))).toMatchObject({ added: 0, isComplete: true });
  });

  it("goes on after an interruption, wherever it was, and loses nothing", async () => {
    await put(theirs, uuid(1), ...many(0, 3500));
    for (let run = 1; run <= 3; run++) {
      let count = 0;
      onTheWay = () => (++count > 1 ? answering("{}", {}, 503) : undefined);
      expect(await faultOf(pull(pulling()))).toBe("busy");
      await put(theirs, uuid(1), indicator(10_000 + run));
    }
    onTheWay = () => undefined;
    expect(unwrap(await pull(pulling({ maxPages: 1 }))).isComplete).toBe(true);
    expect(await held(ours, "copy")).toEqual(await held(theirs, uuid(1)));
  });

  it("begins the walk again where the server has forgotten its token", async () => {
    await put(theirs, uuid(1), ...many(0, 1500));
    expect(unwrap(await pull(pulling({ maxPages: 1 }))).isComplete).toBe(false);
    onTheWay = (url) => (url.searchParams.has("next") ? answering('{"title":"gone"}', {}, 404) : undefined);
    expect(await faultOf(pull(pulling()))).toBe("refused");
    onTheWay = () => undefined;
    expect(unwrap(await pull(pulling()))).toMatchObject({ received: 500, added: 500, isComplete: true });
  });

  it("goes on by times where a server does not name the next page (TAXII 2.1 §3.5)", async () => {
    // Between two that were added at the same moment a page ends.
    const added = ["01", "02", "02", "03", "04"].map((second) => `2026-01-01T00:00:${second}.000000Z`);
    onTheWay = (url) => {
      const after = url.searchParams.get("added_after") ?? "";
      const left = added.flatMap((at, i) => (at > after ? [i] : []));
      const page = left.slice(0, 2);
      const objects = page.map((i) => indicator(i));
      const last = added[page.at(-1) ?? 0] ?? "";
      return answering(JSON.stringify({ more: left.length > 2, objects }), { "x-taxii-date-added-last": last });
    };
    expect(unwrap(await pull(pulling({ maxPages: 2 })))).toMatchObject({ added: 3, isComplete: false });
    expect(unwrap(await pull(pulling({ maxPages: 2 })))).toMatchObject({ added: 2, isComplete: true });
    await state.config.delete("pull");
    const all = JSON.stringify({ more: true, objects: [indicator(1)] });
    onTheWay = () => answering(all, { "x-taxii-date-added-last": added[0] ?? "" });
    expect(await faultOf(pull(pulling()))).toBe("no-progress");
  });

  it("remembers no pages whose names fill the memory", async () => {
    const next = "n".repeat(100_000);
    onTheWay = () => answering(`{"more":true,"next":"${next}","objects":[${JSON.stringify(indicator(1))}]}`);
    expect(await faultOf(pull(pulling({ maxPages: 3 })))).toBe("not-taxii");
    expect(await state.config.get("pull")).toBeUndefined();
  });

  it("is not led into the future by a server's times", async () => {
    onTheWay = () =>
      answering(`{"objects":[${JSON.stringify(indicator(1))}]}`, {
        "x-taxii-date-added-last": "9999-01-01T00:00:00.000000Z",
      });
    unwrap(await pull(pulling()));
    expect(((await state.config.get("pull")) as PullState).since).toBe("2026-11-25T23:59:59.000000Z");
  });

  it("keeps the good ones of a page with bad ones, and says what is wrong with those", async () => {
    onTheWay = () => answering(`{"objects":[${JSON.stringify(indicator(1))},{"type":"x\\u001b[31m","id":"x--1"},5]}`);
    const report = unwrap(await pull(pulling()));
    expect(report).toMatchObject({ received: 3, added: 1, refusedCount: 2 });
    expect(await held(ours, "copy")).toHaveLength(1);
  });

  it("takes no more than was allowed of a server that never ends, also not with the next run", async () => {
    let page = 0;
    onTheWay = () => answering(`{"more":true,"next":"${page++}","objects":[${JSON.stringify(indicator(page))}]}`);
    const size = JSON.stringify(indicator(1)).length;
    expect(await faultOf(pull(pulling({ maxBytes: 3 * size })))).toBe("too-much");
    expect(await held(ours, "copy")).toHaveLength(3);
    expect(await faultOf(pull(pulling({ maxBytes: 3 * size })))).toBe("too-much");
    expect(await held(ours, "copy")).toHaveLength(3);
    expect(await faultOf(pull(pulling({ maxBytes: 5 * size })))).toBe("too-much");
    expect(await held(ours, "copy")).toHaveLength(5);
  });

  it("ends with a server that goes round in circles, or says more and gives nothing", async () => {
    onTheWay = () => answering('{"more":true,"next":"a"}');
    expect(await faultOf(pull(pulling()))).toBe("no-progress");
    await state.config.delete("pull");
    onTheWay = () => answering('{"more":true}');
    expect(await faultOf(pull(pulling()))).toBe("no-progress");
    await state.config.delete("pull");
    onTheWay = () => answering(`{"more":true,"next":"a","objects":[${JSON.stringify(indicator(1))}]}`);
    expect(await faultOf(pull(pulling({ maxPages: 5 })))).toBe("no-progress");
    let page = 0;
    onTheWay = () => answering(`{"more":true,"next":"${page++}"}`);
    expect(await faultOf(pull(pulling()))).toBe("no-progress");
    onTheWay = () => answering(`{"more":true,"next":"${page++}","objects":[${JSON.stringify(indicator(page))}]}`);
    expect(unwrap(await pull(pulling({ maxPages: 20 })))).toMatchObject({ pages: 20, added: 20, isComplete: false });
  });

  it("follows no redirect, and takes neither huge bodies nor other types", async () => {
    onTheWay = () => answering("", { location: "http://169.254.169.254/" }, 302);
    expect(await faultOf(pull(pulling()))).toBe("redirected");
    expect(requests).toHaveLength(1);
    onTheWay = () => answering(" ".repeat(2000));
    expect(await faultOf(pull(pulling({ limits: { ...CLIENT_LIMITS, maxBytes: 1000 } })))).toBe("too-large");
    const wrong = ["text/html", "application/taxii+json;version=2.0", "application/json"];
    for (const type of wrong) {
      onTheWay = () => answering("{}", { "content-type": type });
      expect(await faultOf(pull(pulling()))).toBe("not-taxii");
    }
    for (const body of ["[]", "{", '{"objects":{}}', '{"more":1}']) {
      onTheWay = () => answering(body);
      expect(await faultOf(pull(pulling()))).toBe("not-taxii");
    }
    onTheWay = () => answering("{}", {}, 401);
    expect(await faultOf(pull(pulling()))).toBe("not-authenticated");
    expect(await state.config.get("pull")).toBeUndefined();
  });

  it("does not wait for ever", async () => {
    const never: WireFetch = async (_, { signal }) => {
      const body = new ReadableStream<Uint8Array>({
        start: (into) => signal.addEventListener("abort", () => into.error(signal.reason)),
      });
      return { status: 200, headers: new Headers(), body };
    };
    expect(await faultOf(pull(pulling({ fetch: never, limits: { ...CLIENT_LIMITS, timeoutMs: 20 } })))).toBe(
      "unreachable",
    );
  });
});

describe("pushing", () => {
  it("sends what is new, and says what was refused", async () => {
    await put(ours, "mine", ...many(0, 1500), { ...indicator(9000), spec_version: undefined });
    const report = unwrap(await push(pushing()));
    expect(report).toMatchObject({ sent: 1501, taken: 1500, refusedCount: 1 });
    expect(report.refused).toEqual([
      expect.objectContaining({ id: indicator(9000).id, message: expect.stringContaining("STIX 2.0") }),
    ]);
    expect(unwrap(await push(pushing()))).toMatchObject({ sent: 0 });
    expect(await held(theirs, uuid(1))).toEqual((await held(ours, "mine")).slice(0, 1500));
  });

  it("sends a batch again whose outcome was lost", async () => {
    await put(ours, "mine", ...many(0, 10));
    const through = fetch;
    const losing: WireFetch = async (url, init) => {
      const answer = await through(url, init);
      if (init.method === "POST") throw new Error("the line broke");
      return answer;
    };
    expect(await faultOf(push(pushing({ fetch: losing })))).toBe("unreachable");
    expect(unwrap(await push(pushing()))).toMatchObject({ sent: 10, taken: 10, refusedCount: 0 });
    expect(await held(theirs, uuid(1))).toHaveLength(10);
  });

  it("sends a batch again after which the process ended before that was put down, and nothing stands there twice", async () => {
    await put(ours, "mine", ...many(0, 10));
    const records: Records = {
      get: (key) => state.config.get(key),
      list: () => state.config.list(),
      set: () => Promise.reject(new Error("the process ended")),
      delete: () => Promise.reject(new Error("the process ended")),
      change: () => Promise.reject(new Error("the process ended")),
    };
    await expect(push(pushing({ progress: { records, key: "push" } }))).rejects.toThrow("the process ended");
    expect(unwrap(await push(pushing()))).toMatchObject({ sent: 10, taken: 10, refusedCount: 0 });
    expect(await held(theirs, uuid(1))).toHaveLength(10);
  });

  it("asks for the status until the other has decided, and else keeps its place", async () => {
    await put(ours, "mine", indicator(1));
    const status = (pending: number): string =>
      JSON.stringify({
        id: uuid(5),
        status: pending > 0 ? "pending" : "complete",
        total_count: 1,
        success_count: 1 - pending,
        failure_count: 0,
        pending_count: pending,
      });
    let polls = 0;
    onTheWay = (url, method) => {
      if (method === "POST") return answering(status(1), {}, 202);
      return url.pathname.includes("/status/") ? answering(status(++polls < 4 ? 1 : 0)) : undefined;
    };
    const waits: number[] = [];
    const wait = async (ms: number): Promise<void> => void waits.push(ms);
    expect(unwrap(await push(pushing({ wait })))).toMatchObject({ sent: 1, taken: 1 });
    expect(waits).toEqual([250, 500, 1000, 2000]);
    await put(ours, "mine", indicator(2));
    polls = -1000;
    expect(await faultOf(push(pushing()))).toBe("unknown-outcome");
    onTheWay = () => undefined;
    expect(unwrap(await push(pushing()))).toMatchObject({ sent: 1, taken: 1 });
  });

  it("keeps to what the other takes at once; what is larger is refused by name", async () => {
    await put(ours, "mine", ...many(0, 60), { ...indicator(100), name: "x".repeat(9000) }, indicator(101));
    onTheWay = (url) =>
      url.pathname === ROOT ? answering('{"title":"t","versions":[],"max_content_length":8000}') : undefined;
    const report = unwrap(await push(pushing()));
    expect(report).toMatchObject({ sent: 62, taken: 61, refusedCount: 1 });
    expect(report.refused[0]?.message).toContain("larger than the 8000 bytes");
    onTheWay = (url) => (url.pathname === ROOT ? answering("{}") : undefined);
    expect(await faultOf(push(pushing()))).toBe("not-taxii");
  });
});

describe("what may leave", () => {
  const TLP_AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421";
  const STATEMENT = "marking-definition--00000000-0000-4000-8000-000000000077";

  it("is what is not marked stricter, or with what nobody here knows", async () => {
    await put(ours, "mine", indicator(1), { ...indicator(2), object_marking_refs: [TLP_AMBER] });
    await put(ours, "mine", { ...indicator(3), object_marking_refs: [STATEMENT] });
    const report = unwrap(await push(pushing({ obstacle: mayLeave("green") })));
    expect(report).toMatchObject({ sent: 1, taken: 1, refusedCount: 2 });
    expect(report.refused.map(({ message }) => message)).toEqual([
      "is TLP:AMBER, and TLP:GREEN is the strictest that may leave",
      `is marked with ${STATEMENT}, whose definition is not at hand`,
    ]);
    expect(requests.filter((request) => request.startsWith("POST"))).toHaveLength(1);
    expect(await held(theirs, uuid(1))).toHaveLength(1);
    const definition = { definition_type: "statement", definition: { statement: "©" } };
    const judge = mayLeave("amber", new Map([[STATEMENT, definition]]));
    const { rows } = await ours.reader.objects("mine", { versions: "all", limit: 10 });
    expect(rows.map(judge)).toEqual([undefined, undefined, undefined]);
  });
});

describe("a collection's name", () => {
  it("is its id at its API root, however both are written", async () => {
    const name = async (more: Partial<typeof remote> | object): Promise<string> => {
      const known = await identified({ ...remote, ...more }, fetch, CLIENT_LIMITS);
      return known.ok ? `${known.value.apiRoot} ${known.value.collection}` : known.fault.code;
    };
    const same = `${SERVER}${ROOT} ${uuid(1)}`;
    expect(await name({})).toBe(same);
    expect(requests).toEqual([]);
    expect(await name({ apiRoot: "HTTPS://Other.example:443/taxii2/unit" })).toBe(same);
    expect(await name({ collection: "desk" })).toBe(same);
    expect(await name({ collection: "nothing" })).toBe("refused");
    onTheWay = () => answering("null");
    expect(await name({ collection: "desk" })).toBe("not-taxii");
  });
});

describe("listing collections", () => {
  const offered = async (address: string): ReturnType<typeof listCollections> =>
    listCollections({ address, fetch, limits: CLIENT_LIMITS, credentials: remote.credentials });

  it("goes by discovery, or by an API root", async () => {
    const all = unwrap(await offered(`${SERVER}/taxii2/`));
    expect(all.collections[0]).toEqual({
      apiRoot: SERVER + ROOT,
      id: uuid(1),
      title: "Desk",
      description: "",
      canRead: true,
      canWrite: true,
    });
    expect(all.collections).toHaveLength(3);
    expect(unwrap(await offered(SERVER + ROOT))).toEqual(all);
    expect(await offered(`${SERVER}/elsewhere/`)).toMatchObject({ ok: false, fault: { code: "refused" } });
  });

  it("takes credentials to no other origin, and lists what can be listed", async () => {
    onTheWay = (url) =>
      url.pathname === "/taxii2/"
        ? answering(JSON.stringify({ api_roots: ["https://evil.example/api/", ROOT, 5, "/none/"] }))
        : undefined;
    const offer = unwrap(await offered(`${SERVER}/taxii2/`));
    expect(offer.collections).toHaveLength(3);
    expect(offer.passedOver).toEqual([
      "https://evil.example/api/ is at another origin; name it if it is meant",
      expect.stringContaining("/none/collections/ answers 404"),
    ]);
    expect(requests.filter((request) => request.includes("evil"))).toEqual([]);
    onTheWay = () => answering("[]");
    expect(await offered(`${SERVER}/taxii2/`)).toMatchObject({ ok: false, fault: { code: "not-taxii" } });
  });
});

describe("what describes something", () => {
  it("is not taken where it is as large as an envelope only may be", async () => {
    const large = "[]".padEnd(9 * 1024 * 1024, " ");
    onTheWay = () => answering(large);
    const tooLarge = { ok: false, fault: { code: "too-large" } };
    const { credentials } = remote;
    expect(await listCollections({ address: SERVER + ROOT, fetch, limits: CLIENT_LIMITS, credentials })).toMatchObject(
      tooLarge,
    );
    expect(await identified({ ...remote, collection: "desk" }, fetch, CLIENT_LIMITS)).toMatchObject(tooLarge);
    expect(await push(pushing())).toMatchObject(tooLarge);
  });
});

describe("whom it asks", () => {
  it("is public and speaks https, unless more is allowed", () => {
    const code = (address: string, allowPrivate = false): string => {
      const checked = checkOutbound(address, { allowPrivate });
      return checked.ok ? "ok" : checked.fault.code;
    };
    expect(code("https://taxii.example/api/")).toBe("ok");
    expect(code("http://taxii.example/api/")).toBe("bad-address");
    expect(code("https://user:pass@taxii.example/")).toBe("bad-address");
    expect(code("file:///etc/passwd", true)).toBe("bad-address");
    const hidden = [
      "127.0.0.1",
      "2130706433",
      "0x7f.1",
      "[::1]",
      "[::ffff:10.0.0.1]",
      "169.254.169.254",
      "192.168.1.1",
      "100.64.0.1",
    ];
    expect(hidden.filter((host) => code(`https://${host}/`) !== "private-address")).toEqual([]);
    expect(code("http://127.0.0.1:5000/api/", true)).toBe("ok");
    expect(isPublic("8.8.4.4")).toBe(true);
    expect(["10.1.2.3", "fd00::1", "fe80::1", "64:ff9b::a00:1", "0.0.0.0", "224.0.0.1"].filter(isPublic)).toEqual([]);
  });

  it("is where the name really leads, seen when it is connected to; and no redirect is followed", async () => {
    let asked = 0;
    const server: Server = createServer((_, response) => {
      asked++;
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://localhost:${port}/`;
    const init = { method: "GET", headers: {}, redirect: "manual", signal: AbortSignal.timeout(60_000) } as const;
    const closed = outboundFetch({ allowPrivate: false });
    const name = `https://localhost:${port}/`;
    await expect(closed.fetch(name, init)).rejects.toThrow("leads to private addresses only");
    await expect(closed.fetch(`https://127.0.0.1:${port}/`, init)).rejects.toThrow("is not a public address");
    expect(asked).toBe(0);
    const open = outboundFetch({ allowPrivate: true });
    expect((await open.fetch(url, init)).status).toBe(302);
    expect(asked).toBe(1);
    await closed.close();
    await open.close();
    await new Promise((resolve) => server.close(resolve));
  });
});

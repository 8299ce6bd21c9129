/**
 * TAXII 2.1 (OASIS Standard, 10 June 2021) over a real connection, in the very bytes of requests: what a client's library
 * would put right before it is sent, and what only several clients at once show.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import { type ObjectStore, openObjects } from "@detente/store";
import { getRequestListener } from "@hono/node-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collectionsOf, envelope, indicator, ROOT, uuid } from "../../testing/exchange.ts";
import { TAXII_MEDIA_TYPE } from "../media-type.ts";
import { checkObject } from "../object-check.ts";
import { taxiiApp } from "./app.ts";

const DESK = `${ROOT}collections/${uuid(1)}/`;
const MAX = 1 << 20;

let home: string;
let store: ObjectStore;
let server: Server;
let port: number;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "taxii-"));
  store = unwrap(openObjects(join(home, "objects.sqlite"), { now: () => Date.now() }));
  let ids = 0;
  const app = taxiiApp({
    access: collectionsOf,
    store,
    check: checkObject,
    title: "Alpha",
    now: () => Date.now(),
    newId: () => uuid(9000 + ids++),
    maxContentLength: MAX,
    postLimits: { perToken: 2, bytesPerToken: 2 * MAX, bytes: 3 * MAX },
    onError: () => undefined,
  });
  const listen = getRequestListener(app.fetch);
  server = createServer((request, response) => void listen(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  store.close();
  rmSync(home, { recursive: true });
});

interface Answered {
  readonly status: number;
  /** Without what differs from one moment to the next. */
  readonly head: readonly string[];
  readonly body: string;
}

/**
 * Sends bytes as they stand, and reads what comes until the connection is closed. Only one that is cut short ends what it
 * sends: Node's server takes that for the end of both ways, and an answer that takes longer never comes.
 */
function send(request: string, { isCut = false } = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      const bytes = request.replaceAll("\n", "\r\n");
      if (isCut) socket.end(bytes);
      else socket.write(bytes);
    });
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => (text += chunk));
    socket.on("error", reject);
    socket.on("close", () => {
      const [top = "", ...rest] = text.split("\r\n\r\n");
      const [line = "", ...head] = top.split("\r\n");
      const shown = head.filter((header) => !/^(date|keep-alive|connection):/i.test(header));
      resolve({ status: Number(line.split(" ")[1]), head: shown, body: rest.join("\r\n\r\n") });
    });
  });
}

const GOOD = "Host: x\nAuthorization: Bearer ann\nAccept: application/taxii+json;version=2.1\nConnection: close";
const get = (path: string, headers = GOOD): Promise<Answered> => send(`GET ${path} HTTP/1.1\n${headers}\n\n`);
const json = async (path: string): Promise<{ objects?: { id: string }[]; more?: boolean; next?: string }> =>
  JSON.parse((await get(path)).body) as object;

function post(
  body: string,
  more: { readonly path?: string; readonly headers?: string; readonly length?: number } = {},
) {
  const { path = `${DESK}objects/`, headers = GOOD, length = Buffer.byteLength(body) } = more;
  return send(
    `POST ${path} HTTP/1.1\n${headers}\nContent-Type: ${TAXII_MEDIA_TYPE}\nContent-Length: ${length}\n\n${body}`,
    { isCut: length > Buffer.byteLength(body) },
  );
}

describe("requests in their very bytes", () => {
  it("are understood however headers are spelled (RFC 9110 §5.1, §11.1)", async () => {
    const spelled =
      'HOST: x\nauthorization: bEARER ann\nACCEPT: Application/TAXII+JSON ; Version="2.1"\nconnection: close';
    expect((await get("/taxii2/", spelled)).status).toBe(200);
    expect((await get("/taxii2/", GOOD.replace(/Accept:.*\n/, ""))).status).toBe(200);
    expect((await get("/taxii2/", `${GOOD}\nAccept: text/html`)).status).toBe(200);
    expect((await get("/taxii2/", GOOD.replace("version=2.1", "version=2.0"))).status).toBe(406);
  });

  it("with two tokens, or a path that is none, are not taken for others", async () => {
    expect((await get("/taxii2/", `${GOOD}\nAuthorization: Bearer bob`)).status).toBe(401);
    const paths = ["//taxii2/", "//taxii2", "/TAXII2/", "/taxii2//unit/", `${DESK}objects//`, "/taxii2/%2e%2e/"];
    const statuses = await Promise.all(paths.map(async (path) => (await get(path)).status));
    expect(statuses).toEqual(paths.map(() => 404));
  });

  it("may come in chunks, and may be too large whether or not they say so", async () => {
    const body = envelope([indicator(1)]);
    const head = `POST ${DESK}objects/ HTTP/1.1\n${GOOD}\nContent-Type: ${TAXII_MEDIA_TYPE}\n`;
    const chunked = (text: string): string =>
      `${head}Transfer-Encoding: chunked\n\n${text.length.toString(16)}\n${text}\n0\n\n`;
    expect((await send(chunked(body))).status).toBe(202);
    const large = await send(chunked(body.padEnd(MAX + 1, " "))).catch(() => ({ status: 413 }));
    expect(large.status).toBe(413);
    // One that sends all before it listens is heard out; one far too large is not waited for.
    for (const said of [MAX + 1, 3 * MAX]) {
      const answer = await send(`${head}Content-Length: ${said}\n\n${said > 2 * MAX ? "" : "x".repeat(said)}`);
      expect([answer.status, JSON.parse(answer.body)]).toEqual([413, expect.objectContaining({ http_status: "413" })]);
    }
  });

  it("without bodies that should have one, or with one cut short, store nothing", async () => {
    expect((await post("")).status).toBe(400);
    const cut = post(envelope([indicator(1)]), { length: 5000 });
    await cut.catch(() => undefined);
    expect(await json(`${DESK}objects/`)).toEqual({});
  });

  it("of other methods are 405 with Allow; HEAD is GET without a body (RFC 9110 §9.3.2)", async () => {
    const put = await send(`PUT ${DESK} HTTP/1.1\n${GOOD}\n\n`);
    expect([put.status, put.head.find((header) => /^allow:/i.test(header))]).toEqual([405, "allow: GET, HEAD"]);
    const head = await send(`HEAD ${DESK} HTTP/1.1\n${GOOD}\n\n`);
    expect([head.status, head.body]).toEqual([200, ""]);
  });
});

describe("strangers", () => {
  const parts = ["", "objects/", "manifest/", `objects/${indicator(1).id}/`, `objects/${indicator(1).id}/versions/`];

  it("get one answer for a collection of others and for none, to the byte", async () => {
    expect((await post(envelope([indicator(1)]))).status).toBe(202);
    const asBob = GOOD.replace("Bearer ann", "Bearer bob");
    for (const part of parts) {
      const hidden = await get(`${ROOT}collections/${uuid(1)}/${part}`, asBob);
      expect(hidden).toEqual(await get(`${ROOT}collections/${uuid(77)}/${part}`, asBob));
      expect(hidden.status).toBe(404);
    }
    const [hidden, none] = await Promise.all(
      [uuid(1), uuid(77)].map((id) =>
        post(envelope([indicator(2)]), { path: `${ROOT}collections/${id}/objects/`, headers: asBob }),
      ),
    );
    expect(hidden).toEqual(none);
  });

  /** So they take equally long: what differs between the two is in the store alone. */
  it("are answered without a look at what is stored, and so is who may not read or write", async () => {
    store.close();
    expect((await get(`${DESK}objects/`)).status).toBe(500);
    for (const token of ["bob", "nobody", "unknown"]) {
      const headers = GOOD.replace("Bearer ann", `Bearer ${token}`);
      const statuses = await Promise.all(parts.map(async (part) => (await get(DESK + part, headers)).status));
      expect(statuses).toEqual(parts.map(() => (token === "unknown" ? 401 : 404)));
    }
    expect((await get(`${ROOT}collections/${uuid(2)}/objects/`)).status).toBe(403);
    expect((await post("{", { path: `${ROOT}collections/${uuid(3)}/objects/` })).status).toBe(403);
    store = unwrap(openObjects(join(home, "objects.sqlite"), { now: () => Date.now() }));
  });
});

describe("pages", () => {
  it("say exactly whether there is more at their own bounds and the server's", async () => {
    const all = Array.from({ length: 1001 }, (_, n) => indicator(n));
    expect((await post(envelope(all.slice(0, 1000)))).status).toBe(202);
    const shape = async (query: string): Promise<unknown[]> => {
      const { objects = [], more, next } = await json(`${DESK}objects/${query}`);
      return [objects.length, more, typeof next];
    };
    expect(await shape("")).toEqual([1000, false, "undefined"]);
    expect(await shape("?limit=1000")).toEqual([1000, false, "undefined"]);
    expect(await shape("?limit=5000")).toEqual([1000, false, "undefined"]);
    expect(await shape("?limit=999")).toEqual([999, true, "string"]);
    expect((await post(envelope(all.slice(1000)))).status).toBe(202);
    expect(await shape("")).toEqual([1000, true, "string"]);
    expect(await shape("?limit=5000")).toEqual([1000, true, "string"]);
    const { next } = await json(`${DESK}manifest/?limit=1000`);
    expect(await shape(`?next=${next}`)).toEqual([1, false, "undefined"]);
    expect(await shape(`?limit=1&next=${next}`)).toEqual([1, false, "undefined"]);
  });

  it("followed by added_after while others write lose nothing and repeat nothing", async () => {
    const writers = [0, 1].map(async (writer) => {
      for (let round = 0; round < 10; round++) {
        const objects = Array.from({ length: 7 }, (_, n) => indicator(1000 * writer + 10 * round + n));
        expect((await post(envelope(objects))).status).toBe(202);
      }
    });
    let isWriting = true;
    const written = Promise.all(writers).then(() => (isWriting = false));
    const seen: string[] = [];
    let after = "";
    for (let last = false; !last;) {
      last = !isWriting;
      for (let more = true; more;) {
        const answer = await get(`${DESK}objects/?limit=5${after}`);
        const page = JSON.parse(answer.body) as { objects?: { id: string }[]; more?: boolean };
        seen.push(...(page.objects ?? []).map(({ id }) => id));
        const newest = answer.head.find((header) => /^x-taxii-date-added-last:/i.test(header))?.split(": ")[1];
        if (newest !== undefined) after = `&added_after=${newest}`;
        more = page.more === true;
      }
    }
    await written;
    expect([seen.length, new Set(seen).size]).toEqual([140, 140]);
  });
});

it("puts off who has too much under way: 429 for a token's own, 503 for all, and takes more afterwards", async () => {
  const slow = Array.from({ length: 3 }, (_, i) => {
    const socket = connect(port, "127.0.0.1");
    const headers = GOOD.replace("Bearer ann", i === 2 ? "Bearer bob" : "Bearer ann");
    const path = i === 2 ? `${ROOT}collections/${uuid(4)}/objects/` : `${DESK}objects/`;
    const request = `POST ${path} HTTP/1.1\n${headers}\nContent-Type: ${TAXII_MEDIA_TYPE}\nContent-Length: ${MAX}\n\n{`;
    socket.write(request.replaceAll("\n", "\r\n"));
    return socket;
  });
  const body = envelope([indicator(1)]);
  const asBob = { path: `${ROOT}collections/${uuid(4)}/objects/`, headers: GOOD.replace("ann", "bob") };
  const until = async (status: number, ask: () => Promise<Answered>): Promise<Answered> => {
    for (;;) {
      const answer = await ask();
      if (answer.status === status) return answer;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const own = await until(429, () => post(body));
  expect(JSON.parse(own.body)).toMatchObject({ title: "Too many at once", http_status: "429" });
  expect(own.head).toContain("retry-after: 1");
  const all = await until(503, () => post(body, asBob));
  expect(JSON.parse(all.body)).toMatchObject({ title: "Busy", http_status: "503" });
  for (const socket of slow) socket.destroy();
  await until(202, () => post(body));
  await until(202, () => post(body, asBob));
});

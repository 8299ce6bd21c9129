import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap, utf8 } from "@detente/basics";
import { checkObject, taxiiApp } from "@detente/station";
import { type ObjectStore, openObjects } from "@detente/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { detente } from "../../testing/console.ts";

/* The commands against a TAXII server behind a real socket. */

const DESK = "00000000-0000-4000-8000-000000000001";
// As FIRST and OASIS define them (STIX 2.1 extension definition for TLP 2.0).
const TLP_GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
const TLP_RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";
let dir: string;
let theirs: ObjectStore;
let server: Server;
let address: string;
/** Of their collection. */
let alias: string;

interface Indicator {
  readonly id: string;
  readonly modified: string;
  readonly [member: string]: unknown;
}

const indicator = (number: number, more: object = {}): Indicator => ({
  type: "indicator",
  spec_version: "2.1",
  id: `indicator--00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  created: "2020-01-01T00:00:00Z",
  modified: "2020-01-01T00:00:00Z",
  pattern: `[domain-name:value = 'host-${number}.net']`,
  pattern_type: "stix",
  valid_from: "2020-01-01T00:00:00Z",
  ...more,
});

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-taxii-"));
  theirs = unwrap(openObjects(join(dir, "theirs"), { now: Date.now }));
  alias = "desk";
  const app = taxiiApp({
    access: {
      principal: async (token) =>
        token === "secret"
          ? { id: "us", collections: [{ id: DESK, title: "Desk", alias, canRead: true, canWrite: true }] }
          : undefined,
    },
    store: theirs,
    check: checkObject,
    title: "Theirs",
    now: Date.now,
    newId: randomUUID,
    onError: (error) => {
      throw error;
    },
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const { method = "GET" } = request;
    const headers = request.headers as Record<string, string>;
    const body = method === "POST" ? { body: Buffer.concat(chunks) } : {};
    const answered = await app.request(`http://x${request.url ?? ""}`, { method, headers, ...body });
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    response.end(new Uint8Array(await answered.arrayBuffer()));
  };
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/taxii2/`;
  await writeFile(join(dir, "token"), "secret\n");
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  theirs.close();
  await rm(dir, { recursive: true });
});

const taxii = (...argv: readonly string[]): ReturnType<typeof detente> =>
  detente(["taxii", ...argv, "--private", "--json", "--token-file", join(dir, "token")]);
const common = (): readonly string[] => ["--collection", DESK, "--state", join(dir, "state.sqlite")];
const put = async (...objects: readonly Indicator[]): Promise<void> => {
  const rows = objects.map((object) => ({
    id: object.id,
    version: object.modified,
    bytes: utf8(JSON.stringify(object)),
  }));
  unwrap(await theirs.writer.add(DESK, "them", rows));
};

describe("detente taxii", () => {
  it("shows the collections of a server", async () => {
    const { code, out } = await taxii("collections", address);
    expect({ code, ...(JSON.parse(out) as object) }).toEqual({
      code: 0,
      collections: [
        { apiRoot: `${address}unit/`, id: DESK, title: "Desk", description: "", canRead: true, canWrite: true },
      ],
    });
    await writeFile(join(dir, "token"), "wrong");
    expect((await taxii("collections", address)).err).toContain("does not take the credentials; renew them");
  });

  it("pulls what is new into a file that `share` reads", async () => {
    const [first, second] = [join(dir, "first.json"), join(dir, "second.json")];
    await put(indicator(1), indicator(2));
    const { code, out } = await taxii("pull", `${address}unit/`, ...common(), "-o", first);
    expect({ code, ...(JSON.parse(out) as object) }).toEqual({
      code: 0,
      received: 2,
      added: 2,
      refused: 0,
      isComplete: true,
      written: 2,
      file: first,
    });
    const bundle = JSON.parse(await readFile(first, "utf8")) as { objects: unknown[] };
    expect(bundle.objects).toEqual([indicator(1), indicator(2)]);
    expect(JSON.parse((await detente(["share", first, "--dry-run", "--json"])).out)).toMatchObject({ indicators: 2 });
    // What came before the file could be written is written the next time.
    await put(indicator(3));
    expect(JSON.parse((await taxii("pull", `${address}unit/`, ...common())).out)).toMatchObject({ added: 1 });
    expect(JSON.parse((await taxii("pull", `${address}unit/`, ...common(), "-o", second)).out)).toMatchObject({
      written: 1,
    });
    expect(await readFile(second, "utf8")).toContain("host-3.net");
    const none = await taxii("pull", `${address}unit/`, ...common(), "-o", join(dir, "third.json"));
    expect({ code: none.code, ...(JSON.parse(none.out) as object) }).toMatchObject({ code: 1, written: 0, file: null });
    expect((await taxii("pull", `${address}unit/`, ...common(), "-o", second)).err).toContain("exists");
  });

  it("pushes what files hold, once, and keeps back what is marked stricter", async () => {
    const file = join(dir, "out.json");
    const objects = [indicator(1), indicator(2, { object_marking_refs: [TLP_RED] }), { type: "indicator" }];
    await writeFile(file, JSON.stringify({ objects }));
    const first = await taxii("push", `${address}unit/`, file, ...common());
    expect({ code: first.code, ...(JSON.parse(first.out) as object) }).toEqual({
      code: 2,
      sent: 1,
      taken: 1,
      refused: 1,
      rejected: 1,
      conflicts: 0,
    });
    expect(first.err).toContain("is TLP:RED, and TLP:CLEAR is the strictest that may leave");
    expect(first.err).toContain("out.json: objects[2]: ");
    expect(JSON.parse((await taxii("push", `${address}unit/`, file, ...common())).out)).toMatchObject({ sent: 0 });
    const { rows } = await theirs.reader.objects(DESK, { versions: "all", limit: 10 });
    expect(rows.map(({ id }) => id)).toEqual([indicator(1).id]);
  });

  it("offers again what was kept back once it may leave: under a laxer limit, or with the definition of its marking", async () => {
    const definition = { type: "marking-definition", spec_version: "2.1", id: `marking-definition--${DESK}` };
    const statement = { created: "2020-01-01T00:00:00Z", definition_type: "statement", definition: { statement: "x" } };
    const [objects, definitions] = [join(dir, "objects.json"), join(dir, "definitions.json")];
    const green = indicator(2, { object_marking_refs: [TLP_GREEN] });
    const marked = indicator(3, { object_marking_refs: [definition.id] });
    await writeFile(objects, JSON.stringify({ objects: [indicator(1), green, marked] }));
    await writeFile(definitions, JSON.stringify({ objects: [{ ...definition, ...statement }] }));
    const held = async (): Promise<string[]> =>
      (await theirs.reader.objects(DESK, { versions: "all", limit: 10 })).rows.map(({ id }) => id);
    await taxii("push", `${address}unit/`, objects, ...common());
    expect(await held()).toEqual([indicator(1).id]);
    await taxii("push", `${address}unit/`, objects, ...common(), "--tlp", "green");
    expect(await held()).toEqual([indicator(1).id, green.id]);
    await taxii("push", `${address}unit/`, definitions, ...common(), "--tlp", "green");
    expect(await held()).toEqual([indicator(1).id, green.id, marked.id, definition.id]);
    // The definition is in no file any more, but it was.
    const last = await taxii("push", `${address}unit`, objects, ...common(), "--tlp", "green");
    expect({ code: last.code, ...(JSON.parse(last.out) as object) }).toMatchObject({ code: 0, sent: 0, refused: 0 });
  });

  it("knows a collection by its id, whatever alias it goes by", async () => {
    const file = join(dir, "out.json");
    await writeFile(file, JSON.stringify({ objects: [indicator(1)] }));
    const state = ["--state", join(dir, "state.sqlite")];
    const push = (collection: string): ReturnType<typeof detente> =>
      taxii("push", `${address}unit/`, file, "--collection", collection, ...state);
    expect(JSON.parse((await push("desk")).out)).toMatchObject({ sent: 1, taken: 1 });
    expect(JSON.parse((await push(DESK)).out)).toMatchObject({ sent: 0 });
    alias = "other";
    expect((await push("desk")).err).toContain("collections/desk/ answers 404");
  });

  it("asks nobody at a private address unless told so, and takes one way to authenticate", async () => {
    const { err } = await detente(["taxii", "collections", address]);
    expect(err).toContain("is not https");
    expect((await taxii("collections", address, "--user", "us")).err).toContain("name one");
    await writeFile(join(dir, "token"), "two\nlines");
    expect((await taxii("collections", address)).err).toContain("expected one line of printable ASCII");
  });
});

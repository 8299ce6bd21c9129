/** What TAXII 2.1 (OASIS Standard, 10 June 2021) lets a client expect of a collection that it may write to and read. */
import { rm } from "node:fs/promises";
import { unwrap } from "@detente/basics";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { envelope, indicator } from "../../testing/exchange.ts";
import { Stations, type TestStation, until } from "../../testing/stations.ts";
import { TAXII_MEDIA_TYPE } from "../media-type.ts";

let stations: Stations;
let ann: TestStation;
let bob: TestStation;
let secret: string;

beforeAll(async () => {
  stations = await Stations.create();
  [ann, bob] = (await stations.found("ann", "bob")) as [TestStation, TestStation];
  await until("it may sign", async () => ann.station.gate.maySign);
});
afterAll(() => stations.close());
beforeEach(async () => {
  await ann.post("/api/release/drop", { all: true });
  secret = await token(ann, "taxii:write");
});

async function token(at: TestStation, ...scopes: ("taxii:read" | "taxii:write" | "taxii:sealed")[]): Promise<string> {
  const granted = unwrap(await at.station.callers.grant({ label: "tool", scopes }));
  at.station.changed();
  return granted.secret;
}

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks wherever it wants to
  readonly json: any;
}

async function ask(
  path: string,
  {
    method = "GET",
    as = secret,
    body,
    at = ann,
  }: Partial<Record<"method" | "as" | "body", string>> & {
    readonly at?: TestStation;
  } = {},
): Promise<Answered> {
  const headers = { authorization: `Bearer ${as}`, accept: TAXII_MEDIA_TYPE, "content-type": TAXII_MEDIA_TYPE };
  const answer = await at.fetch(`/taxii2/unit/${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: JSON.parse(text) };
}

const RELEASE = "collections/release/";
const post = (...objects: readonly unknown[]): Promise<Answered> =>
  ask(`${RELEASE}objects/`, { method: "POST", body: envelope(objects) });
const remove = (id: string, query = ""): Promise<Answered> =>
  ask(`${RELEASE}objects/${id}/${query}`, { method: "DELETE" });
const shown = async (query = "?match[version]=all"): Promise<string[]> =>
  ((await ask(`${RELEASE}objects/${query}`)).json.objects ?? []).map(
    ({ id, modified = "" }: { id: string; modified?: string }) => `${id.slice(-2)} ${modified.slice(0, 4)}`,
  );
const pending = async (): Promise<{ objects: number; types: object; title: string }[]> =>
  (await (await ann.fetch("/api/release", { headers: await officer() })).text())
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { objects: number; types: object; title: string });
const officer = async (): Promise<Record<string, string>> => ({ authorization: `Bearer ${ann.station.token}` });

/** An officer shares all that waits, and it takes effect. */
async function release(): Promise<string> {
  const { shared } = await ann.post<{ shared: { leafHash: string }[] }>("/api/release/share", { all: true });
  const hash = shared[0]?.leafHash ?? "";
  await until("it took effect", async () => ann.unit.archive.fold.thing(hash, "unit") !== undefined);
  return hash;
}

const withdraw = (hash: string): Promise<unknown> =>
  ann.post("/api/statements", { type: "position", kind: "withdraw", of: [hash], audience: "unit", content: {} });

describe("a release collection", () => {
  it("gives back what was brought in its bytes, with manifest, versions, filters and pages, and deletes it", async () => {
    const { id } = indicator(1);
    const spelt = `{ "x_n":1.0, ${JSON.stringify({ ...indicator(1, 2021), x_u: "é/" }).slice(1)}`;
    const malware = `{"type":"malware","spec_version":"2.1","is_family":false,"id":"malware--${id.slice(-36)}","created":"2020-01-01T00:00:00Z","modified":"2020-01-01T00:00:00Z","name":"\\u00e9\\/ 1e5","x_n":1e5}`;
    const posted = await post(indicator(1), spelt, malware);
    expect([posted.status, posted.json]).toMatchObject([202, { status: "complete", success_count: 3 }]);
    expect((await ask(`status/${posted.json.id}/`)).json).toEqual(posted.json);
    expect((await ask(RELEASE)).json).toMatchObject({ can_read: true, can_write: true, alias: "release" });

    const all = await ask(`${RELEASE}objects/?match[version]=all`);
    expect(all.text).toBe(`{"more":false,"objects":[${JSON.stringify(indicator(1))},${spelt},${malware}]}`);
    const manifest = (await ask(`${RELEASE}manifest/?match[version]=all`)).json.objects;
    expect(manifest.map((one: { id: string; version: string }) => [one.id, one.version])).toEqual([
      [id, "2020-01-01T00:00:00Z"],
      [id, "2021-01-01T00:00:00Z"],
      [`malware--${id.slice(-36)}`, "2020-01-01T00:00:00Z"],
    ]);
    const [first, last] = ["first", "last"].map((end) => all.headers.get(`x-taxii-date-added-${end}`));
    expect([first, last]).toEqual([manifest[0].date_added, manifest[2].date_added]);
    expect((await ask(`${RELEASE}objects/${id}/versions/`)).json.versions).toEqual([
      "2020-01-01T00:00:00Z",
      "2021-01-01T00:00:00Z",
    ]);
    expect((await ask(`${RELEASE}objects/${id}/`)).json.objects).toEqual([JSON.parse(spelt)]);
    expect(await shown("?match[type]=malware")).toEqual(["01 2020"]);
    expect(await shown(`?match[id]=${id}&match[version]=first`)).toEqual(["01 2020"]);
    expect(await shown(`?added_after=${first}`)).toEqual(["01 2021", "01 2020"]);
    const page = (await ask(`${RELEASE}objects/?limit=1`)).json;
    expect([page.objects.length, page.more]).toEqual([1, true]);
    expect((await ask(`${RELEASE}objects/?limit=1&next=${page.next}`)).json).toMatchObject({ more: false });

    expect((await remove(id, "?match[version]=first")).status).toBe(200);
    expect(await shown()).toEqual(["01 2021", "01 2020"]);
    expect(await pending()).toMatchObject([{ objects: 2, types: { indicator: 1, malware: 1 } }]);
    expect((await remove(id)).status).toBe(200);
    expect((await remove(id)).status).toBe(404);
    expect((await ask(`${RELEASE}objects/${id}/`)).status).toBe(404);
    expect((await remove(`malware--${id.slice(-36)}`)).status).toBe(200);
    expect((await ask(`${RELEASE}objects/`)).text).toBe("{}");
    expect(await pending()).toEqual([]);
  });

  it("takes 999 of a thousand where one is malformed, and shows these", async () => {
    const objects: unknown[] = Array.from({ length: 1000 }, (_, n) => indicator(n));
    objects[500] = { ...indicator(500), id: "indicator--500" };
    const { json } = await post(...objects);
    expect(json).toMatchObject({ success_count: 999, failure_count: 1, failures: [{ id: "indicator--500" }] });
    const ids = (await ask(`${RELEASE}manifest/`)).json.objects.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(Array.from({ length: 1000 }, (_, n) => indicator(n).id).toSpliced(500, 1));
  });

  it("shows nothing of it to any other token, nor to the other party, before it is released", async () => {
    const { id } = indicator(1);
    const { json: status } = await post(indicator(1));
    const others = [await token(ann, "taxii:write", "taxii:read", "taxii:sealed"), ann.station.token];
    for (const as of others) {
      const nothing = await Promise.all(["objects/", "manifest/"].map((part) => ask(RELEASE + part, { as })));
      expect(nothing.map(({ text }) => text)).toEqual(["{}", "{}"]);
      for (const path of [`${RELEASE}objects/${id}/`, `${RELEASE}objects/${id}/versions/`, `status/${status.id}/`]) {
        const [hidden, none] = [
          await ask(path, { as }),
          await ask(path.replace(/..\/(versions\/)?$/, "77/$1"), { as }),
        ];
        expect([hidden.status, hidden.text]).toEqual([404, none.text]);
      }
      expect((await ask(`${RELEASE}objects/${id}/`, { method: "DELETE", as })).status).toBe(404);
      expect((await ask("collections/shared/objects/", { as })).text).toBe("{}");
    }
    const reader = await token(ann, "taxii:read");
    expect((await ask(`${RELEASE}objects/`, { as: reader })).status).toBe(404);
    const atBob = { as: await token(bob, "taxii:read", "taxii:write"), at: bob };
    for (const path of [`${RELEASE}objects/`, "collections/shared/objects/", "collections/shared-by-ann/objects/"]) {
      expect((await ask(path, atBob)).text).toBe("{}");
    }
    expect(await shown()).toEqual(["01 2020"]);
  });

  it("takes once what is brought twice, and another value under its id and version not at all", async () => {
    await post(indicator(1));
    expect((await post(indicator(1), indicator(2))).json).toMatchObject({ success_count: 2 });
    const other = await post({ ...indicator(1), name: "another" });
    expect(other.json).toMatchObject({ success_count: 0, failures: [{ id: indicator(1).id }] });
    expect((await pending()).map(({ objects }) => objects)).toEqual([1, 1]);
    await ann.post("/api/release/drop", { all: true });
    expect((await ask(`${RELEASE}objects/`)).text).toBe("{}");
    expect((await post({ ...indicator(1), name: "another" })).json).toMatchObject({ success_count: 1 });
  });

  it("shares what is left, goes on showing it, and refuses to delete it; shows it no more once it is withdrawn", async () => {
    const [left, taken] = [JSON.stringify({ ...indicator(1), x_n: "left" }), indicator(2)];
    await post(left, taken);
    expect((await remove(taken.id)).status).toBe(200);
    const hash = await release();
    const reader = { as: await token(bob, "taxii:read"), at: bob };
    const shared = async (): Promise<string> => (await ask("collections/shared-by-ann/objects/", reader)).text;
    await until("bob's tool has it", async () => (await shared()) === `{"more":false,"objects":[${left}]}`);

    await post(indicator(1, 2021));
    expect(await shown()).toEqual(["01 2020", "01 2021"]);
    const refused = await remove(indicator(1).id);
    expect([refused.status, refused.json]).toMatchObject([403, { title: "Shared already", http_status: "403" }]);
    expect(await shown()).toEqual(["01 2020", "01 2021"]);
    expect((await remove(indicator(1).id, "?match[version]=last")).status).toBe(200);
    expect((await post(left)).json).toMatchObject({ success_count: 1 });
    expect([await shown(), await pending()]).toEqual([["01 2020"], []]);

    await withdraw(hash);
    await until("it is not shown", async () => (await shown()).length === 0);
    expect((await post(left)).json).toMatchObject({ success_count: 1 });
    expect(await pending()).toMatchObject([{ objects: 1 }]);
  });

  it("shows the same after a restart, also where its file is lost; and what is erased no more", async () => {
    await post(indicator(1));
    await release();
    await post(indicator(2), indicator(3));
    await remove(indicator(3).id);
    for (const isLost of [false, true]) {
      await ann.stop();
      if (isLost) for (const end of ["", "-wal", "-shm"]) await rm(`${ann.dir}/exchange.sqlite${end}`, { force: true });
      await ann.start();
      await until("it runs", async () => (await ask(RELEASE)).status === 200);
      await ann.ready();
      expect(await shown()).toEqual(["01 2020", "02 2020"]);
    }
    const [share] = ann.unit.indexer.shares().slice(-1);
    await ann.post("/api/erase", { share: share?.leafHash ?? "" });
    await until("it is not shown", async () => (await shown()).length === 1);
    expect(await shown()).toEqual(["02 2020"]);
  });

  it("shares what was brought for a narrower audience with that one alone", async () => {
    const audience = ["ann", "bob"];
    const content = { title: "t", text: "" };
    await ann.post("/api/statements", { type: "open", kind: "question", of: [], audience, content });
    const as = await token(ann, "taxii:write", "taxii:sealed");
    const narrower = async (): Promise<string | undefined> =>
      (await ask("collections/", { as })).json.collections.find(
        ({ title }: { title: string }) => title === "To be shared with ann, bob",
      )?.id;
    await until("it may be brought", async () => (await narrower()) !== undefined);
    const body = envelope([indicator(9)]);
    const brought = await ask(`collections/${await narrower()}/objects/`, { method: "POST", as, body });
    expect(brought.json).toMatchObject({ success_count: 1 });
    const { shared } = await ann.post<{ shared: { leafHash: string }[] }>("/api/release/share", { all: true });
    const hash = shared[0]?.leafHash ?? "";
    const { fold } = ann.unit.archive;
    await until("it took effect", async () => fold.thing(hash, JSON.stringify(audience)) !== undefined);
    expect(fold.thing(hash, "unit")).toBeUndefined();
    expect(fold.find(hash)).toMatchObject([{ form: "sealed", body: { view: JSON.stringify(audience) } }]);
  });
});

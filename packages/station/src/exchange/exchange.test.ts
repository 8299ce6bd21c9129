import { unwrap } from "@detente/basics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Scope } from "../vocabulary.ts";
import { Stations, type TestStation, until } from "../testing/stations.ts";

let stations: Stations;
let ann: TestStation;
let bob: TestStation;
let cem: TestStation;

interface Envelope {
  readonly objects?: readonly { readonly id: string; readonly type: string; readonly pattern?: string }[];
  readonly more?: boolean;
}

beforeAll(async () => {
  stations = await Stations.create();
  [ann, bob, cem] = (await stations.found("ann", "bob", "cem")) as [TestStation, TestStation, TestStation];
});
afterAll(() => stations.close());

async function token(at: TestStation, ...scopes: Scope[]): Promise<string> {
  const { secret } = unwrap(await at.station.callers.grant({ label: "tool", scopes }));
  at.station.changed();
  return secret;
}

function get(at: TestStation, secret: string, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${secret}`, accept: "application/taxii+json;version=2.1" };
  return at.fetch(`/taxii2/unit/collections/${path}`, { headers });
}

async function patterns(at: TestStation, secret: string, collection: string): Promise<string[]> {
  const { objects = [] } = (await (await get(at, secret, `${collection}/objects/`)).json()) as Envelope;
  return objects.flatMap(({ pattern }) => pattern ?? []);
}

async function share(by: TestStation, audience: "unit" | string[], ...domains: string[]): Promise<string> {
  const items = domains.map((value) => ({ kind: "domain", value, description: `seen by ${by.name}` }));
  const said = await by.post<{ leafHash: string }>("/api/shares", { title: "t", tlp: "green", audience, items });
  return said.leafHash;
}

const collectionsOf = async (at: TestStation, secret: string): Promise<{ id: string; title: string }[]> =>
  ((await (await get(at, secret, "")).json()) as { collections?: { id: string; title: string }[] }).collections ?? [];

describe("what was shared, over TAXII", () => {
  it("is there once it has taken effect, the same bytes at every station, and gone once it is withdrawn", async () => {
    const [atBob, atCem] = [await token(bob, "taxii:read"), await token(cem, "taxii:read")];
    const hash = await share(ann, "unit", "evil.example", "bad.example");
    const all = ["[domain-name:value = 'evil.example']", "[domain-name:value = 'bad.example']"];
    await until("bob's tools see it", async () => (await patterns(bob, atBob, "shared")).length === 2);
    await until("cem's tools see it", async () => (await patterns(cem, atCem, "shared")).length === 2);
    expect(await patterns(bob, atBob, "shared")).toEqual(all);
    const [first, second] = [await get(bob, atBob, "shared/objects/"), await get(cem, atCem, "shared/objects/")];
    expect(await first.text()).toBe(await second.text());
    await ann.post("/api/statements", {
      type: "position",
      kind: "withdraw",
      of: [hash],
      audience: "unit",
      content: {},
    });
    await until("it is gone", async () => (await patterns(bob, atBob, "shared")).length === 0);
    await until("everywhere", async () => (await patterns(cem, atCem, "shared")).length === 0);
  });

  it("of a narrower audience is seen by its members' tools alone, and only by those that may", async () => {
    const unitOnly = await token(bob, "taxii:read");
    const sealed = await token(bob, "taxii:read", "taxii:sealed");
    const atCem = await token(cem, "taxii:read", "taxii:sealed");
    await share(ann, ["ann", "bob"], "secret.example");
    let id = "";
    await until("bob has a second collection", async () => {
      id = (await collectionsOf(bob, sealed)).find(({ title }) => title === "Shared with ann, bob")?.id ?? "";
      return id !== "";
    });
    await until("it is in it", async () => (await patterns(bob, sealed, id)).length === 1);
    expect(await patterns(bob, sealed, id)).toEqual(["[domain-name:value = 'secret.example']"]);
    const unitWide = ["", " by ann", " by bob", " by cem"].map((by) => `Shared with the whole unit${by}`);
    expect((await collectionsOf(bob, unitOnly)).map(({ title }) => title)).toEqual(unitWide);
    expect((await collectionsOf(cem, atCem)).map(({ title }) => title)).toEqual(unitWide);
    const strange = await get(cem, atCem, "00000000-0000-4000-8000-000000000000/objects/");
    const hidden = await get(cem, atCem, `${id}/objects/`);
    expect([hidden.status, await hidden.text()]).toEqual([404, await strange.text()]);
    expect((await get(bob, unitOnly, `${id}/objects/`)).status).toBe(404);
  });

  it("may be brought for a narrower audience by tools that may know of it, and by no others", async () => {
    const titles = async (...scopes: Scope[]): Promise<string[]> =>
      (await collectionsOf(bob, await token(bob, ...scopes))).map(({ title }) => title);
    expect(await titles("taxii:write")).toEqual(["To be shared with the whole unit"]);
    expect(await titles("taxii:write", "taxii:sealed")).toEqual([
      "Shared with ann, bob",
      "Shared with ann, bob by ann",
      "Shared with ann, bob by bob",
      "To be shared with the whole unit",
      "To be shared with ann, bob",
    ]);
  });

  it("is hidden from tokens that were made for something else, and none of it can be written", async () => {
    const other = await token(bob, "intel:read");
    expect(await collectionsOf(bob, other)).toEqual([]);
    expect((await get(bob, other, "shared/objects/")).status).toBe(404);
    const reader = await token(bob, "taxii:read");
    const posted = await bob.fetch("/taxii2/unit/collections/shared/objects/", {
      method: "POST",
      headers: { authorization: `Bearer ${reader}`, "content-type": "application/taxii+json;version=2.1" },
      body: '{"objects":[{"type":"indicator"}]}',
    });
    expect(posted.status).toBe(403);
    expect((await bob.fetch("/taxii2/")).status).toBe(401);
  });

  it("comes back after a restart, and items that were erased do not", async () => {
    const secret = await token(bob, "taxii:read");
    const kept = await share(ann, "unit", "kept.example");
    const erased = await share(ann, "unit", "erased.example");
    await until("both are there", async () => (await patterns(bob, secret, "shared")).length === 2);
    await bob.post("/api/erase", { share: erased });
    await until("one is gone", async () => (await patterns(bob, secret, "shared")).length === 1);
    await bob.stop();
    await bob.start();
    await until("it runs", async () => (await get(bob, secret, "")).status === 200);
    expect(await patterns(bob, secret, "shared")).toEqual(["[domain-name:value = 'kept.example']"]);
    await ann.post("/api/statements", {
      type: "position",
      kind: "withdraw",
      of: [kept],
      audience: "unit",
      content: {},
    });
    await until("it is gone", async () => (await patterns(bob, secret, "shared")).length === 0);
  });
});

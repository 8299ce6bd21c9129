import { readFile, writeFile } from "node:fs/promises";
import { fromHex, present, unwrap } from "@detente/basics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { domainOf, mixedObjects, stixId, stixObject, TLP_MARKINGS } from "../../test/stix-objects.ts";
import { type HostileParty, startTestUnit, type TestStation, type TestUnit } from "../index.ts";

/* STIX objects as parties' tools see them: in over TAXII at one station, out over TAXII at the others. */

let unit: TestUnit;
let alfa: TestStation;
let bravo: TestStation;
let charlie: TestStation;
let mallory: HostileParty;
const MEDIA = "application/taxii+json;version=2.1";
type Scope = "taxii:read" | "taxii:sealed" | "taxii:write";

beforeAll(async () => {
  unit = await startTestUnit({
    parties: ["alfa", "bravo", "charlie"],
    hostile: ["mallory"],
    seed: 47,
    config: { release: [{ audience: "unit", types: ["vulnerability"], tlp: "green", perHour: 1 }] },
  });
  alfa = unit.station("alfa");
  bravo = unit.station("bravo");
  charlie = unit.station("charlie");
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

async function token(at: TestStation, scopes: readonly Scope[], life?: number): Promise<string> {
  const expires = life === undefined ? {} : { expires: unit.clock.now() + life };
  const { secret } = unwrap(await at.station.callers.grant({ label: "tool", scopes, ...expires }));
  at.station.changed();
  return secret;
}

function taxii(at: TestStation, secret: string | undefined, path: string, body?: string): Promise<Response> {
  const authorization = secret === undefined ? undefined : { authorization: `Bearer ${secret}` };
  const headers = { accept: MEDIA, "content-type": MEDIA, ...authorization };
  const init = body === undefined ? { headers } : { method: "POST", headers, body };
  return at.fetch(`/taxii2/unit/collections/${path}`, init);
}

interface Status {
  readonly success_count: number;
  readonly failure_count: number;
  readonly failures?: readonly { readonly id: string; readonly message: string }[];
}

async function post(at: TestStation, secret: string, objects: readonly string[], to = "release"): Promise<Status> {
  const answer = await taxii(at, secret, `${to}/objects/`, `{"objects":[${objects.join(",")}]}`);
  expect(answer.status).toBe(202);
  return (await answer.json()) as Status;
}

/** The objects of a collection in their order, with the commas between them: every byte that is not of a page's frame. */
async function objectsIn(at: TestStation, secret: string, collection: string, limit: number): Promise<string> {
  const pages: string[] = [];
  for (let next: string | undefined = ""; next !== undefined;) {
    const more = next === "" ? "" : `&next=${next}`;
    const answer = await taxii(at, secret, `${collection}/objects/?match[version]=all&limit=${limit}${more}`);
    const text = await answer.text();
    const [, after, objects = ""] = /^\{"more":(?:false|true,"next":"([^"]+)"),"objects":\[(.*)\]\}$/s.exec(text) ?? [];
    pages.push(objects);
    next = after;
  }
  return pages.join(",");
}

/** All pages of a collection, as text. */
async function walk(at: TestStation, secret: string, collection: string, versions = "last"): Promise<string> {
  let pages = "";
  for (let next: string | undefined = ""; next !== undefined;) {
    const more = next === "" ? "" : `&next=${next}`;
    const answer = await taxii(at, secret, `${collection}/objects/?match[version]=${versions}${more}`);
    expect(answer.status).toBe(200);
    const text = await answer.text();
    pages += text;
    next = (JSON.parse(text) as { next?: string }).next;
  }
  return pages;
}

async function pending(at: TestStation): Promise<{ id: string; why: string | null; labels: object; tlp: string }[]> {
  const lines = (await at.fetchText("/api/release")).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as { id: string; why: string | null; labels: object; tlp: string });
}

/** An officer shares all that waits; the hashes of the shares. */
async function release(at: TestStation): Promise<string[]> {
  const { status, body } = await at.api("POST", "/api/release/share", { all: true });
  expect(status).toBe(200);
  const { shared } = body as { shared: { leafHash: string }[] };
  const hashes = shared.map(({ leafHash }) => leafHash);
  await unit.until("it took effect at the author's", () => hashes.every((hash) => at.seen(hash) === "effective"));
  return hashes;
}

describe("a tool's objects", () => {
  it("of all types wait for an officer, come out at the others byte for byte, and go when they are withdrawn", async () => {
    const objects = mixedObjects(2150);
    const [tool, reader] = [await token(alfa, ["taxii:write"]), await token(bravo, ["taxii:read"])];
    const statuses = [await post(alfa, tool, objects.slice(0, 2000)), await post(alfa, tool, objects.slice(2000))];
    expect(statuses.map((one) => [one.success_count, one.failure_count])).toEqual([
      [2000, 0],
      [150, 0],
    ]);
    expect(await pending(alfa)).toMatchObject([{ why: expect.stringContaining("not released by rule") }, {}]);
    await unit.pass(2000);
    expect(await walk(bravo, reader, "shared")).toBe("{}");
    expect(await objectsIn(alfa, tool, "release", 1000)).toBe(objects.join(","));
    const hashes = await release(alfa);
    expect(hashes).toHaveLength(2);
    await unit.untilEffective(...hashes);
    const last = (JSON.parse(objects.at(-1) ?? "{}") as { id: string }).id;
    const pageSizes = { shared: [1000, 999], "shared-by-alfa": [137] };
    for (const [collection, limits] of Object.entries(pageSizes)) {
      const path = `${collection}/objects/${last}/`;
      await unit.until("bravo's tool has all", async () => (await taxii(bravo, reader, path)).status === 200);
      for (const limit of limits) {
        expect(await objectsIn(bravo, reader, collection, limit)).toBe(objects.join(","));
      }
    }
    expect(await objectsIn(alfa, tool, "release", 1000)).toBe(objects.join(","));
    expect(await walk(bravo, reader, "shared-by-charlie")).toBe("{}");
    const indicator = objects.findIndex((text) => text.includes('"type":"indicator"'));
    const found = await bravo.api("GET", `/api/intel?q=${domainOf(indicator)}`);
    expect(found.body).toMatchObject({ rows: [{ kind: "domain", index: indicator, status: "effective" }] });
    const proof = await bravo.api("GET", `/api/intel/proof?share=${hashes[0]}&index=${indicator}`);
    expect(proof.body).toMatchObject({ item: objects[indicator] });
    for (const hash of hashes) await alfa.say("withdraw", [hash]);
    await unit.until("the tool is shown nothing", async () => (await walk(alfa, tool, "release")) === "{}");
    for (const collection of ["shared", "shared-by-alfa"]) {
      const first = async (): Promise<string> => (await taxii(bravo, reader, `${collection}/objects/?limit=1`)).text();
      await unit.until("it is gone", async () => (await first()) === "{}");
    }
  });

  it("fail one by one: malformed, too narrow, twice and differently; the others wait, labelled by the gate", async () => {
    const tool = await token(alfa, ["taxii:write"]);
    const objects = Array.from({ length: 1000 }, (_, i) => stixObject("indicator", i));
    const amber = { object_marking_refs: [TLP_MARKINGS.amber] };
    objects[500] = '{"type":"indicator","id":"indicator--1","x":[1,,2]}';
    objects[501] = stixObject("malware", 1, amber);
    objects[502] = stixObject("indicator", 3, { name: "another" });
    objects[503] = stixObject("indicator", 4);
    const { success_count: good, failures = [] } = await post(alfa, tool, objects);
    expect(good).toBe(997);
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^objects\[500\]: the object: is not JSON/),
      expect.stringMatching(/^objects\[501\]: it was received as TLP:AMBER/),
      expect.stringMatching(/^objects\[502\]: another object of this id/),
    ]);
    const [one] = await pending(alfa);
    expect(one).toMatchObject({ objects: 996, types: { indicator: 996 }, tlp: "amber" });
    expect(one?.labels).toEqual({ inform: 996 });
    const dropped = await alfa.api("POST", "/api/release/drop", { ids: [one?.id ?? ""] });
    expect(dropped.body).toMatchObject({ dropped: [{ id: one?.id }] });
    expect(await pending(alfa)).toEqual([]);
  });

  it("are let out by a rule that an officer has set, as far as it goes", async () => {
    const [tool, reader] = [await token(alfa, ["taxii:write"]), await token(bravo, ["taxii:read"])];
    const clear = { object_marking_refs: [TLP_MARKINGS.clear] };
    const [first, second] = [stixObject("vulnerability", 1, clear), stixObject("vulnerability", 2, clear)];
    await post(alfa, tool, [first]);
    await unit.until("bravo's tool has it", async () => (await walk(bravo, reader, "shared")).includes(first));
    await post(alfa, tool, [second]);
    const why = "1 were released within an hour already";
    await unit.until("it waits by the rule", async () => (await pending(alfa))[0]?.why === why);
    await unit.pass(2000);
    expect(await pending(alfa)).toMatchObject([{ why }]);
    expect(await walk(bravo, reader, "shared")).not.toContain(second);
    await alfa.api("POST", "/api/release/drop", { all: true });
  });

  it("wait for an officer where a list of the gate cannot be read", async () => {
    const path = `${alfa.station.dir}/station.json`;
    const whole = await readFile(path, "utf8");
    const gate = { lists: `${alfa.station.dir}/no-such-lists` };
    await writeFile(path, JSON.stringify({ ...(JSON.parse(whole) as object), gate }));
    await alfa.restart();
    await unit.untilReady(alfa);
    const clear = { object_marking_refs: [TLP_MARKINGS.clear] };
    await post(alfa, await token(alfa, ["taxii:write"]), [stixObject("vulnerability", 3, clear)]);
    expect(await pending(alfa)).toMatchObject([
      { why: expect.stringMatching(/^the gate is not whole: .*no-such-lists/) },
    ]);
    await alfa.api("POST", "/api/release/drop", { all: true });
    await writeFile(path, whole);
    await alfa.restart();
    await unit.untilReady(alfa);
  });

  it("are shared once, though the station ends between an officer's word and the next start", async () => {
    const tool = await token(alfa, ["taxii:write"]);
    await post(alfa, tool, [stixObject("tool", 9)]);
    await alfa.restart();
    await unit.untilReady(alfa);
    expect(await pending(alfa)).toHaveLength(1);
    const [hash] = await release(alfa);
    await alfa.restart();
    await unit.untilReady(alfa);
    expect(await pending(alfa)).toEqual([]);
    expect(alfa.fold.find(hash ?? "").filter(({ log }) => log === alfa.origin)).toHaveLength(1);
    await alfa.say("withdraw", [hash ?? ""]);
  });
});

describe("a relay", () => {
  it("takes no id from the party that stated it first, nor what stations derive; its own claims stand beside", async () => {
    const reader = await token(bravo, ["taxii:read"]);
    const share = async (by: TestStation, ...objects: string[]): Promise<string> => {
      const input = { title: "t", audience: "unit", objects, isOwn: true };
      const { status, body } = await by.api("POST", "/api/objects", input);
      expect(status).toBe(200);
      const { leafHash } = body as { leafHash: string };
      await unit.untilEffective(leafHash);
      return leafHash;
    };
    const owners = stixObject("threat-actor", 7, { name: "the owner's" });
    const forged = stixObject("threat-actor", 7, { name: "forged", modified: "2030-12-31T00:00:00Z" });
    const hash = await share(alfa, owners);
    await unit.until("it is there", async () => (await walk(bravo, reader, "shared", "all")).includes(owners));
    const relays = await share(charlie, forged, stixObject("threat-actor", 8));
    const relayed = async (): Promise<boolean> =>
      (await walk(bravo, reader, "shared")).includes(stixObject("threat-actor", 8));
    await unit.until("what is charlie's own is there", relayed);
    expect(await walk(bravo, reader, "shared", "all")).not.toContain(forged);
    await unit.until("its own claim too", async () =>
      (await walk(bravo, reader, "shared-by-charlie")).includes(forged),
    );
    expect(await walk(bravo, reader, "shared-by-alfa")).not.toContain(forged);
    await alfa.say("withdraw", [hash]);
    await unit.until("charlie's moves up", async () => (await walk(bravo, reader, "shared")).includes(forged));
    // What one station erases goes from its own collections, and from nobody else's.
    expect((await bravo.api("POST", "/api/erase", { share: relays })).status).toBe(200);
    await unit.until("it is erased", async () => !(await walk(bravo, reader, "shared")).includes(forged));
    const own = (): Promise<string> => walk(bravo, reader, "shared-by-alfa", "all");
    await unit.until("alfa's is gone", async () => !(await own()).includes(owners));
  });

  it("that shares anything but STIX harms nobody", async () => {
    const reader = await token(bravo, ["taxii:read"]);
    const { status } = await charlie.api("POST", "/api/objects", {
      title: "t",
      audience: "unit",
      objects: ["no JSON"],
    });
    expect(status).toBe(400);
    await alfa.share({ items: [{ kind: "domain", value: "still-works.com" }] });
    await unit.until("others' shares come", async () =>
      (await walk(bravo, reader, "shared")).includes("still-works.com"),
    );
  });
});

describe("who is not meant", () => {
  it("learns nothing: no member, a member outside the audience, an expired token", async () => {
    const secret = stixObject("campaign", 99, { name: "for bravo alone" });
    const input = { title: "sealed", audience: ["alfa", "bravo"], objects: [secret], isOwn: true };
    const { body } = await alfa.api("POST", "/api/objects", input);
    const { leafHash } = body as { leafHash: string };
    await unit.until("bravo has it", () => bravo.seen(leafHash) === "effective");
    const atBravo = await token(bravo, ["taxii:read", "taxii:sealed", "taxii:write"]);
    const listed = async (at: TestStation, own: string): Promise<{ id: string; title: string }[]> =>
      ((await (await taxii(at, own, "")).json()) as { collections: { id: string; title: string }[] }).collections;
    const titles = (await listed(bravo, atBravo)).map(({ title }) => title);
    expect(titles).toContain("Shared with alfa, bravo by alfa");
    expect(titles).toContain("To be shared with alfa, bravo");
    const id = (await listed(bravo, atBravo)).find(({ title }) => title === "Shared with alfa, bravo")?.id ?? "";
    await unit.until("its tool has it", async () => (await walk(bravo, atBravo, id)).includes(secret));

    // A member outside the audience: neither its tools nor it itself.
    const atCharlie = await token(charlie, ["taxii:read", "taxii:sealed", "taxii:write"]);
    expect((await listed(charlie, atCharlie)).map(({ title }) => title)).not.toContain("Shared with alfa, bravo");
    const nowhere = "00000000-0000-4000-8000-000000000000";
    for (const path of [`${id}/`, `${id}/objects/`, `${id}/manifest/`, `${id}/objects/${stixId("campaign", 99)}/`]) {
      const [hidden, absent] = [
        await taxii(charlie, atCharlie, path),
        await taxii(charlie, atCharlie, path.replace(id, nowhere)),
      ];
      expect([hidden.status, await hidden.text()]).toEqual([404, await absent.text()]);
    }
    const content = bravo.fold.find(leafHash)[0]?.body?.content as unknown as { items: { digest: string } };
    for (const station of [alfa, bravo, charlie]) {
      expect((await mallory.send(station, "GET", `/blobs/${content.items.digest}`)).status).toBe(404);
    }
    expect(await charlie.station.blobs.has(present(fromHex(content.items.digest), "a digest"))).toBe(false);

    // A token that is over, and nobody's: told the same, whatever there is.
    const brief = await token(bravo, ["taxii:read", "taxii:sealed", "taxii:write"], 5000);
    await unit.pass(6000);
    for (const path of ["", `${id}/objects/`, `${nowhere}/objects/`]) {
      const answers = await Promise.all([brief, "f".repeat(64), undefined].map((own) => taxii(bravo, own, path)));
      const told = await Promise.all(answers.map(async (one) => [one.status, await one.text(), [...one.headers]]));
      expect(told[0]?.[0]).toBe(401);
      expect(told[1]).toEqual(told[0]);
      expect(told[2]).toEqual(told[0]);
    }
    expect((await taxii(bravo, brief, "release/objects/", '{"objects":[{}]}')).status).toBe(401);

    // A tool that may write sees nothing of what others brought, and a tool that may read writes nothing.
    const writer = await token(alfa, ["taxii:write"]);
    expect(await walk(alfa, writer, "release", "all")).toBe("{}");
    expect((await taxii(alfa, writer, "shared/objects/")).status).toBe(404);
    const reader = await token(alfa, ["taxii:read"]);
    expect((await taxii(alfa, reader, "release/objects/", `{"objects":[${secret}]}`)).status).toBe(404);
  });
});

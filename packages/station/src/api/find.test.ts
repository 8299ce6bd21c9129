import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stations, type TestStation, until, untilAgreed } from "../testing/stations.ts";
import type { CorrelationReport, FindGroup, FindReport } from "./find-contract.ts";

let stations: Stations;
let ann: TestStation;
let bob: TestStation;
let cem: TestStation;
let byAnn: string;
let byBob: string;
let narrow: string;

type Item = {
  readonly kind: string;
  readonly value: string;
  readonly description?: string;
  readonly labels?: string[];
};

beforeAll(async () => {
  stations = await Stations.create();
  [ann, bob, cem] = (await stations.found("ann", "bob", "cem")) as [TestStation, TestStation, TestStation];
  byAnn = await share(ann, "unit", "Phishing of voters", [
    { kind: "domain", value: "evil.example", description: "Köder gegen Wahlämter", labels: ["c2"] },
    { kind: "domain", value: "login.evil.example" },
    { kind: "cidr4", value: "203.0.113.0/24" },
    { kind: "ipv4", value: "203.0.113.7" },
  ]);
  byBob = await share(bob, "unit", "Second wave", [
    { kind: "domain", value: "evil.example", description: "zebrafinch panel" },
    { kind: "url", value: "https://www.evil.example/a" },
    { kind: "url", value: "http://203.0.113.9/b" },
    { kind: "email", value: "x@other.example" },
  ]);
  narrow = await share(ann, ["ann", "bob"], "For bob", [{ kind: "domain", value: "secret.example" }]);
  for (const value of ["login.evil.example", "evil.example", "x@other.example"]) {
    await until(`all know ${value}`, async () => (await find(cem, value)).groups[0]?.rows.length === 1);
  }
  await until("bob has ann's", async () => (await find(bob, "secret.example")).groups[0]?.rows.length === 1);
  await untilAgreed(ann, bob, cem);
});

afterAll(() => stations.close());

async function share(by: TestStation, audience: "unit" | string[], title: string, items: Item[]): Promise<string> {
  const said = await by.post<{ leafHash: string }>("/api/shares", { title, tlp: "green", audience, items });
  return said.leafHash;
}

async function find(at: TestStation, q: string, more = ""): Promise<FindReport> {
  const answer = await at.api<FindReport>("GET", `/api/find?q=${encodeURIComponent(q)}${more}`);
  expect(answer.status).toBe(200);
  return answer.body;
}

async function shown(at: TestStation, q: string, more = ""): Promise<Record<string, string[]>> {
  const { groups } = await find(at, q, more);
  const filled = groups.filter(({ rows }) => rows.length > 0);
  return Object.fromEntries(filled.map(({ relation, rows }) => [relation, rows.map(({ value }) => value)]));
}

describe("finding", () => {
  it("a value gives every source's statement by itself, with when, where it stands, and a proof", async () => {
    const { query, groups } = await find(cem, "EVIL[.]example");
    expect(query).toEqual({ kind: "domain", value: "evil.example" });
    const [row] = (groups[0] as FindGroup).rows;
    expect(row).toMatchObject({ kind: "domain", value: "evil.example", stated: 2, withdrawn: 0 });
    const statements = [...(row?.statements ?? [])].sort((a, b) => (a.party < b.party ? -1 : 1));
    expect(statements).toMatchObject([
      { party: "ann", share: byAnn, index: 0, title: "Phishing of voters", tlp: "green", audience: "unit" },
      { party: "bob", share: byBob, index: 0, text: "zebrafinch panel", status: "effective", withdrawal: null },
    ]);
    expect(statements.every(({ at, since }) => typeof at === "number" && typeof since === "number")).toBe(true);
    const proof = await cem.api<{ item: { value: string } }>("GET", statements[0]?.proof ?? "");
    expect([proof.status, proof.body.item.value]).toEqual([200, "evil.example"]);
  });

  it("a domain gives what is below it, and what it is below; a URL and a mail address what they lead to", async () => {
    expect(await shown(cem, "evil.example")).toEqual({
      same: ["evil.example"],
      below: ["login.evil.example", "https://www.evil.example/a"],
    });
    expect(await shown(cem, "a.login.evil.example")).toEqual({ above: ["login.evil.example", "evil.example"] });
    expect(await shown(cem, "https://www.evil.example/a")).toEqual({
      same: ["https://www.evil.example/a"],
      above: ["evil.example"],
    });
    expect(await shown(cem, "someone@evil.example")).toEqual({ above: ["evil.example"] });
  });

  it("an address gives the networks around it, a network what is within it", async () => {
    expect(await shown(cem, "203.0.113.7")).toEqual({ same: ["203.0.113.7"], around: ["203.0.113.0/24"] });
    expect(await shown(cem, "http://203.0.113.7/x")).toEqual({ around: ["203.0.113.7", "203.0.113.0/24"] });
    expect(await shown(cem, "203.0.112.0/23")).toEqual({
      within: ["203.0.113.0/24", "203.0.113.7", "http://203.0.113.9/b"],
    });
    expect(await shown(cem, "203.0.114.1")).toEqual({});
  });

  it("words give items and shares, in whatever case and without accents, and texts inside values", async () => {
    expect(await shown(cem, "koder WAHL")).toEqual({ words: ["evil.example"] });
    expect(await shown(cem, "second wave")).toEqual({ words: ["Second wave"] });
    expect(await shown(cem, "login.e", "&relation=inside")).toEqual({ inside: ["login.evil.example"] });
    expect(await shown(cem, '"')).toEqual({});
  });

  it("goes on page by page, one relation at a time", async () => {
    const values: string[] = [];
    for (let after: string | null = ""; after !== null;) {
      const more: string = `&relation=below&limit=1${after === "" ? "" : `&after=${after}`}`;
      const [group]: readonly FindGroup[] = (await find(cem, "evil.example", more)).groups;
      values.push(...(group?.rows ?? []).map(({ value }) => value));
      after = group?.next ?? null;
    }
    expect(values).toEqual(["login.evil.example", "https://www.evil.example/a"]);
    for (const more of [
      "&relation=none",
      "&limit=0",
      "&limit=101",
      "&relation=below&after=x",
      "&relation=words&after=x",
    ]) {
      expect((await cem.api("GET", `/api/find?q=evil.example${more}`)).status).toBe(400);
    }
  });

  it("counts who has seen it", async () => {
    const at = Date.now();
    const content = {
      item: { index: 3, value: "203.0.113.7" },
      count: 2,
      first: at - 1000,
      last: at,
      coverage: { from: at - 1000, to: at, source: "web" },
    };
    await bob.post("/api/statements", { type: "observe", kind: "sighting", of: [byAnn], audience: "unit", content });
    const seen = async (): Promise<number | undefined> =>
      (await find(cem, "203.0.113.7")).groups[0]?.rows[0]?.statements[0]?.sightings;
    await until("cem knows of it", async () => (await seen()) === 1);
  });

  it("tells nobody of what is for others, and answers only tokens that may ask", async () => {
    expect(await shown(bob, "secret.example")).toEqual({ same: ["secret.example"] });
    expect(await shown(cem, "secret.example")).toEqual({});
    expect(await shown(cem, "for bob")).toEqual({});
    const absent = await find(cem, "absent.example");
    expect((await find(cem, "secret.example")).groups).toEqual(absent.groups);
    const correlated = await cem.api<CorrelationReport>("GET", `/api/correlations?share=${narrow}`);
    expect(correlated.body).toEqual({ rows: [] });
    const { secret } = unwrap(await cem.station.callers.grant({ label: "t", scopes: ["record:read"] }));
    const headers = { authorization: `Bearer ${secret}` };
    expect((await cem.fetch("/api/find?q=evil.example", { headers })).status).toBe(403);
    const reader = unwrap(await cem.station.callers.grant({ label: "t", scopes: ["intel:read"] })).secret;
    const answer = await cem.fetch("/api/find?q=evil.example", { headers: { authorization: `Bearer ${reader}` } });
    expect(answer.status).toBe(200);
  });

  it("shows which values of a share others state too", async () => {
    const { body } = await cem.api<CorrelationReport>("GET", `/api/correlations?share=${byAnn}`);
    expect(body.rows).toMatchObject([
      { index: 0, kind: "domain", value: "evil.example", stated: 2, others: [{ party: "bob", share: byBob }] },
    ]);
  });
});

describe("what was taken back or erased", () => {
  it("of a withdrawn share only the very values are found, as withdrawn, by whom and why", async () => {
    const content = { text: "our own scanner" };
    await ann.post("/api/statements", { type: "position", kind: "withdraw", of: [byAnn], audience: "unit", content });
    await until("it is out of the index", async () => (await shown(cem, "203.0.112.0/23"))["within"]?.length === 1);
    expect(await shown(cem, "koder")).toEqual({});
    expect(await shown(cem, "evil.example")).toEqual({ same: ["evil.example"], below: ["https://www.evil.example/a"] });
    const [row] = (await find(cem, "evil.example")).groups[0]?.rows ?? [];
    expect(row).toMatchObject({ stated: 1, withdrawn: 1 });
    expect(row?.statements.map(({ party, status }) => [party, status])).toEqual([
      ["bob", "effective"],
      ["ann", "withdrawn"],
    ]);
    expect(row?.statements[1]?.withdrawal).toMatchObject({ reason: "our own scanner" });
    const { body } = await cem.api<CorrelationReport>("GET", `/api/correlations?share=${byBob}`);
    expect(body.rows).toEqual([]);
  });

  it("of erased items no byte is left in any file of the data directory", async () => {
    const token = unwrap(await cem.station.callers.grant({ label: "t", scopes: ["taxii:read"] })).secret;
    cem.station.changed();
    const headers = { authorization: `Bearer ${token}`, accept: "application/taxii+json;version=2.1" };
    const objects = async (): Promise<string> =>
      (await cem.fetch("/taxii2/unit/collections/shared/objects/", { headers })).text();
    await until("tools see it", async () => (await objects()).includes("zebrafinch"));
    const held = (): string[] =>
      readdirSync(cem.dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes("zebrafinch"))
        .map(({ name }) => name);
    expect(held()).not.toEqual([]);
    await cem.post("/api/erase", { share: byBob });
    await until("tools see it no more", async () => !(await objects()).includes("zebrafinch"));
    await until("it is in no file", () => held().length === 0);
    expect(await shown(cem, "evil.example")).toEqual({ same: ["evil.example"] });
    expect((await find(cem, "evil.example")).groups[0]?.rows).toMatchObject([{ stated: 0, withdrawn: 1 }]);
    expect((await find(bob, "zebrafinch")).groups[0]?.rows).toHaveLength(1);
  });
});

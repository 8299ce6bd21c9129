import { writeFile } from "node:fs/promises";
import { unwrap, utf8 } from "@detente/basics";
import { type ObjectStore, openObjects } from "@detente/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StatusReport } from "../../api/status-contract.ts";
import { loadConfig, parseConfig, saveConfig, type StationConfig } from "../../setup/config.ts";
import { collectionsOf, indicator, uuid } from "../../testing/exchange.ts";
import { Stations, type TestStation, until } from "../../testing/stations.ts";
import { checkObject } from "../object-check.ts";
import { taxiiApp } from "../server/app.ts";
import type { ScheduledExchange } from "./scheduled-exchange.ts";

/* A station of a unit, and a TAXII server that belongs to nobody in it. */

const OUTSIDE = "https://taxii.example";
const ROOT = `${OUTSIDE}/taxii2/unit/`;
let stations: Stations;
let ann: TestStation;
let bob: TestStation;
let theirs: ObjectStore;

beforeAll(async () => {
  stations = await Stations.create();
  [ann, bob] = (await stations.found("ann", "bob")) as [TestStation, TestStation];
  theirs = unwrap(openObjects(`${stations.root}/theirs`, { now: Date.now }));
  const app = taxiiApp({
    access: collectionsOf,
    store: theirs,
    check: checkObject,
    title: "Outside",
    now: Date.now,
    newId: () => uuid(99),
    onError: (error) => {
      throw error;
    },
  });
  stations.outside(OUTSIDE, (request) => app.fetch(request));
  await writeFile(`${stations.root}/token`, "ann\n");
});
afterAll(async () => {
  await stations.close();
  theirs.close();
});

const put = async (...objects: readonly ReturnType<typeof indicator>[]): Promise<void> => {
  const rows = objects.map((one) => ({ id: one.id, version: one.modified, bytes: utf8(JSON.stringify(one)) }));
  unwrap(await theirs.writer.add(uuid(1), "them", rows));
};
const status = async (): Promise<StatusReport["taxii"]> =>
  (await bob.api<StatusReport>("GET", "/api/status")).body.taxii;
const exchange = (more: Partial<ScheduledExchange>): ScheduledExchange => ({
  name: "partner",
  direction: "pull",
  url: ROOT,
  collection: uuid(1),
  interval: 60,
  tokenFile: `${stations.root}/token`,
  ...more,
});

async function configured(...taxii: readonly ScheduledExchange[]): Promise<void> {
  await bob.stop();
  const config = unwrap(await loadConfig(bob.dir));
  await saveConfig(bob.dir, unwrap(parseConfig({ ...config, taxii: [...taxii] }, bob.dir)));
  await bob.start();
}

/** What this party's own tools see in a collection; the status where it is none to them. */
async function seen(scope: "taxii:read" | "taxii:sealed", collection: string): Promise<string[] | number> {
  const { secret } = unwrap(await bob.station.callers.grant({ label: "tool", scopes: [scope] }));
  const headers = { authorization: `Bearer ${secret}` };
  const answer = await bob.fetch(`/taxii2/unit/collections/${collection}/objects/`, { headers });
  if (answer.status !== 200) return answer.status;
  const { objects = [] } = (await answer.json()) as { objects?: { id: string }[] };
  return objects.map(({ id }) => id);
}

describe("exchanges on a schedule", () => {
  it("pull into a collection of this party's own, which nobody shares; and go on after a restart", async () => {
    await put(indicator(1), indicator(2));
    await configured(exchange({}));
    await until("the first run has ended", async () => (await status())[0]?.at !== null);
    expect(await status()).toMatchObject([{ name: "partner", direction: "pull", objects: 2, refused: 0, fault: "" }]);
    expect(await seen("taxii:sealed", "pulled-partner")).toEqual([indicator(1).id, indicator(2).id]);
    expect(await seen("taxii:read", "pulled-partner")).toBe(404);
    expect((await bob.api<StatusReport>("GET", "/api/status")).body.unit?.shares).toBe(0);
    await put(indicator(3));
    await bob.restart();
    await until("what is new has come", async () => (await status())[0]?.objects === 1);
    expect(await seen("taxii:sealed", "pulled-partner")).toHaveLength(3);
  });

  it("push what was shared with the audience that was chosen, as far as its label lets it out", async () => {
    const share = (tlp: string, value: string): Promise<{ leafHash: string }> =>
      ann.post("/api/shares", { title: "t", tlp, audience: "unit", items: [{ kind: "domain", value }] });
    await share("green", "green.example");
    await share("amber", "amber.example");
    await until(
      "both are in effect",
      async () => (await seen("taxii:read", "shared")).toString().split("indicator--").length === 3,
    );
    await configured(exchange({ name: "out", direction: "push", tlp: "green" }));
    const values = async (): Promise<string> => {
      const { rows } = await theirs.reader.objects(uuid(1), { versions: "all", limit: 100 });
      return rows.map(({ bytes }) => Buffer.from(bytes).toString()).join("\n");
    };
    await until("it is there", async () => (await values()).includes("green.example"));
    await until("the other one was kept back", async () => ((await status())[0]?.refused ?? 0) > 0);
    expect(await values()).not.toContain("amber.example");
  });

  it("keep back what bears no label of its own, but stands in a share that has a stricter one", async () => {
    const input = { title: "t", tlp: "amber", audience: "unit", objects: [JSON.stringify(indicator(7))] };
    await ann.post("/api/objects", input);
    await until("it is in effect", async () =>
      (await seen("taxii:read", "shared")).toString().includes(indicator(7).id),
    );
    await configured(exchange({ name: "label", direction: "push", collection: uuid(2) }));
    await until("the run has ended", async () => (await status())[0]?.at !== null);
    const { rows } = await theirs.reader.objects(uuid(2), { versions: "all", limit: 100 });
    expect(rows.map(({ id }) => id)).not.toContain(indicator(7).id);
  });

  it("push all that a setting lets out, also what another one kept back before", async () => {
    const sent = async (): Promise<string[]> => {
      const { rows } = await theirs.reader.objects(uuid(2), { versions: "all", limit: 100 });
      return rows.map(({ id }) => id);
    };
    await configured(exchange({ name: "label", direction: "push", collection: uuid(2), tlp: "amber" }));
    await until("it is there", async () => (await sent()).includes(indicator(7).id));
  });

  it("say what went wrong, and keep the station going", async () => {
    await configured(
      exchange({ name: "gone", url: "https://gone.example/api/" }),
      exchange({ name: "refused", tokenFile: `${stations.root}/nothing` }),
    );
    await until("both runs have ended", async () => (await status()).every(({ at }) => at !== null));
    expect((await status()).map(({ fault }) => fault)).toEqual([
      expect.stringContaining("gave no answer"),
      expect.stringContaining("nothing: ENOENT"),
    ]);
    await bob.ready();
  });
});

describe("their settings", () => {
  it("are refused where they could not work, or would leave more than was chosen to anybody", async () => {
    const config: StationConfig = unwrap(await loadConfig(bob.dir));
    const flaw = (...taxii: readonly Partial<ScheduledExchange>[]): string => {
      const parsed = parseConfig({ ...config, taxii: taxii.map(exchange) }, bob.dir);
      return parsed.ok ? "" : parsed.fault.message;
    };
    expect(flaw({}, { name: "other", direction: "push", audience: ["ann", "bob"] })).toBe("");
    expect(flaw({}, {})).toContain('/taxii/1/name: there is another "partner"');
    expect(flaw({ url: "http://127.0.0.1/api/" })).toContain("/taxii/0/url: ");
    expect(flaw({ url: "http://127.0.0.1/api/", private: true })).toBe("");
    expect(flaw({ tokenFile: "token" })).toContain("/taxii/0/tokenFile: does not begin at the root");
    expect(flaw({ user: "us" })).toContain("belong together");
    expect(flaw({ tlp: "green" })).toContain("say what is pushed");
    expect(flaw({ direction: "push", audience: ["bob", "ann"] })).toContain("/taxii/0/audience");
    expect(flaw({ interval: 1 })).toContain("/taxii/0/interval");
  });
});

import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { unwrap } from "@detente/basics";
import {
  type FindReport,
  type IndicatorRow,
  type ItemRow,
  loadConfig,
  type Lookup,
  type MatchReport,
  type PatternRow,
  saveConfig,
} from "@detente/station";
import { afterEach, beforeEach, expect, it } from "vitest";
import { stixId, stixObject, TLP_MARKINGS } from "../../test/stix-objects.ts";
import { startTestUnit, type TestStation, type TestUnit } from "../index.ts";

/* Ann says something newer of what she has shared before, in another share; Bob's station follows. */

const HOUR = 3_600_000;
const ID = stixId("indicator", 1);

let unit: TestUnit;
let ann: TestStation;
let bob: TestStation;

beforeEach(async () => {
  unit = await startTestUnit({ parties: ["ann", "bob"], seed: 4712 });
  ann = unit.station("ann");
  bob = unit.station("bob");
});
afterEach(() => unit.close());

/** A version of the indicator by its day. */
function version(day: number, domain: string, members: object = {}): string {
  const pattern = `[domain-name:value = '${domain}']`;
  const marked = { object_marking_refs: [TLP_MARKINGS.clear] };
  return stixObject("indicator", 1, { modified: `2030-12-${day}T00:00:00Z`, pattern, ...marked, ...members });
}

async function share(by: TestStation, ...objects: readonly string[]): Promise<string> {
  const { status, body } = await by.api("POST", "/api/objects", { title: "t", audience: "unit", objects });
  expect([status, body]).toMatchObject([200, {}]);
  const { leafHash } = body as { leafHash: string };
  await unit.untilEffective(leafHash);
  return leafHash;
}

async function lines<Row>(at: TestStation, path: string): Promise<Row[]> {
  const text = await at.fetchText(path);
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
}

/** What is looked for, at both stations alike. */
async function untilLookedFor(...expected: readonly string[]): Promise<void> {
  for (const at of [ann, bob]) {
    await unit.until(`${at.name} looks for ${expected.join(", ") || "nothing"}`, async () => {
      const found = (await lines<IndicatorRow>(at, "/api/indicators")).map(
        ({ party, share: of, index, value }) => `${party} ${of.slice(0, 8)}:${index} ${value}`,
      );
      return JSON.stringify(found.toSorted()) === JSON.stringify(expected.toSorted());
    });
  }
}

const place = (party: string, leafHash: string, value: string): string => `${party} ${leafHash.slice(0, 8)}:0 ${value}`;

async function items(at: TestStation): Promise<unknown[]> {
  return (await lines<ItemRow>(at, "/api/items")).map(({ share: of, status, newer }) => [of, status, newer]);
}

it("a newer version replaces, a revoked one ends, a withdrawal brings back; nobody else's version touches it", async () => {
  const first = await share(ann, version(10, "one.example"));
  const forged = await share(bob, version(28, "forged.example", { revoked: true }));
  await untilLookedFor(place("ann", first, "one.example"));
  const second = await share(ann, version(11, "two.example"));
  await untilLookedFor(place("ann", second, "two.example"));
  const revoked = await share(ann, version(12, "two.example", { revoked: true }));
  await untilLookedFor();
  const by = { share: revoked, index: 0, modified: "2030-12-12T00:00:00Z", revoked: true };
  const known = [
    [first, "replaced", by],
    [second, "replaced", by],
  ];
  for (const at of [ann, bob]) {
    expect(await items(at)).toEqual(known);
    expect(await lines<PatternRow>(at, "/api/patterns")).toEqual([]);
    const { body } = await at.api("GET", "/api/find?q=one.example");
    expect((body as unknown as FindReport).groups[0]?.rows).toMatchObject([
      { stated: 0, withdrawn: 1, statements: [{ share: first, status: "replaced", newer: by }] },
    ]);
    expect((await at.api("GET", "/api/intel?q=two.example")).body).toMatchObject({
      rows: [{ share: second, status: "replaced", newer: by }],
    });
  }
  // It comes to the same after a start, and in an index that is made anew.
  await bob.restart();
  await untilLookedFor();
  expect(await items(bob)).toEqual(known);
  const withdrawal = await ann.say("withdraw", [revoked]);
  await unit.untilEffective(withdrawal.leafHash);
  await untilLookedFor(place("ann", second, "two.example"));
  const other = await ann.say("withdraw", [second]);
  await unit.untilEffective(other.leafHash);
  await untilLookedFor(place("ann", first, "one.example"));
  expect((await lines<PatternRow>(bob, "/api/patterns")).map(({ share: of }) => of)).toEqual([first]);
  await bob.say("withdraw", [forged]);
});

it("tools that read over TAXII have all versions, the newest last", async () => {
  const { secret } = unwrap(await bob.station.callers.grant({ label: "tool", scopes: ["taxii:read"] }));
  bob.station.changed();
  const versions = [version(10, "one.example"), version(12, "one.example", { revoked: true })];
  for (const one of versions) await share(ann, one);
  const shown = async (match: string): Promise<string> => {
    const headers = { accept: "application/taxii+json;version=2.1", authorization: `Bearer ${secret}` };
    const path = `/taxii2/unit/collections/shared/objects/${ID}/?match[version]=${match}`;
    return (await bob.fetch(path, { headers })).text();
  };
  await unit.until("both are there", async () => {
    const text = await shown("all");
    return versions.every((one) => text.includes(one));
  });
  expect(await shown("last")).toContain(versions[1]);
  expect(await shown("last")).not.toContain(versions[0]);
});

it("what is looked for in telemetry follows, and a sighting of what was revoked is not said any more", async () => {
  const logs = await mkdtemp(`${tmpdir()}/bobs-logs-`);
  const source = { name: "dns", paths: [`${logs}/dns.log`], window: 3600, round: 900 };
  await saveConfig(bob.dir, { ...unwrap(await loadConfig(bob.dir)), watch: [source] });
  expect(await bob.api("POST", "/api/watch/reload", {})).toMatchObject({ status: 200 });
  const write = async (name: string): Promise<void> =>
    appendFile(`${logs}/dns.log`, `${new Date(unit.clock.now()).toISOString()} query ${name}\n`);
  const hits = async (): Promise<number> => (await bob.status()).watch[0]?.hits ?? 0;
  const listed = async (): Promise<number> => (await bob.status()).watch[0]?.indicators ?? -1;
  const pending = async (): Promise<number> => (await lines(bob, "/api/watch/pending")).length;
  await writeFile(`${logs}/dns.log`, "");
  await share(
    ann,
    version(10, "one.example"),
    stixObject("indicator", 2, { pattern: "[domain-name:value = 'other.example']" }),
  );
  await unit.until("it is looked for", async () => (await listed()) === 2);
  await write("one.example");
  await unit.until("it is hit", async () => (await hits()) === 1);
  const two = "[domain-name:value IN ('two.example', 'three.example')]";
  await share(ann, version(11, "", { pattern: two }));
  await unit.until("the newer one is looked for", async () => (await listed()) === 3);
  await write("one.example");
  await write("two.example");
  await unit.until("all was read", async () => (await bob.status()).watch[0]?.lines === 3);
  await unit.until("only that is hit", async () => (await hits()) === 2);
  await unit.pass(2 * HOUR);
  await unit.until("both wait", async () => (await pending()) === 2);
  await share(ann, version(12, "one.example", { revoked: true }));
  await unit.until("neither does any more", async () => (await pending()) === 0);
  expect(await listed()).toBe(1);
  await rm(logs, { recursive: true });
});

it("a match set has what counts of whole objects, and loses what was revoked", async () => {
  const match = { partners: [{ party: "bob", budget: 100 }], pool: 120, interval: 1 };
  await share(ann, version(10, "one.example"), stixObject("malware", 1, { description: "line one\nline two" }));
  await saveConfig(ann.dir, { ...unwrap(await loadConfig(ann.dir)), match });
  expect(await ann.api("POST", "/api/match/reload", {})).toMatchObject({ status: 200 });
  const edition = async (sequence: number): Promise<void> =>
    unit.until(`edition ${sequence} is at bob`, async () => {
      const [set] = ((await bob.api("GET", "/api/match")).body as unknown as MatchReport).partners;
      return set?.isHere === true && (set.sequence ?? -1) >= sequence;
    });
  const lookUp = async (value: string): Promise<unknown> => {
    const indicators = [{ kind: "domain", value }];
    const { body } = await bob.api("POST", "/api/match/lookup", { partner: "ann", indicators });
    return (body as unknown as Lookup).rows[0]?.hit;
  };
  await edition(0);
  expect(await lookUp("one.example")).toMatchObject({ to: "bob", index: 0 });
  await share(ann, version(11, "one.example", { revoked: true }));
  await edition(1);
  expect(await lookUp("one.example")).toBeNull();
});

import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { gunzipSync } from "node:zlib";
import { type Json, unwrap } from "@detente/basics";
import type { SightingContent } from "@detente/record";
import { loadConfig, type PendingSighting, saveConfig, type WatchedSource } from "@detente/station";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestUnit, type TestStation, type TestUnit } from "../index.ts";

/* Bob watches a log of his own for what Ann has shared. */

const HOUR = 3_600_000;
const DOMAIN: Json = { kind: "domain", value: "evil.example" };
/** What must never leave: words of the lines, the names of files, what exactly was matched. */
const SECRETS = ["sesame", "/bobs-logs-", "host7.evil.example"];

let unit: TestUnit;
let ann: TestStation;
let bob: TestStation;
let logs: string;

beforeEach(async () => {
  unit = await startTestUnit({ parties: ["ann", "bob"], seed: 4711 });
  ann = unit.station("ann");
  bob = unit.station("bob");
  logs = await mkdtemp(`${tmpdir()}/bobs-logs-`);
});
afterEach(async () => {
  await unit.close();
  await rm(logs, { recursive: true });
});

/** Bob's officer watches the log under a policy. */
async function watch(policy: Partial<WatchedSource> = {}): Promise<void> {
  const source: WatchedSource = { name: "dns", paths: [`${logs}/dns.log`], window: 3600, round: 900, ...policy };
  await saveConfig(bob.dir, { ...unwrap(await loadConfig(bob.dir)), watch: [source] });
  expect(await bob.api("POST", "/api/watch/reload", {})).toMatchObject({ status: 200 });
}

/** Lines of the log, a second each, that hit once each. */
async function write(count: number): Promise<void> {
  const line = (): string => `${new Date(unit.clock.now()).toISOString()} query host7.evil.example open sesame\n`;
  await appendFile(`${logs}/dns.log`, Array.from({ length: count }, line).join(""));
}

async function shareInEffect(): Promise<string> {
  const { leafHash } = await ann.share({ items: [DOMAIN] });
  await unit.untilEffective(leafHash);
  return leafHash;
}

async function untilHits(count: number): Promise<void> {
  await unit.until(`bob has counted ${count} hits`, async () => {
    const [source] = (await bob.status()).watch;
    return source?.hits === count && source.open > 0;
  });
}

async function pending(): Promise<PendingSighting[]> {
  const text = await bob.fetchText("/api/watch/pending");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as PendingSighting);
}

/** Until the windows that are over have closed, and so much waits to be said. */
async function untilPending(count: number): Promise<void> {
  await unit.until(`${count} wait to be said`, async () => (await pending()).length === count);
}

/** What Ann sees of Bob's sightings of a share. */
function sightings(share: string): SightingContent[] {
  const voices = ann.fold.thing(share, "unit")?.voices ?? [];
  return voices
    .flatMap(({ observations }) => observations)
    .flatMap(({ body }) => (body?.kind === "sighting" ? [body.content as unknown as SightingContent] : []));
}

describe("a station watches its party's own telemetry", () => {
  it("through rotation; an officer lets the sighting out, and nothing else goes to anybody", async () => {
    const seen: Promise<Uint8Array>[] = [];
    unit.network.tap(({ from, request }) => {
      if (from === bob.host) seen.push(request.arrayBuffer().then((bytes) => new Uint8Array(bytes)));
      if (from === bob.host)
        seen.push(Promise.resolve(Buffer.from(request.url + JSON.stringify([...request.headers]))));
    });
    unit.network.tapAnswers(({ from, answer }) => {
      if (from === bob.host) seen.push(answer.arrayBuffer().then((bytes) => new Uint8Array(bytes)));
    });
    const share = await shareInEffect();
    const begin = unit.clock.now();
    await watch();
    await write(5);
    await untilHits(5);
    await rename(`${logs}/dns.log`, `${logs}/dns.log.1`);
    await write(3);
    await untilHits(8);
    const end = unit.clock.now();
    await unit.pass(2 * HOUR);
    await untilPending(1);

    const waiting = await pending();
    expect(waiting).toMatchObject([
      {
        source: "dns",
        indicator: DOMAIN,
        party: "ann",
        share,
        classes: { embedded: 8 },
        audience: "unit",
        releasedBy: null,
      },
    ]);
    expect((await bob.status()).watch).toMatchObject([{ indicators: 1, hits: 8, pending: 1, files: 2, faults: [] }]);
    const metrics = await bob.fetch("/metrics", { headers: { authorization: `Bearer ${bob.station.metricsToken}` } });
    expect(await metrics.text()).toContain('detente_watch_hits_total{source="dns"} 8\n');
    expect(sightings(share)).toEqual([]);

    const released = await bob.api("POST", "/api/watch/release", { ids: waiting.map(({ id }) => id) });
    expect(released.body).toMatchObject({ said: [{ id: waiting[0]?.id }], waiting: [], dropped: [], unknown: [] });
    await unit.until("ann sees it", () => sightings(share).length === 1);
    const [sighting] = sightings(share);
    const quarter = HOUR / 4;
    expect(sighting).toEqual({
      item: { index: 0 },
      count: 8,
      first: begin - (begin % quarter),
      last: Math.ceil(end / quarter) * quarter,
      coverage: { from: begin - (begin % HOUR), to: begin - (begin % HOUR) + HOUR, source: "dns" },
    });
    expect(await pending()).toEqual([]);
    await unit.until("the hits are forgotten", async () => {
      return (await readFile(`${bob.dir}/watch/dns/hits.jsonl`, "utf8")) === "";
    });
    const left = (await Promise.all(seen)).flatMap((bytes) => [bytes, unpacked(bytes)]);
    for await (const leaf of bob.station.own.reader.entries(0, bob.station.own.reader.size)) left.push(leaf);
    const text = left.map((bytes) => Buffer.from(bytes).toString("latin1")).join("\n");
    expect(text).toContain(`"source":"dns"`);
    for (const secret of SECRETS) expect(text).not.toContain(secret);
  });

  it("by policy at once, but neither what is embedded in text nor what hits too often", async () => {
    const share = await shareInEffect();
    await watch({ release: "policy", minimum: "embedded", noisy: 10 });
    await write(4);
    await untilHits(4);
    await unit.pass(HOUR);
    await unit.until("ann sees it", () => sightings(share).length === 1);
    await write(20);
    await untilHits(24);
    await unit.until("it is found to be noisy", async () => (await bob.status()).watch[0]?.noisy === 1);
    await unit.pass(HOUR);
    await untilPending(1);
    expect(await pending()).toMatchObject([{ isNoisy: true, releasedBy: null, says: { count: 20 } }]);
    await watch({ release: "policy" });
    await write(2);
    await untilHits(2);
    await unit.pass(HOUR);
    await untilPending(2);
    expect(await pending()).toMatchObject([
      { isNoisy: true },
      { isNoisy: false, releasedBy: null, says: { count: 2 } },
    ]);
    expect(sightings(share).map(({ count }) => count)).toEqual([4]);
    const dropped = await bob.api("POST", "/api/watch/drop", { all: true });
    expect(dropped.body).toMatchObject({ dropped: [{}, {}], said: [] });
    expect(await pending()).toEqual([]);
  });

  it("no longer for what was withdrawn, and what was to be said about it is dropped", async () => {
    const share = await shareInEffect();
    await watch();
    await write(2);
    await untilHits(2);
    await unit.pass(HOUR);
    await untilPending(1);
    const { leafHash } = await ann.say("withdraw", [share]);
    await unit.untilEffective(leafHash);
    await unit.until("it is looked for no more", async () => (await bob.status()).watch[0]?.indicators === 0);
    await untilPending(0);
    const { lines = 0 } = (await bob.status()).watch[0] ?? {};
    await write(3);
    await unit.until("bob has read on", async () => (await bob.status()).watch[0]?.lines === lines + 3);
    expect((await bob.status()).watch).toMatchObject([{ hits: 2, open: 0, pending: 0 }]);
  });

  it("no longer for what has expired, from the next segment on", async () => {
    const until = unit.clock.now() + HOUR;
    const { leafHash } = await ann.share({ items: [{ kind: "domain", value: "evil.example", until }] });
    await unit.untilEffective(leafHash);
    await watch();
    await write(2);
    await untilHits(2);
    await unit.pass(2 * HOUR);
    await untilPending(1);
    const { lines = 0 } = (await bob.status()).watch[0] ?? {};
    await write(3);
    await unit.until("bob has read on", async () => (await bob.status()).watch[0]?.lines === lines + 3);
    expect((await bob.status()).watch).toMatchObject([{ indicators: 0, hits: 2, open: 0, pending: 1 }]);
    const rows = await bob.fetchText("/api/indicators");
    expect(JSON.parse(rows)).toMatchObject({ value: "evil.example", until });
  });

  it("and answers others while it screens a large log", async () => {
    await shareInEffect();
    const rows = 200_000;
    const row = `"2026-11-25T10:00:00Z","host.example","a cell, quoted, so that every line of the log must be walked"\n`;
    await writeFile(`${logs}/dns.log`, `time,host,text\n${row.repeat(rows)}host7.evil.example\n`);
    await watch({ format: "csv" });
    let answers = 0;
    await unit.until("the log is screened", async () => {
      expect((await bob.fetch("/healthz")).status).toBe(200);
      // Lines are told at the end of a segment, and this log is one.
      const isDone = ((await bob.status()).watch[0]?.lines ?? 0) > 0;
      if (!isDone) answers++;
      return isDone;
    });
    expect((await bob.status()).watch).toMatchObject([{ lines: rows + 2, hits: 1 }]);
    expect(answers).toBeGreaterThan(3);
  });

  it("and says what it cannot read, and goes on with the others", async () => {
    await shareInEffect();
    await watch({ paths: [`${logs}/absent`, `${logs}/dns.log`] });
    await write(1);
    await untilHits(1);
    const [status] = (await bob.status()).watch;
    expect(status).toMatchObject({ faultCount: 1, faults: [{ message: expect.stringContaining(`${logs}/absent`) }] });
  });

  it("across a restart, from where it was; what was let out waits for the gate", async () => {
    const share = await shareInEffect();
    await watch({ window: 600 });
    await write(5);
    await untilHits(5);
    await bob.stop();
    await write(2);
    await ann.stop();
    await bob.start();
    await untilHits(2);
    await unit.pass(600_000);
    await untilPending(1);
    const [one] = await pending();
    expect(one?.says.count).toBe(7);
    const released = await bob.api("POST", "/api/watch/release", { all: true });
    expect(released.body).toMatchObject({ said: [], waiting: [{ id: one?.id }] });
    await ann.start();
    await unit.until("ann sees it", () => sightings(share).length === 1);
    await bob.restart();
    await unit.untilAgreed();
    expect(sightings(share)).toEqual([one?.says]);
  });
});

function unpacked(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : new Uint8Array(0);
}

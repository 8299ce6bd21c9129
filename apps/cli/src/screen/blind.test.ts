import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MatchReport, PendingSighting } from "@detente/station";
import { until } from "../testing/console.ts";
import { minute, ThreeStations } from "../testing/three-stations.ts";
import type { LookupResult } from "../match/lookup.ts";
import type { OfferedSighting } from "./blind-hits.ts";

/* Alpha has shared with all; Bravo asks it blindly for what stands in logs of its own, and decides what is said of it. */

interface Screened extends LookupResult {
  readonly sightings: readonly OfferedSighting[];
}

const QUARTER = 900_000;

let stations: ThreeStations;
let share: string;

beforeAll(async () => {
  stations = await ThreeStations.start();
  const said = ["share", stations.path("phish.csv"), "--tlp", "green"];
  share = await stations.saidAndSeen("alpha", "bravo", ...said);
  await stations.write("private.txt", "198.51.100.23\n");
  const publish = ["match", "publish", "--partners", "bravo", "--budget", "1000", "--files"];
  await stations.json("alpha", ...publish, stations.path("private.txt"));
  await until(
    () => stations.json<MatchReport>("bravo", "match", "list"),
    ({ partners }) => partners[0]?.isHere === true,
  );
});
afterAll(() => stations.close());

function screen(log: string, ...flags: readonly string[]): Promise<Screened> {
  return stations.json("bravo", "screen", stations.path(log), "--blind", "alpha", ...flags);
}

async function pending(): Promise<PendingSighting[]> {
  const { out } = await stations.as("bravo", "watch", "pending", "--json");
  return out.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as PendingSighting]));
}

/** Until so many sightings of Bravo are in the log, and no more. */
async function saidUntil(count: number): Promise<void> {
  const rows = await until(
    () => stations.log("charlie"),
    (all) => all.filter(({ kind }) => kind === "sighting").length >= count,
  );
  expect(rows.filter(({ kind }) => kind === "sighting")).toHaveLength(count);
}

/** A log that hits what Alpha has shared so many times, in another hour than those before. */
async function write(name: string, hour: number, times: number): Promise<void> {
  const line = `203.0.113.7 - - [23/Nov/2026:${hour}:01:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl"\n`;
  await stations.write(name, line.repeat(times));
}

describe("hits of a blind look-up in logs", () => {
  it("wait for an officer, whatever is looked through how often, and are said once", async () => {
    const first = await screen("access.log", "--source", "web");
    expect(first.hits.map(({ value }) => value).sort()).toEqual(["198.51.100.23", "203.0.113.7"]);
    expect(first.sightings).toMatchObject([{ is: "waits", kind: "ipv4", value: "203.0.113.7", share }]);
    expect(await screen("access.log", "--source", "web")).toMatchObject({ charged: 0, sightings: first.sightings });
    const waiting = await pending();
    const [hit] = waiting;
    expect(waiting).toMatchObject([
      { source: "web", party: "alpha", share, isBlind: true, audience: "unit", releasedBy: null },
    ]);
    expect(hit?.classes).toEqual({ "exact-field": 2 });
    expect(hit?.says).toEqual({
      item: { index: first.sightings[0]?.index },
      count: 2,
      first: minute(0),
      last: minute(0) + QUARTER,
      coverage: { from: minute(0), to: minute(0) + QUARTER, source: "web" },
    });
    await saidUntil(0);
    await stations.json("bravo", "watch", "release", hit?.id ?? "");
    await saidUntil(1);
    const again = await screen("access.log", "--source", "web");
    expect(again.sightings).toMatchObject([{ is: "dropped", why: "it was said, or dropped, before" }]);
    expect(await pending()).toEqual([]);
    const { out } = await stations.as("bravo", "screen", stations.path("access.log"), "--blind", "alpha");
    expect(out).toContain("1 hit of what was never shared: nothing can be said about it");
  });

  it("are said by a policy where they are strong enough and not too many, and where an officer says so", async () => {
    await stations.json("bravo", "watch", "drop", "--all");
    await stations.json("bravo", "match", "hits", "alpha", "--release", "policy", "--noisy", "2");
    await write("few.log", 11, 2);
    await write("many.log", 12, 3);
    expect((await screen("few.log")).sightings).toMatchObject([{ is: "said" }]);
    await saidUntil(2);
    expect((await screen("many.log")).sightings).toMatchObject([{ is: "waits", why: "an officer has to let it out" }]);
    expect(await pending()).toMatchObject([{ isNoisy: true, says: { count: 3 } }]);
    expect((await screen("many.log", "--post")).sightings).toMatchObject([{ is: "said" }]);
    await saidUntil(3);
    const stranger = await stations.as("bravo", "match", "hits", "alfa", "--release", "policy");
    expect(stranger).toMatchObject({ code: 2, out: "" });
    expect(stranger.err).toContain("PARTNER: alfa is no member of the unit");
  });

  it("cover what somebody says where the log has no times, and nothing before", async () => {
    await stations.write("bare.txt", "203.0.113.7\n");
    const bare = ["screen", stations.path("bare.txt"), "--blind", "alpha"];
    const timeless = await stations.as("bravo", ...bare, "--json");
    expect(timeless).toMatchObject({ code: 2 });
    expect(timeless.err).toContain("bare.txt: has no times that could be read, so its sightings cover nothing");
    expect(JSON.parse(timeless.out)).toMatchObject({ sightings: [] });
    const [from, to] = ["2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"];
    expect((await screen("bare.txt", "--from", from, "--until", to)).sightings).toMatchObject([{ is: "waits" }]);
    const covered = { from: Date.UTC(2026, 10, 22), to: Date.UTC(2026, 10, 23), source: "text" };
    expect(await pending()).toMatchObject([{ classes: { embedded: 1 }, says: { coverage: covered } }]);
  });
});

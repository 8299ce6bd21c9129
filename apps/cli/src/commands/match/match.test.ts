import { readFile, rm } from "node:fs/promises";
import { unwrap } from "@detente/basics";
import { connectStation, type MatchReport, type StationConfig } from "@detente/station";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LookupResult } from "../../match/lookup.ts";
import { until } from "../../testing/console.ts";
import { ThreeStations } from "../../testing/three-stations.ts";

/* Alpha has told Charlie alone, and lets Bravo find it; Bravo asks Alpha, over real sockets. */

let stations: ThreeStations;

beforeAll(async () => {
  stations = await ThreeStations.start();
  await stations.json("alpha", "share", stations.path("phish.csv"), "--to", "charlie", "--tlp", "red");
  await stations.write("private.txt", "hidden.example\n");
  const files = stations.path("private.txt");
  const publish = ["match", "publish", "--partners", "bravo", "--budget", "300", "--files", files];
  await stations.json("alpha", ...publish, "--beyond", "bravo:alpha+charlie:red");
  await until(
    () => stations.json<MatchReport>("bravo", "match", "list"),
    ({ partners }) => partners[0]?.isHere === true,
  );
});

afterAll(() => stations.close());

function valuesOf({ hits }: LookupResult): string[] {
  return hits.map(({ value }) => value).sort();
}

describe("detente match", () => {
  it("finds what was shared with others, and what was shared with nobody", async () => {
    const found = await stations.json<LookupResult>(
      "bravo",
      "match",
      "lookup",
      "alpha",
      "login.evil[.]example[.]net",
      "hidden.example",
      "203.0.113.8",
    );
    expect(found).toMatchObject({ partner: "alpha", charged: 16, spent: 16, budget: 300 });
    expect(valuesOf(found)).toEqual(["evil.example.net", "hidden.example"]);
    expect(found.hits.find(({ value }) => value === "hidden.example")?.hit).toEqual({ to: "bravo" });
    const none = await stations.as("bravo", "match", "lookup", "alpha", "203.0.113.8");
    expect(none).toMatchObject({ code: 1, err: "" });
    expect(none.out).toContain("alpha was asked 0 questions and told no hit; 16 of 300 are spent");
  });

  it("asks for all that stands in a log, and says nothing of what this party cannot read", async () => {
    const { code, out } = await stations.as(
      "bravo",
      "screen",
      "--blind",
      "alpha",
      stations.path("access.log"),
      "--json",
    );
    expect(code).toBe(0);
    const result = JSON.parse(out) as LookupResult;
    expect(valuesOf(result)).toEqual(["203.0.113.7"]);
    expect(result.asked).toBe(2);
    const blind = ["screen", "--blind", "alpha", stations.path("access.log")];
    const why = "this party can read no such share that is in effect, so nothing can be said about it";
    expect(await stations.json("bravo", ...blind, "--post")).toMatchObject({ sightings: [{ is: "dropped", why }] });
    const both = await stations.as("bravo", ...blind, "--follow");
    expect(both.err).toContain("--blind: does not go with --follow");
  });

  it("lays a question open, for anybody to verify", async () => {
    const file = stations.path("transcript.json");
    const policy = await stations.write(
      "alpha.policy",
      (await stations.as("charlie", "charter", "policy", "alpha")).out,
    );
    await stations.json("bravo", "match", "prove", "alpha", "hidden.example", "-o", file);
    const valid = await stations.as("charlie", "verify", file, "--policy", policy);
    expect(valid.err).toBe("");
    expect(valid.out).toContain("the committed set for bravo holds domain:hidden.example");
    expect(valid.code).toBe(0);
    const opened = JSON.parse(await readFile(file, "utf8")) as { transcript: string };
    const bytes = Buffer.from(opened.transcript, "base64");
    bytes[bytes.length - 40] = (bytes.at(-40) as number) ^ 1;
    await stations.write("forged.json", JSON.stringify({ ...opened, transcript: bytes.toString("base64") }));
    const forged = await stations.as("charlie", "verify", stations.path("forged.json"), "--policy", policy);
    expect(forged).toMatchObject({ code: 1 });
    const unasked = await stations.as(
      "bravo",
      "match",
      "prove",
      "alpha",
      "never.example",
      "-o",
      stations.path("no.json"),
    );
    expect(unasked.err).toContain("never.example: was not asked of alpha while that set was here");
  });

  it("leaves networks out, which no set holds", async () => {
    const one = await stations.as("bravo", "match", "lookup", "alpha", "203.0.113.0/24");
    expect(one).toMatchObject({ code: 2, out: "" });
    expect(one.err).toContain("203.0.113.0/24: left out, since no set holds networks");
    const two = await stations.json<LookupResult>(
      "bravo",
      "match",
      "lookup",
      "alpha",
      "hidden.example",
      "2001:db8::/32",
    );
    expect(two).toMatchObject({ asked: 1, unasked: 0 });
  });

  it("says whom it cannot ask, before it reads a log", async () => {
    const nobody = await stations.as("bravo", "screen", "--blind", "nobody", stations.path("none.log"));
    expect(nobody).toMatchObject({ code: 2, out: "" });
    expect(nobody.err).toBe("detente: station: nobody is no other member of the unit; `detente status` names them\n");
    const itself = await stations.as("bravo", "match", "lookup", "bravo", "x.example");
    expect(itself.err).toContain("bravo is no other member of the unit");
  });

  it("keeps the set as it is where a partner's name is none, or a file is not there", async () => {
    const before = await stations.json<MatchReport>("alpha", "match", "list");
    const slip = await stations.as("alpha", "match", "publish", "--partners", "bravo,charly", "--budget", "300");
    expect(slip).toMatchObject({ code: 2, out: "" });
    expect(slip.err).toContain("--partners: charly is no member of the unit");
    const none = stations.path("none.csv");
    const missing = await stations.as(
      "alpha",
      "match",
      "publish",
      "--partners",
      "bravo",
      "--budget",
      "9",
      "--files",
      none,
    );
    expect(missing).toMatchObject({ code: 2, out: "" });
    expect(missing.err).toContain(none);
    const settings = JSON.parse(await readFile(stations.path("alpha/station.json"), "utf8")) as StationConfig;
    expect(settings.match?.partners).toEqual([{ party: "bravo", budget: 300 }]);
    expect((await stations.json<MatchReport>("alpha", "match", "list")).own?.set).toBe(before.own?.set);
  });

  it("ends at the budget, keeps what was answered, and shows both sides what is spent", async () => {
    const names = Array.from({ length: 400 }, (_, i) => `host${i}.example`);
    await stations.write("many.txt", names.join("\n"));
    const stopped = await stations.as("bravo", "match", "lookup", "alpha", "--file", stations.path("many.txt"));
    expect(stopped).toMatchObject({ code: 2 });
    expect(stopped.err).toContain("alpha grants 300 questions in this epoch");
    const paid = ["match", "lookup", "alpha", "hidden.example", "--file", stations.path("many.txt"), "--json"];
    const cut = await stations.as("bravo", ...paid);
    expect(cut).toMatchObject({ code: 2 });
    expect(cut.err).toContain("alpha grants 300 questions in this epoch");
    const result = JSON.parse(cut.out) as LookupResult;
    expect(valuesOf(result)).toEqual(["hidden.example"]);
    expect(result.asked + result.unasked).toBe(401);
    expect(result.unasked).toBeGreaterThan(100);
    expect(result.charged).toBe(0);
    const some = await stations.json<LookupResult>("bravo", "match", "lookup", "alpha", "hidden.example");
    expect(some.charged).toBe(0);
    expect((await stations.as("alpha", "match", "list")).out).toMatch(/bravo +\d+ of 300/);
    expect((await stations.as("charlie", "match", "lookup", "alpha", "x.example")).err).toContain(
      "alpha: no set of it is for this party; ask its officer for `detente match publish`",
    );
  });

  it("says what is wrong with the policy for as long as that is in force", async () => {
    const file = await stations.write("gone.txt", "gone.example\n");
    await stations.json("alpha", "match", "publish", "--partners", "bravo", "--budget", "300", "--files", file);
    await rm(file);
    const station = unwrap(await connectStation(stations.path("alpha")));
    await station.post("/api/match/reload", {});
    await station.close();
    const list = (): Promise<MatchReport> => stations.json("alpha", "match", "list");
    await until(list, ({ fault }) => fault?.includes("gone.txt") === true);
    await stations.json("alpha", "match", "stop");
    expect((await list()).fault).toBeNull();
  });
});

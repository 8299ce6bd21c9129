import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { TLP_MARKINGS } from "@detente/intel";
import type { FindReport, StatusReport, WithdrawalRow } from "@detente/station";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { detente, until } from "../testing/console.ts";
import { minute, type Name, ThreeStations } from "../testing/three-stations.ts";

let unit: ThreeStations;
let share: string;
let sealed: string;

beforeAll(async () => {
  unit = await ThreeStations.start();
});

afterAll(() => unit.close());

function stixIndicator(number: string, domain: string): string {
  return `{"type":"indicator","spec_version":"2.1","id":"indicator--00000000-0000-4000-8000-${number.padStart(12, "0")}","created":"2026-11-01T00:00:00Z","modified":"2026-11-01T00:00:00Z","pattern":"[domain-name:value = '${domain}']","pattern_type":"stix","valid_from":"2026-11-01T00:00:00Z"}`;
}

/** The main job, told in order: each test goes on where the one before it ended. */
describe("three parties", () => {
  it("follow logs from before anything was shared", async () => {
    const argv = ["screen", unit.path("access.log"), "--follow", "--state", unit.path("state-before")];
    const { code, err } = await detente([...argv, "--data", unit.path("bravo")], { stopped: Promise.resolve() });
    expect(code).toBe(1);
    expect(err).toContain("nothing that is in effect was shared with this party; waiting for it\n");
    expect(await unit.as("bravo", "screen", unit.path("access.log"))).toMatchObject({ code: 2 });
  });

  it("share a file; the row that is no indicator is named", async () => {
    const dry = await unit.as("alpha", "share", unit.path("phish.csv"), "--dry-run");
    expect(dry.out).toBe("Would share 2 indicators (1 domain, 1 ipv4) for unit, TLP:AMBER\n1 row was left out\n");
    expect(await unit.intel("alpha")).toEqual([]);
    const { code, out, err } = await unit.as("alpha", "share", unit.path("phish.csv"), "--title", "Phishing", "--json");
    expect(code).toBe(0);
    expect(err).toContain("phish.csv:4: ");
    const said = JSON.parse(out) as { leafHash: string };
    expect(said).toMatchObject({
      title: "Phishing",
      tlp: "amber",
      audience: "unit",
      indicators: 2,
      rows: 2,
      rejected: 1,
    });
    share = said.leafHash;
    await unit.effective("bravo", share);
    await unit.effective("charlie", share);
  });

  it("share with one other only; the third sees that something was said, and no more", async () => {
    sealed = await unit.saidAndSeen(
      "alpha",
      "bravo",
      "share",
      unit.path("secret.txt"),
      "--to",
      "bravo",
      "--tlp",
      "red",
    );
    const rows = await until(
      () => unit.log("charlie"),
      (log) => log.some(({ leafHash }) => leafHash === sealed),
    );
    const seen = rows.find(({ leafHash }) => leafHash === sealed);
    expect(seen).toMatchObject({ type: "sealed", kind: null, audience: null, content: null });
    // Its index may be a moment behind the record that was waited for above, here and below.
    const known = await until(
      () => unit.intel("charlie"),
      ({ length }) => length > 0,
    );
    expect(known.map(({ value }) => value)).toEqual(["evil.example.net", "203.0.113.7"]);
    expect((await unit.as("charlie", "withdraw", sealed)).code).toBe(2);
  });

  it("find what was shared, however it is written, and hear no as exit code 1", async () => {
    const item = { value: "evil.example.net", party: "alpha", share, index: 0, title: "Phishing" };
    const addresses = await until(
      () => unit.intel("bravo", "--kind", "ipv4", "--party", "alpha"),
      (rows) => rows.length > 1,
    );
    expect(addresses.map(({ value }) => value)).toEqual(["203.0.113.7", "198.51.100.23"]);
    expect(await unit.intel("bravo", "EVIL[.]example(dot)net")).toEqual([expect.objectContaining(item)]);
    expect((await unit.as("bravo", "intel", "no.such.example")).code).toBe(1);
  });

  it("write block lists of it, replaced whole, and say why a value is in none", async () => {
    const zone = await unit.write("block.rpz", "an older one\n");
    const any = ["--labels", "block,inform"];
    const { code, out } = await unit.as("bravo", "block", "--format", "rpz", "-o", zone, "--json", ...any);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ format: "rpz", files: [zone], indicators: 1, leftOut: {} });
    const text = await readFile(zone, "utf8");
    expect(text).toContain(`\n*.evil.example.net CNAME . ; alpha ${share.slice(0, 12)}:0; until `);
    expect(text).not.toContain("older");
    expect(text).not.toContain("rpz-ip");
    const gated = await unit.as("bravo", "block", "--why", "evil.example.net");
    expect(gated.out).toContain("the gate labels it inform: ");
    expect((await unit.as("bravo", "block", "--why", "evil.example.net", ...any, "--publish")).out).toContain(
      "it is TLP:AMBER, and what is published must be TLP:CLEAR",
    );
    const why = await unit.as("bravo", "block", "--why", "203[.]0[.]113[.]7", "--format", "rpz");
    expect(why.code).toBe(1);
    expect(why.out).toContain("it touches addresses that are documentation (RFC 6890)");
    const strict = ["block", "--format", "hosts", "--confidence", "1", "-o", unit.path("block.hosts")];
    expect((await unit.as("bravo", ...strict)).code).toBe(1);
    const missing = unit.path("nowhere/block.hosts");
    expect((await unit.as("bravo", "block", "--format", "hosts", "-o", missing)).code).toBe(2);
    const lists = unit.path("squid/detente");
    const squid = await unit.as("bravo", "block", "--format", "squid", "-o", lists, ...any);
    expect(squid.err).toBe("");
    expect((await readdir(lists)).toSorted()).toEqual(["detente.addresses", "detente.domains"]);
  });

  it("write it as a MISP feed, within the label and the audience that were chosen", async () => {
    const feed = unit.path("feed");
    const { code, out } = await unit.as("bravo", "feed", "publish", feed, "--json");
    expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({ code: 1, events: 0, leftOut: { tlp: 2 } });
    const amber = ["feed", "publish", feed, "--tlp", "amber"] as const;
    expect(await unit.json("bravo", ...amber)).toMatchObject({ events: 1, indicators: 2, removed: [] });
    // What a subscriber gets: the events, each told by its author.
    const { added } = await unit.json<{ added: [string] }>("bravo", "feed", "pull", feed, "-o", unit.path("copy"));
    const { Event } = JSON.parse(await readFile(added[0], "utf8")) as {
      Event: { Orgc: { name: string }; uuid: string };
    };
    expect(Event.Orgc.name).toBe("alpha");
    expect(await unit.json("bravo", "share", added[0], "--dry-run")).toMatchObject({ indicators: 2, rejected: 0 });
    // A share that does not go into the feed any more leaves it.
    // What an interrupted run left without naming it leaves too, and nothing that is no event.
    await writeFile(`${feed}/manifest.json`, "{}");
    await writeFile(`${feed}/notes.json`, "{}");
    const without = await unit.as("bravo", "feed", "publish", feed, "--json");
    expect(JSON.parse(without.out)).toMatchObject({ events: 0, removed: [Event.uuid] });
    expect((await readdir(feed)).toSorted()).toEqual(["hashes.csv", "manifest.json", "notes.json"]);
    expect(await unit.json("bravo", ...amber, "--parties", "alpha", "--sealed")).toMatchObject({ events: 1 });
  });

  it("screen a log and post the sightings, each to the readers of its share", async () => {
    const log = unit.path("access.log");
    const { code, out, err } = await unit.as("bravo", "screen", log, "--post", "--source", "web server");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const item = `${share.slice(0, 12)}:1`;
    expect(out).toContain(
      `${log}:2:1  2026-11-23 10:01:00Z  remote_addr  ipv4 203.0.113.7 (exact-field)  alpha ${item}`,
    );
    expect(out).toContain("Posted 2 sightings: ");
    const seen = await until(
      () => unit.intel("alpha"),
      (rows) => rows.filter(({ sightings }) => sightings === 1).length === 2,
    );
    expect(seen.map(({ value, sightings }) => [value, sightings])).toEqual([
      ["evil.example.net", 0],
      ["203.0.113.7", 1],
      ["198.51.100.23", 1],
    ]);
    const said = (await unit.log("alpha", "--party", "bravo")).filter(({ kind }) => kind === "sighting");
    const coverage = { from: minute(0), to: minute(2), source: "web server" };
    expect(said.map(({ audience, of, content }) => ({ audience, of, content }))).toEqual([
      {
        audience: ["alpha", "bravo"],
        of: [sealed],
        content: { item: { index: 0 }, count: 1, first: minute(0), last: minute(0), coverage },
      },
      {
        audience: "unit",
        of: [share],
        content: { item: { index: 1 }, count: 2, first: minute(1), last: minute(2), coverage },
      },
    ]);
  });

  it("invent no coverage for a log without times", async () => {
    const log = await unit.write("plain.log", "connection from 203.0.113.7\n");
    const { code, err } = await unit.as("bravo", "screen", log, "--post");
    expect(code).toBe(2);
    expect(err).toBe(
      `detente: ${log}: has no times that could be read, so its sightings cover nothing — say --from and --until\n`,
    );
  });

  it("observe, take positions and report hearsay about things named by the first digits of their hash", async () => {
    const thing = share.slice(0, 12);
    const span = ["--from", "2026-11-01", "--until", "2026-11-02", "--source", "visit"];
    const commands = [
      ["observe", "false-positive", `${thing}:0`, "--reason", "our own name"],
      ["observe", "sighting", `${thing}:0`, "--first", "2026-11-01", "--source", "DNS"],
      ["observe", "check", thing, "--check", "source", "--outcome", "no-access", ...span],
      ["say", "accept", thing, "--clause", "4.2", "--text", "agreed"],
      ["say", "account", thing, "--party", "charlie", "--said", "they saw it"],
    ];
    await Promise.all(commands.map((argv) => unit.saidAndSeen("bravo", "alpha", ...argv)));
    const { out } = await unit.as("alpha", "log", "--party", "bravo");
    for (const words of [
      "item 0 is harmless: our own name",
      "item 0 seen 1 time from 2026-11-01 00:00:00Z",
      "source: no-access",
      "clause 4.2, agreed",
      "charlie is reported to have said: they saw it",
    ]) {
      expect(out).toContain(words);
    }
  });

  it("cannot name what is too short, unknown, or nobody's", async () => {
    const refused = async (...argv: readonly string[]): Promise<string> => {
      const { code, out, err } = await unit.as("bravo", ...argv);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      return err;
    };
    expect(await refused("withdraw", "abc")).toContain("give at least its first 8 digits");
    expect(await refused("withdraw", "0".repeat(64))).toMatch(/^detente: station: /);
    expect(await refused("withdraw", share)).toContain("is alpha's, and only alpha can withdraw it");
    expect(await refused("share", unit.path("secret.txt"), "--to", "zulu")).toContain('"zulu" is no member');
    expect(await refused("log", "--party", "zulu")).toMatch(/parties are (alpha|bravo|charlie), /);
  });

  it("watch a log of their own; an officer says what was counted", async () => {
    const line = '203.0.113.7 - - [23/Nov/2026:10:07:10 +0000] "GET / HTTP/1.1" 200 12 "-" "curl"\n';
    const log = await unit.write("watched.log", line + line);
    const added = await unit.as("charlie", "watch", "add", "web", log, "--window", "1s", "--round", "1m");
    expect(added).toEqual({ code: 0, err: "", out: "web: 1 path watched; the station has taken it up\n" });
    const { out } = await until(
      () => unit.as("charlie", "watch", "pending"),
      ({ code }) => code === 0,
    );
    expect(out).toContain("2 exact-field");
    expect(out).toContain(`${share.slice(0, 12)}:1`);
    expect((await unit.as("charlie", "status")).out).toContain(`${log}: read up to line 3`);
    const released = await unit.as("charlie", "watch", "release", "--all");
    expect(released.out).toContain("1 sighting said, 0 waiting, 0 dropped");
    const rows = await until(
      () => unit.log("alpha", "--party", "charlie"),
      (all) => all.some(({ kind }) => kind === "sighting"),
    );
    const content = { item: { index: 1 }, count: 2, first: minute(7), last: minute(8), coverage: { source: "web" } };
    expect(rows.find(({ kind }) => kind === "sighting")).toMatchObject({ of: [share], audience: "unit", content });
    expect((await unit.as("charlie", "watch", "pending")).code).toBe(1);
    expect((await unit.as("charlie", "watch", "drop", "00")).code).toBe(2);
    expect((await unit.as("charlie", "watch", "remove", "web")).code).toBe(0);
    expect((await unit.as("charlie", "watch", "list")).out).toBe("Nothing is watched\n");
  });

  it("find what is related to a value, with who said it, and what others state too", async () => {
    const { code, out } = await unit.as("bravo", "find", "203.0.113[.]0/24");
    expect(code).toBe(0);
    expect(out).toMatch(/within +ipv4 +203\.0\.113\.7 +alpha +\d{4}-.* effective .* Phishing/);
    const report = await unit.json<FindReport>("bravo", "find", "www.evil.example.net", "--relation", "above");
    expect(report.groups.flatMap(({ rows }) => rows.map(({ value }) => value))).toEqual(["evil.example.net"]);
    expect((await unit.as("bravo", "find", "phishi")).out).toContain("words");
    expect(await unit.as("bravo", "find", "absent.example")).toMatchObject({ code: 1 });
    expect(await unit.as("bravo", "find", "--share", share)).toMatchObject({
      code: 1,
      out: "Nobody else states any of it\n",
    });
    expect((await unit.as("bravo", "find")).err).toContain("give a QUERY");
    expect((await unit.json<{ openapi: string }>("bravo", "openapi")).openapi).toBe("3.1.0");
  });

  it("share whole STIX objects: what is marked for others only is refused, the rest comes as it stood", async () => {
    const marking = `"object_marking_refs":["${TLP_MARKINGS.amber}"]`;
    const one = `{ "type":"malware","spec_version":"2.1","id":"malware--00000000-0000-4000-8000-000000000001",
      "created":"2026-11-01T00:00:00Z","modified":"2026-11-01T00:00:00.10Z","is_family":false,"name":"Quiet Otter" }`;
    const two = stixIndicator("2", "whole.example");
    const file = await unit.write("whole.json", `[${one},${two},{"type":"malware"}]`);
    const narrow = await unit.write("narrow.json", `[${two.replace("{", `{${marking},`)}]`);
    for (const flags of [[], ["--whole"]]) {
      const refused = await unit.as("alpha", "share", narrow, ...flags);
      expect(refused).toMatchObject({ code: 2, out: "" });
      expect(refused.err).toContain("it was received as TLP:AMBER, which does not go to other parties");
    }
    const loose = await unit.as("alpha", "share", narrow, "--own", "--tlp", "green");
    expect(loose.err).toContain("--tlp: there is an object that is TLP:AMBER");
    const said = await unit.as("alpha", "share", file, "--whole", "--tlp", "clear");
    expect(said.err).toContain(`${file}: objects[2]: `);
    expect(said.out).toMatch(/^Shared 2 objects for unit\n1 object was left out\n/);
    const [row] = await until(
      () => unit.intel("bravo", "whole.example"),
      (rows) => rows[0]?.status === "effective",
    );
    expect(row).toMatchObject({ index: 1, party: "alpha" });
    expect((await unit.as("bravo", "status")).out).toContain("2 objects");
    expect((await unit.as("bravo", "find", "otter")).out).toMatch(/object +Quiet Otter +alpha/);
    const proof = await unit.as("bravo", "intel", "--proof", `${row?.share ?? ""}:0`, "--json");
    expect(JSON.parse(proof.out)).toMatchObject({ item: one });
    const told = await unit.as("bravo", "intel", "--proof", `${row?.share ?? ""}:0`);
    expect(told.out).toContain("malware--00000000-0000-4000-8000-000000000001 is object 0 of the 2 objects");
    const policy = await unit.write("alpha.policy", (await unit.as("charlie", "charter", "policy", "alpha")).out);
    const file2 = await unit.write("object-proof.json", proof.out);
    expect(await detente(["verify", file2, "--policy", policy])).toMatchObject({ code: 0 });
    const forged = await unit.write("forged.json", proof.out.replace("is_family", "is_FAMILY"));
    expect(await detente(["verify", forged, "--policy", policy])).toMatchObject({ code: 1 });
  });

  it("revoke what they have shared by a newer version in another share", async () => {
    const [first] = await unit.intel("bravo", "whole.example");
    const revoked = stixIndicator("2", "whole.example").replace(
      /"modified":"[^"]+"/,
      '"modified":"2026-11-02T00:00:00Z","revoked":true',
    );
    const file = await unit.write("revoked.json", `[${revoked}]`);
    const second = await unit.saidAndSeen("alpha", "bravo", "share", file, "--whole", "--tlp", "clear");
    const newer = { share: second, index: 0, modified: "2026-11-02T00:00:00Z", revoked: true };
    await until(
      () => unit.intel("bravo", "whole.example"),
      (rows) => rows[0]?.status === "replaced",
    );
    expect(await unit.intel("bravo", "whole.example")).toMatchObject([{ share: first?.share, newer }]);
    const place = `${second.slice(0, 12)}:0`;
    expect((await unit.as("bravo", "find", "whole.example")).out).toContain(`revoked by ${place}`);
    const why = await unit.as("bravo", "block", "--why", "whole.example", "--labels", "block,inform");
    expect(why).toMatchObject({ code: 1 });
    expect(why.out).toContain(
      `its author revoked it in a newer version of 2026-11-02T00:00:00Z (${second.slice(0, 8)}:0)`,
    );
  });

  it("refuse to share what the lists in station.json know to be benign, unless an officer insists", async () => {
    const list = { name: "Public resolvers", version: 20200101, type: "cidr", list: ["198.51.100.0/24"] };
    await mkdir(unit.path("lists/a"), { recursive: true });
    await unit.write("lists/a/list.json", JSON.stringify(list));
    const config = JSON.parse(await readFile(unit.path("alpha/station.json"), "utf8")) as object;
    const gate = { lists: unit.path("lists") };
    await unit.write("alpha/station.json", JSON.stringify({ ...config, gate }));
    const refused = await unit.as("alpha", "share", unit.path("secret.txt"), "--dry-run");
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toMatch(/198\.51\.100\.23 is known to be benign: .* Public resolvers.* say --force/);
    expect((await unit.as("alpha", "share", unit.path("secret.txt"), "--dry-run", "--force")).code).toBe(0);
  });

  it("decide what is shared of that which their tools bring over TAXII", async () => {
    const { secret } = await unit.json<{ secret: string }>("alpha", "token", "add", "MISP", "--scope", "taxii:write");
    const { station } = await unit.json<StatusReport>("alpha", "status");
    const media = "application/taxii+json;version=2.1";
    const bring = async (object: string): Promise<void> => {
      const headers = { authorization: `Bearer ${secret}`, "content-type": media, accept: media };
      const url = `${station.url}/taxii2/unit/collections/release/objects/`;
      const answer = await fetch(url, { method: "POST", headers, body: `{"objects":[${object}]}` });
      expect(await answer.json()).toMatchObject({ success_count: 1 });
    };
    expect((await unit.as("alpha", "release", "pending")).code).toBe(1);
    const object = stixIndicator("3", "brought.example");
    for (const one of [object, stixIndicator("4", "dropped.example")]) await bring(one);
    const rows = (await unit.as("alpha", "release", "pending", "--json")).out.trim().split("\n");
    const [first, second] = rows.map((line) => JSON.parse(line) as { id: string });
    expect((await unit.as("alpha", "release", "pending")).out).toContain("1 object: 1 indicator");
    expect((await unit.as("alpha", "release", "show", first?.id ?? "")).out).toBe(`[${object}\n]\n`);
    expect((await unit.as("alpha", "release", "drop", second?.id ?? "")).out).toContain("1 dropped");
    expect((await unit.as("alpha", "release", "share", first?.id ?? "", "00")).code).toBe(2);
    await until(
      () => unit.intel("bravo", "brought.example"),
      ([row]) => row?.status === "effective",
    );
    expect((await unit.as("alpha", "release", "pending")).out).toBe("Nothing is pending\n");
    expect(await unit.intel("bravo", "dropped.example")).toEqual([]);
  });

  it("match what was observed against patterns that screening does not do", async () => {
    // WITHIN is about all that is in the parentheses (STIX 2.1 §9.4.1).
    const pattern =
      "([file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f'] FOLLOWEDBY [domain-name:value LIKE '%.observed.example']) WITHIN 60 SECONDS";
    const [head, tail] = stixIndicator("5", "x").split("[domain-name:value = 'x']") as [string, string];
    const file = await unit.write("pattern.json", `[${head}${pattern.replaceAll('"', '\\"')}${tail}]`);
    expect((await unit.as("alpha", "share", file, "--whole", "--tlp", "clear")).code).toBe(0);
    const observation = (number: number, second: string, object: string, id: string): string =>
      `${object},{"type":"observed-data","spec_version":"2.1","id":"observed-data--00000000-0000-4000-8000-00000000000${number}","created":"2026-11-02T00:00:00Z","modified":"2026-11-02T00:00:00Z","first_observed":"2026-11-02T00:00:${second}Z","last_observed":"2026-11-02T00:00:${second}Z","number_observed":1,"object_refs":["${id}"]}`;
    const seen = async (second: string): Promise<string> => {
      const [dropped, called] = [
        "file--00000000-0000-4000-8000-000000000001",
        "domain-name--00000000-0000-4000-8000-000000000002",
      ];
      const hashes = `{"SHA-256":"aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f"}`;
      return unit.write(
        `observed-${second}.json`,
        `[${observation(1, "00", `{"type":"file","spec_version":"2.1","id":"${dropped}","hashes":${hashes}}`, dropped)},${observation(2, second, `{"type":"domain-name","spec_version":"2.1","id":"${called}","value":"c2.observed.example"}`, called)}]`,
      );
    };
    const [near, far] = [await seen("30"), await seen("59")];
    const late = await unit.write("late.json", (await readFile(far, "utf8")).replaceAll("00:00:59Z", "00:02:59Z"));
    await until(
      () => unit.as("bravo", "observed", near),
      ({ code }) => code === 0,
    );
    const { out } = await unit.as("bravo", "observed", near);
    expect(out).toMatch(/alpha +[0-9a-f]+:0 .* 2\n1 pattern matches, of \d+ patterns and 2 observations/);
    expect((await unit.as("bravo", "observed", late)).code).toBe(1);
  });

  it("withdraw a share: it is found, but screened for no longer", async () => {
    await unit.saidAndSeen("alpha", "bravo", "withdraw", share, "--reason", "our own scanner");
    await until(
      () => unit.intel("bravo", "203.0.113.7"),
      ([row]) => row?.status === "withdrawn",
    );
    const { rows } = await until(
      () => unit.json<{ rows: WithdrawalRow[] }>("charlie", "withdrawn"),
      (found) => found.rows[0]?.applied.every(({ applied }) => applied) === true,
    );
    expect(rows).toMatchObject([{ share, title: "Phishing", party: "alpha", reason: "our own scanner" }]);
    expect(rows[0]?.applied.map(({ party }) => party)).toEqual(["alpha", "bravo", "charlie"]);
    expect((await unit.as("charlie", "withdrawn")).out).toMatch(/Phishing +alpha +.* alpha, bravo, charlie +- /);
    const { out } = await unit.as("bravo", "screen", unit.path("access.log"));
    expect(out).not.toContain("203.0.113.7 (exact-field)");
    expect(out).toContain("198.51.100.23 (exact-field)");
  });

  it("erase what was shared from their own station: nothing of it is found there, and nothing else changes", async () => {
    const { code, out } = await unit.as("bravo", "erase", share, "--json");
    expect({ code, erased: JSON.parse(out) as unknown }).toEqual({ code: 0, erased: { erased: [share] } });
    expect(await unit.intel("bravo", "203.0.113.7")).toEqual([]);
    expect(await unit.intel("alpha", "203.0.113.7")).toMatchObject([{ share }]);
    const rows = await unit.log("bravo", "--party", "alpha");
    expect(rows.find(({ leafHash }) => leafHash === share)).toMatchObject({ kind: "share", status: "effective" });
    const digest = async (name: Name): Promise<string | undefined> => {
      const { unit: report } = await unit.json<StatusReport>(name, "status");
      return report?.digests.find(({ audience }) => audience === "unit")?.digest;
    };
    // What was said last may be on its way from one to the other.
    await until(
      () => Promise.all([digest("alpha"), digest("bravo")]),
      ([ours, theirs]) => ours !== undefined && ours === theirs,
    );
    expect((await unit.as("bravo", "erase", share)).code).toBe(0);
    expect((await unit.as("charlie", "erase", sealed)).err).toContain("no share with this hash is open to this party");
  });
});

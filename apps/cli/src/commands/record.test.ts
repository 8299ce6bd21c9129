import { readFile, rename } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import type { CharterReport, StatusReport } from "@detente/station";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { detente, json, until } from "../testing/console.ts";
import { NAMES, ThreeStations } from "../testing/three-stations.ts";

let unit: ThreeStations;
let share: string;

beforeAll(async () => {
  unit = await ThreeStations.start();
  share = await unit.saidAndSeen("alpha", "bravo", "share", unit.path("phish.csv"), "--title", "Phishing");
});

afterAll(() => unit.close());

const verify = async (file: string, ...argv: readonly string[]): Promise<number> =>
  (await detente(["verify", file, ...argv])).code;

/** What happens around the main job, told in order. */
describe("three parties", () => {
  it("have a charter in force that all have accepted, and healthy stations", async () => {
    const charter = await unit.json<CharterReport>("bravo", "charter", "show");
    expect(charter).toMatchObject({ inForce: true, accepted: [...NAMES] });
    await until(
      () => unit.as("alpha", "doctor"),
      ({ code }) => code === 0,
    );
    expect((await unit.as("alpha", "status")).out).toMatch(/^alpha at http.*: ready/);
  });

  it("prove a statement to somebody who has only the policy", async () => {
    const policy = await unit.write("alpha.policy", (await unit.as("charlie", "charter", "policy", "alpha")).out);
    // The author's own copy of its checkpoint has everybody's cosignatures.
    await until(
      () => unit.json<StatusReport>("alpha", "status"),
      ({ own }) => own.witnessed === own.recorded,
    );
    const proof = unit.path("share.tlog-proof");
    await unit.json("alpha", "proof", share, "-o", proof);
    const { code, out } = await detente(["verify", proof, "--policy", policy]);
    expect(code).toBe(0);
    expect(out).toContain('"title":"Phishing"');
    expect(out).toMatch(/\nVALID\n$/);
    const other = await unit.write("bravo.policy", (await unit.as("charlie", "charter", "policy", "bravo")).out);
    expect(await verify(proof, "--policy", other)).toBe(1);
    expect(await verify(proof)).toBe(2);
    const body = await readFile(unit.path("share.body.json"), "utf8");
    await unit.write("share.body.json", body.replace("Phishing", "Fishing!"));
    expect(await verify(proof, "--policy", policy)).toBe(1);
  });

  it("prove that an item was shared, and no other", async () => {
    const policy = unit.path("alpha.policy");
    const proven = await unit.as("alpha", "intel", "--proof", `${share.slice(0, 12)}:1`);
    expect(proven.out).toContain("ipv4 203.0.113.7 is item 1 of the 2 items that the share commits to");
    const { out } = await unit.as("alpha", "intel", "--proof", `${share.slice(0, 12)}:1`, "--json");
    const verdict = await json(["verify", await unit.write("item.json", out), "--policy", policy]);
    expect(verdict).toMatchObject({ valid: true, form: "item-proof", statement: share, item: 1 });
    for (const text of [out.replace("203.0.113.7", "203.0.113.8"), out.replaceAll("203.0.113.7", "203.0.113.8")]) {
      expect(await verify(await unit.write("other.json", text), "--policy", policy)).toBe(1);
    }
  });

  it("export a file that verifies offline, and not once it is changed", async () => {
    const file = unit.path("record.detente.gz");
    await unit.json("bravo", "export", "-o", file, "--blobs");
    const verdict = await json<{ unit: string; logs: { verified: boolean }[] }>(["verify", file]);
    expect(verdict).toMatchObject({ valid: true, form: "record", parties: [...NAMES], problems: [] });
    expect(verdict.logs.map(({ verified }) => verified)).toEqual([true, true, true]);
    expect(await verify(file, "--unit", verdict.unit)).toBe(0);
    expect(await verify(file, "--unit", "0".repeat(64))).toBe(1);
    const packed = await readFile(file);
    const lines = gunzipSync(packed).toString().split("\n");
    lines.splice(
      lines.findIndex((line) => line.startsWith('{"entry"')),
      1,
    );
    const shorter = await detente(["verify", await unit.write("shorter.gz", gzipSync(lines.join("\n")))]);
    expect(shorter.code).toBe(1);
    expect(shorter.out).toMatch(/fails {2}.*entries are not the/);
    expect(await verify(await unit.write("cut.gz", packed.subarray(0, 700)))).toBe(2);
    expect(await verify(unit.path("access.log"))).toBe(2);
    expect((await unit.as("bravo", "export", "-o", file)).err).toContain("exists");
    expect((await unit.as("bravo", "export", "-o", unit.path("x"), "--to", "zulu")).err).toContain(
      '"zulu" is no member',
    );
  });

  it("amend the charter by the acceptance of all", async () => {
    const next = unit.path("next.json");
    await unit.json("alpha", "charter", "amend", "--purpose", "Guard the run-off", "-o", next);
    const { digest, leafHash } = await unit.json<{ digest: string; leafHash: string }>(
      "alpha",
      "charter",
      "propose",
      next,
    );
    for (const name of NAMES) {
      await unit.effective(name, leafHash);
      expect(await unit.json(name, "charter", "accept", next)).toEqual({ digest, accepted: "now" });
    }
    await until(
      () => unit.json<CharterReport>("charlie", "charter", "show"),
      (charter) => charter.digest === digest && charter.inForce,
    );
  });

  it("replace a key whose successor is kept elsewhere, and go on", async () => {
    const token = unit.path("token.json");
    await rename(unit.path("bravo/keys/next.json"), token);
    await unit.saidAndSeen("bravo", "alpha", "keys", "rotate", "transport", "--next", token);
    await unit.saidAndSeen("bravo", "alpha", "say", "assert", share);
    expect((await unit.as("bravo", "keys", "rotate", "door")).err).toContain('"door" is no role');
  });

  it("give a machine a token for what it is to read, and take it back", async () => {
    const { out, err } = await unit.as("bravo", "token", "add", "siem", "--scope", "intel:read", "--expires", "90d");
    expect(out).toMatch(/^detente_[A-Za-z0-9_-]{43}\n$/);
    const [, id = ""] = /^Token ([0-9a-f]{12}) for intel:read, good until /.exec(err) ?? [];
    const listed = await unit.as("bravo", "token", "list");
    expect(listed.out).toContain(id);
    expect(listed.out).not.toContain(out.trim());
    expect((await unit.as("bravo", "token", "revoke", id)).code).toBe(0);
    expect((await unit.as("bravo", "token", "revoke", id)).err).toContain("no token has this id");
    expect((await unit.as("bravo", "token", "add", "siem", "--scope", "all")).err).toContain('"all" is none of');
  });

  it("leave only if it is meant", async () => {
    expect((await unit.as("charlie", "leave")).code).toBe(2);
    await unit.saidAndSeen("charlie", "alpha", "leave", "--yes");
  });

  it("stop when told to; the index built anew gives the same digest", async () => {
    await until(
      () => unit.log("alpha"),
      (rows) => rows.every(({ status }) => status === "effective" || status === "void"),
    );
    const before = await unit.json<StatusReport>("alpha", "status");
    expect((await unit.as("alpha", "rebuild")).err).toMatch(/^detente: .*is in use/);
    expect(await unit.stop("alpha")).toMatchObject({ code: 0, out: "" });
    const { digest } = await unit.json<{ digest: string }>("alpha", "rebuild");
    expect(digest).toBe(before.unit?.digests.find(({ audience }) => audience === "unit")?.digest);
    const { err } = await unit.as("alpha", "status");
    expect(err).toMatch(/^detente: .*: no station answers at .* — start it with `detente serve --data .*`\n$/);
  });
});

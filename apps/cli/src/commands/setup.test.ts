import { createHash } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { detente, json } from "../testing/console.ts";

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-"));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

async function init(name: string, port: number): Promise<{ party: object; fingerprint: string; data: string }> {
  const data = join(dir, name);
  const made = await json<{ party: object; fingerprint: string }>([
    "init",
    "--data",
    data,
    "--name",
    name,
    "--url",
    `http://127.0.0.1:${port}`,
  ]);
  return { ...made, data };
}

/** Drafts a charter from one data directory, with the party of another one. */
function runDraft(
  charter: string,
  from: string,
  other: string,
  ...more: readonly string[]
): ReturnType<typeof detente> {
  const words = ["--title", "Desk", "--purpose", "Guard", ...more];
  return detente(["charter", "draft", "--data", from, ...words, `${other}/party.json`, "-o", charter]);
}

/** Alpha's draft of a charter with bravo. */
async function draft(...more: readonly string[]): Promise<{ alpha: string; bravo: string; charter: string }> {
  const alpha = await init("alpha", 7301);
  const bravo = await init("bravo", 7302);
  const charter = join(dir, "charter.json");
  const drafted = await runDraft(charter, alpha.data, bravo.data, ...more);
  expect(drafted.err).toBe("");
  return { alpha: alpha.data, bravo: bravo.data, charter };
}

describe("init and party", () => {
  it("make a party file whose fingerprint is of its bytes", async () => {
    const { data, fingerprint } = await init("alpha", 7301);
    const printed = await detente(["party", "--data", data]);
    // An independent computation: the file without its line feed is what is hashed.
    const digest = createHash("sha256").update(printed.out.trimEnd()).digest();
    const groups = [0, 5, 10, 15, 20, 25].map((at) => String(digest.readUIntBE(at, 5) % 100_000).padStart(5, "0"));
    expect(fingerprint).toBe(groups.join(" "));
    expect(await readFile(`${data}/party.json`, "utf8")).toBe(printed.out);
    expect((await detente(["party", `${data}/party.json`, "--fingerprint"])).out).toBe(`${fingerprint}\n`);
  });

  it("never touch a directory that holds something", async () => {
    const { data } = await init("alpha", 7301);
    const again = await detente(["init", "--data", data, "--name", "alpha", "--url", "http://127.0.0.1:7301"]);
    expect(again.code).toBe(2);
    expect(again.err).toMatch(/choose an empty directory\n$/);
  });

  it("name the file that is no party file", async () => {
    const path = join(dir, "p.json");
    await writeFile(path, '{"v": 1}');
    expect(await detente(["party", path])).toMatchObject({
      code: 2,
      err: expect.stringMatching(`^detente: ${path}: `) as string,
    });
  });
});

describe("charter draft and accept", () => {
  it("put the parties in order and are accepted by both while they are stopped", async () => {
    const { alpha, bravo, charter } = await draft();
    const document = JSON.parse(await readFile(charter, "utf8")) as { quorum: number; parties: { name: string }[] };
    expect(document.parties.map(({ name }) => name)).toEqual(["alpha", "bravo"]);
    expect(document.quorum).toBe(1);
    const digest = createHash("sha256")
      .update((await readFile(charter, "utf8")).trimEnd())
      .digest("hex");
    for (const data of [alpha, bravo]) {
      expect(await json(["charter", "accept", "--data", data, charter])).toEqual({ digest, accepted: "later" });
    }
  });

  it("refuse a quorum that no two parties can have, and write nothing", async () => {
    const alpha = await init("alpha", 7301);
    const bravo = await init("bravo", 7302);
    const charter = join(dir, "charter.json");
    const drafted = await runDraft(charter, alpha.data, bravo.data, "--quorum", "2");
    expect(drafted).toMatchObject({ code: 2, out: "" });
    expect(drafted.err).toContain("quorum");
    await expect(readFile(charter)).rejects.toThrow("ENOENT");
  });

  it("write over no file", async () => {
    const { alpha, bravo, charter } = await draft();
    const before = await readFile(charter, "utf8");
    const again = await runDraft(charter, alpha, bravo);
    expect(again).toMatchObject({ code: 2, err: `detente: ${charter}: exists — choose another name or remove it\n` });
    expect(await readFile(charter, "utf8")).toBe(before);
  });

  it("refuse a charter that this party is not in", async () => {
    const { charter } = await draft();
    const { data } = await init("charlie", 7303);
    const { code, err } = await detente(["charter", "accept", "--data", data, charter]);
    expect(code).toBe(2);
    expect(err).toMatch(`detente: ${charter}: the charter does not hold this party's file`);
  });

  it("make a policy that a C2SP verifier reads, without a station", async () => {
    const { charter } = await draft();
    const { out } = await detente(["charter", "policy", "bravo", "--charter", charter]);
    expect(out.split("\n").map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      expect.stringMatching(/^log 127\.0\.0\.1:7302\/bravo\+/) as string,
      "witness alpha-witness",
      "witness alpha-mirror",
      "group alpha",
      "group others",
      "quorum others",
      "",
    ]);
  });
});

describe("doctor", () => {
  it("finds nothing wrong with a new station", async () => {
    const { data } = await init("alpha", 7301);
    const { healthy, findings } = await json<{ healthy: boolean; findings: { check: string; state: string }[] }>([
      "doctor",
      "--data",
      data,
    ]);
    expect(healthy).toBe(true);
    expect(findings.map(({ check }) => check)).toEqual(["settings", "permissions", "keys", "disk", "clock", "station"]);
  });

  it("finds keys that others may read", async () => {
    const { data } = await init("alpha", 7301);
    await chmod(`${data}/keys/current.json`, 0o644);
    const { code, out } = await detente(["doctor", "--data", data]);
    expect(code).toBe(1);
    expect(out).toMatch(/bad +permissions +others may read .*keys\/current\.json — run chmod -R go-rwx/);
  });

  it("finds lost keys", async () => {
    const { data } = await init("alpha", 7301);
    await rm(`${data}/keys/current.json`);
    const { code, out } = await detente(["doctor", "--data", data]);
    expect(code).toBe(1);
    expect(out).toMatch(/bad +keys .*restore keys\/current\.json/);
  });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { detente } from "../testing/console.ts";

let dir: string;
const path = (name: string): string => join(dir, name);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-gate-"));
  await writeFile(
    path("share.csv"),
    [
      "type,value,description,last_seen",
      "domain,evil.net,c2,2020-05-09",
      "ip-dst,8.8.8.8,c2,2020-05-09",
      'url,http://www.vote.gov/,"fake, of\na login",2020-05-09',
      "md5,da39a3ee5e6b4b0d3255bfef95601890afd80709,wrong column,2020-05-09",
      "domain,bare.org,,",
    ].join("\n"),
  );
  await writeFile(path("assets.txt"), "vote.gov\n");
  const list = { name: "Public resolvers", version: 20200101, type: "cidr", list: ["8.8.8.0/24"] };
  await writeFile(path("list.json"), JSON.stringify(list));
  await writeFile(path("broken.json"), JSON.stringify({ ...list, type: "magic" }));
});

afterAll(() => rm(dir, { recursive: true }));

describe("detente gate", () => {
  const args = (): string[] => ["gate", path("share.csv"), "--list", path("list.json"), "--assets", path("assets.txt")];

  it("labels every indicator and says why", async () => {
    const { code, out } = await detente([...args(), "--at", "2020-05-10", "--json"]);
    const answer = JSON.parse(out) as { counts: object; verdicts: { item: { value: string }; label: string }[] };
    expect(answer.verdicts.map(({ item, label }) => `${item.value} ${label}`)).toEqual([
      "evil.net inform",
      "8.8.8.8 known-benign",
      "http://www.vote.gov/ inform",
      "bare.org inform",
    ]);
    expect(answer.counts).toEqual({ block: 0, inform: 3, knownBenign: 1, rejected: 1 });
    expect(code).toBe(1);
  });

  it("shows people a table, and names what it left out", async () => {
    const { out, err } = await detente([...args(), "--at", "2019-12-31"]);
    expect(out).toMatch(/^label +kind +value +left +why\n/);
    expect(out).toMatch(/8\.8\.8\.8 .*Public resolvers, which is newer than the share/);
    expect(out).toMatch(/protected asset/);
    expect(out).toMatch(/\n4 indicators: /);
    expect(err).toMatch(/share\.csv:/);
  });

  it("refuses a list that is none", async () => {
    const { code, err } = await detente(["gate", path("share.csv"), "--list", path("broken.json")]);
    expect(code).toBe(2);
    expect(err).toMatch(/broken\.json: the list type: must be one of string/);
  });
});

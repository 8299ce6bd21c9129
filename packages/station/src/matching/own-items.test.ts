import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OwnItemsOptions, ownItems } from "./own-items.ts";
import type { MatchPolicy } from "./policy.ts";
import { MatchThreads } from "./threads.ts";

const LIST = `type,value,confidence,valid until
domain,sure.example,90,
domain,unsure.example,40,
domain,unsaid.example,,
domain,over.example,90,2026-01-01T00:00:00Z
domain,not-over.example,90,2027-01-01T00:00:00Z
ipv4,203.0.113.7,90,
ipv4,198.51.100.0/24,90,
`;

let dir: string;
let threads: MatchThreads;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "own-items-"));
  threads = new MatchThreads(1);
  await writeFile(`${dir}/list.csv`, LIST);
  await writeFile(`${dir}/again.csv`, "type,value\ndomain,sure.example\n");
});

afterAll(async () => {
  await threads.close();
  await rm(dir, { recursive: true });
});

/** What partners may find by a policy that shares nothing, as "value: partners". */
async function found(policy: Partial<MatchPolicy> = {}): Promise<unknown> {
  const files = [`${dir}/list.csv`];
  const partners = ["bob", "cem"].map((party) => ({ party, budget: 1 }));
  const options = { party: "ann", threads, now: Date.UTC(2026, 6, 1) } as OwnItemsOptions;
  const items = await ownItems(options, { partners, pool: 1, shares: false, files, ...policy });
  return items.ok ? items.value.map(({ input, to }) => `${input}: ${to.join(" ")}`) : items.fault.code;
}

describe("what partners may find", () => {
  const all = [
    "domain:not-over.example: bob cem",
    "domain:sure.example: bob cem",
    "domain:unsaid.example: bob cem",
    "domain:unsure.example: bob cem",
    "ipv4:203.0.113.7: bob cem",
  ];

  it("is all of a file but networks and what is over, in order, each once", async () => {
    expect(await found()).toEqual(all);
    expect(await found({ files: [`${dir}/again.csv`, `${dir}/list.csv`] })).toEqual(all);
  });

  it("is of the kinds, and held for as likely, as the policy says; what says nothing of that is held for unlikely", async () => {
    expect(await found({ kinds: ["ipv4"] })).toEqual(["ipv4:203.0.113.7: bob cem"]);
    expect(await found({ kinds: ["cidr4"] })).toEqual([]);
    expect(await found({ kinds: ["domain"], minConfidence: 90 })).toEqual([
      "domain:not-over.example: bob cem",
      "domain:sure.example: bob cem",
    ]);
  });

  it("is nothing where a file cannot be read: what stands in it was not taken back", async () => {
    expect(await found({ files: [`${dir}/none.csv`] })).toBe("bad-file");
  });

  it("is nothing where a file is larger than one may be, and all of one that is as large", async () => {
    const most = 64 * 1024 * 1024;
    const path = `${dir}/large.csv`;
    await writeFile(path, "type,value\ndomain,large.example\n".padEnd(most, "\n"));
    expect(await found({ files: [path] })).toEqual(["domain:large.example: bob cem"]);
    await truncate(path, most + 1);
    expect(await found({ files: [path] })).toBe("bad-file");
  });
});

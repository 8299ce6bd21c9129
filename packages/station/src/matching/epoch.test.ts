import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@detente/basics";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Epoch, Epochs } from "./epoch.ts";

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "epochs-"));
});

afterEach(() => rm(dir, { recursive: true }));

function secrets(epoch: Epoch): string[] {
  const { keySeed, nonceKey, receiptSeed } = epoch;
  const ofPartners = ["bob", "cem"].flatMap((party) => [epoch.partnerKey(party), epoch.fillerKey(party)]);
  return [keySeed, nonceKey, receiptSeed, ...ofPartners].map(toHex);
}

it("has secrets that nobody else reads, the same after a restart, each another one", async () => {
  let byte = 0;
  const epochs = new Epochs(`${dir}/keys`, (length) => new Uint8Array(length).fill(++byte));
  const first = await epochs.begin(1);
  expect(new Set([...secrets(first), ...secrets(await epochs.begin(2))]).size).toBe(14);
  expect(secrets(await epochs.begin(1))).toEqual(secrets(first));
  expect((await stat(`${dir}/keys`)).mode & 0o777).toBe(0o700);
  expect((await stat(`${dir}/keys/epoch-1.json`)).mode & 0o777).toBe(0o600);
});

it("keeps them from others also in a directory that was there before", async () => {
  await mkdir(`${dir}/open`, { mode: 0o755 });
  await new Epochs(`${dir}/open`, (length) => new Uint8Array(length)).begin(1);
  expect((await stat(`${dir}/open`)).mode & 0o777).toBe(0o700);
});

it("names its partners on the record in order, whatever that of the policy is", async () => {
  const epoch = await new Epochs(dir, (length) => new Uint8Array(length)).begin(1);
  const partners = ["cem", "bob"].map((party) => ({ party, budget: 1 }));
  const terms = epoch.terms(new Uint8Array(32), { partners, pool: 2 });
  expect(terms.partners.map(({ party }) => party)).toEqual(["bob", "cem"]);
});

it("is forgotten once it is over, and is not made up where its file is damaged", async () => {
  const epochs = new Epochs(dir, (length) => new Uint8Array(length));
  for (const number of [1, 2, 10]) await epochs.begin(number);
  await epochs.forgetBefore(10);
  expect(await readdir(dir)).toEqual(["epoch-10.json"]);
  for (const content of ["", "null", '{"v":1,"epoch":10,"seed":"AAAA"}']) {
    await writeFile(`${dir}/epoch-10.json`, content);
    expect(await epochs.read(10)).toBeUndefined();
  }
});

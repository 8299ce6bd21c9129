import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ContestContent } from "@detente/record";
import { readManifest } from "@detente/rla";
import { unwrap } from "@detente/basics";
import { charterOf } from "../testing/audit-scene.ts";
import { poolsIn } from "./pools.ts";

const CHARTER = charterOf([{ round: 1, at: 1 }]) as ContestContent;
const MANIFEST_FILE = "Tabulator,Batch Name,Number of Ballots\n7,1,100\n,east,80\n";

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-pools-"));
});
afterAll(() => rm(dir, { recursive: true }));

function fileOf(text: string): { readonly name: string; readonly open: () => AsyncIterable<Uint8Array> } {
  async function* open(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(text);
  }
  return { name: "manifest.csv", open };
}

async function read(table: string, contest = "mayor"): Promise<unknown> {
  const path = join(dir, "tallies.csv");
  await writeFile(path, table);
  const manifest = unwrap(await readManifest(fileOf(MANIFEST_FILE)));
  return poolsIn(CHARTER, manifest, [`${contest}=${path}`], () => undefined);
}

it("takes votes of batches, in the order of the charter's candidates, upon the manifest's cards", async () => {
  const pools = [{ batch: "east", recorded: 80, totals: [50, 20] }];
  await expect(read("Batch Name,Bob,Ada\neast,20,50\n")).resolves.toEqual(new Map([["mayor", pools]]));
});

it.each([
  ["Batch Name,Ada,Cem\neast,50,20\n", "mayor", '"Cem" is no candidate of mayor'],
  ["Batch Name,Ada\neast,50\n", "mayor", "has no column for Bob of mayor"],
  ["Batch Name,Ada,Bob\nwest,50,20\n", "mayor", "the manifest has no batch west"],
  ["Batch Name,Ada,Bob\neast,50,20\n", "judge", "names no contest of the charter"],
])("refuses %j of %s", async (table, contest, message) => {
  await expect(read(table, contest)).rejects.toThrow(message);
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import { type RunningStation, startStation } from "@detente/station";
import {
  consistencyProof,
  ed25519Signer,
  formatAddCheckpoint,
  formatCheckpoint,
  formatVkey,
  leafHash,
  MemoryTree,
  signNote,
} from "@detente/tlog";
import { afterEach, beforeEach, expect, it } from "vitest";
import { copyStopped } from "../copy-stopped.ts";
import { configure, found, prepare, say, until } from "../../test/interop/stations.ts";

const signer = ed25519Signer("log.example/outside", new Uint8Array(32).fill(9));
const tree = new MemoryTree();
for (let i = 0; i < 9; i++) tree.append(leafHash(new Uint8Array([i])));

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "detente-restored-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function submit(station: RunningStation, oldSize: number, size: number): Promise<number> {
  const checkpoint = { origin: signer.verifier.name, size, root: tree.root(size), extensions: [] };
  const note = signNote(formatCheckpoint(checkpoint), [signer]);
  const body = formatAddCheckpoint({ oldSize, proof: consistencyProof(oldSize, size, tree.reader), note });
  const answer = await fetch(`${station.url}/witness/add-checkpoint`, { method: "POST", body: Uint8Array.from(body) });
  return answer.status;
}

it("a witness key from an older copy never again vouches for a log outside the unit", async () => {
  const [atNorth, atSouth] = [await prepare(root, "north"), await prepare(root, "south")];
  await configure(atNorth, { witnessedLogs: [formatVkey(signer.verifier)] });
  const [first, south] = (await found([atNorth, atSouth])) as [RunningStation, RunningStation];
  expect(await submit(first, 0, 3)).toBe(200);
  await first.stop();
  await copyStopped(atNorth.dir, join(root, "copy"));

  const start = async (): Promise<RunningStation> => {
    const running = unwrap(await startStation({ dir: atNorth.dir, logger: "silent" }));
    await until("it has asked its peers", () => running.station.gate.state !== "checking");
    return running;
  };
  const second = await start();
  expect(await submit(second, 3, 6)).toBe(200);
  await say(second, 1);
  await until("south holds it", () => second.station.unit?.heldSize() === second.station.own.reader.size);
  await second.stop();

  await rm(atNorth.dir, { recursive: true });
  await copyStopped(join(root, "copy"), atNorth.dir);
  const restored = await start();
  expect(restored.station.gate.state).toBe("behind");
  expect(await submit(restored, 3, 5)).toBe(503);
  unwrap(await (restored.station.unit as NonNullable<typeof restored.station.unit>).guard.recover([]));
  await until("it has recovered", () => restored.station.gate.maySign);
  expect(await submit(restored, 3, 5)).toBe(503);
  await restored.stop();
  const later = await start();
  expect(await submit(later, 3, 5)).toBe(503);
  await later.stop();
  await south.stop();
});

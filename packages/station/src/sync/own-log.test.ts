import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { err, sha256, unwrap, utf8 } from "@detente/basics";
import { BodyStore, LogStore } from "@detente/store";
import { ed25519Signer, openCheckpoint, signNote } from "@detente/tlog";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Gate } from "../setup/gate.ts";
import { type Entry, OwnLog } from "./own-log.ts";

const ORIGIN = "ann.example/log";
const signer = ed25519Signer(ORIGIN, sha256(utf8("ann")));

let directory: string;
let log: LogStore;
let bodies: BodyStore;
let gate: Gate;
let own: OwnLog;
let signed: string[];

beforeEach(async () => {
  directory = await mkdtemp(`${tmpdir()}/detente-own-log-`);
  log = unwrap(await LogStore.open({ directory: `${directory}/log`, staged: "drop" }));
  bodies = unwrap(await BodyStore.open({ directory: `${directory}/bodies` }));
  gate = new Gate();
  gate.set("ready", "");
  signed = [];
  const sign = (text: string) => {
    signed.push(text);
    return signNote(text, [signer]);
  };
  own = new OwnLog({ log, bodies, origin: ORIGIN, sign, gate, groupSize: 5 });
});

afterEach(async () => {
  await own.idle();
  await log.close();
  await rm(directory, { recursive: true });
});

function entries(count: number): Entry[] {
  return Array.from({ length: count }, (_, i) => ({ leaf: utf8(`leaf ${i}`), body: utf8(`body ${i}`) }));
}

test("whoever appends again as soon as it was told is served as well", async () => {
  for (let index = 0; index < 10; index++) expect(await own.append(entries(1))).toEqual({ ok: true, value: index });
  await own.idle();
  expect(await own.append(entries(1))).toEqual({ ok: true, value: 10 });
});

test("many who append again as soon as they were told keep sharing heads", async () => {
  let heads = 0;
  own.onHead(() => heads++);
  const caller = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) unwrap(await own.append(entries(1)));
  };
  await Promise.all([caller(), caller(), caller(), caller()]);
  expect({ heads, size: log.size }).toEqual({ heads: 5, size: 20 });
});

test("appends that come together keep their order and share heads, up to a group's size", async () => {
  let heads = 0;
  own.onHead(() => heads++);
  const results = await Promise.all([1, 2, 2, 2, 9, 1].map((count) => own.append(entries(count))));
  expect(results.map((result) => unwrap(result))).toEqual([0, 1, 3, 5, 7, 16]);
  // 1 + 2 + 2, then 2 alone before the large one, that one alone, and the last.
  expect(heads).toBe(4);
  const note = log.head?.note ?? utf8("");
  expect(unwrap(openCheckpoint(note, ORIGIN, [signer.verifier])).checkpoint.size).toBe(17);
});

test("nothing is signed until the gate is open, nor staged: recovery may be staging what was lost", async () => {
  const stage = vi.spyOn(log, "stage");
  gate.set("behind", "an older copy");
  expect(await own.append(entries(1))).toEqual(err("not-ready", "an older copy"));
  expect(await own.append([])).toMatchObject({ ok: false, fault: { code: "not-ready" } });
  expect({ signed, size: log.size }).toEqual({ signed: [], size: 0 });
  expect(stage).not.toHaveBeenCalled();
  gate.set("ready", "");
  expect(await own.append(entries(1))).toEqual({ ok: true, value: 0 });
});

test("nothing is signed where the gate closes while the disk is busy, and what was staged is gone", async () => {
  const put = bodies.put.bind(bodies);
  vi.spyOn(bodies, "put").mockImplementationOnce(async (content) => {
    gate.set("behind", "an older copy");
    return put(content);
  });
  let staged = 0;
  expect(await own.append(entries(2), () => staged++)).toEqual(err("not-ready", "an older copy"));
  expect({ signed, staged }).toEqual({ signed: [], staged: 0 });
  gate.set("ready", "");
  expect(await own.append(entries(1))).toEqual({ ok: true, value: 0 });
  expect(log.size).toBe(1);
});

test("a body that the disk does not take is not said, nor is anything after it", async () => {
  vi.spyOn(bodies, "put").mockResolvedValueOnce(err("storage-failed", "no space is left"));
  expect(await own.append(entries(1))).toMatchObject({ ok: false, fault: { code: "storage-failed" } });
  expect(gate.state).toBe("storage-failed");
  expect(await own.append([])).toMatchObject({ ok: false, fault: { code: "not-ready" } });
  expect({ signed, size: log.size }).toEqual({ signed: [], size: 0 });
});

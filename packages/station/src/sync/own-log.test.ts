import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { sha256, unwrap, utf8 } from "@detente/basics";
import { BodyStore, LogStore } from "@detente/store";
import { ed25519Signer, openCheckpoint, signNote } from "@detente/tlog";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Gate } from "../setup/gate.ts";
import { type Entry, OwnLog } from "./own-log.ts";

const ORIGIN = "ann.example/log";
const signer = ed25519Signer(ORIGIN, sha256(utf8("ann")));

let directory: string;
let log: LogStore;
let own: OwnLog;

beforeEach(async () => {
  directory = await mkdtemp(`${tmpdir()}/detente-own-log-`);
  log = unwrap(await LogStore.open({ directory: `${directory}/log`, staged: "drop" }));
  const bodies = unwrap(await BodyStore.open({ directory: `${directory}/bodies` }));
  const gate = new Gate();
  gate.set("ready", "");
  own = new OwnLog({ log, bodies, origin: ORIGIN, sign: (text) => signNote(text, [signer]), gate, groupSize: 5 });
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

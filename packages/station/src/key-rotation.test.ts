import { cp, readdir, readFile, rm } from "node:fs/promises";
import { fromBase64, present, toBase64, toHex, unwrap, utf8 } from "@detente/basics";
import { KEY_ROLES, parsePartyFile } from "@detente/record";
import {
  ed25519Signer,
  formatAddCheckpoint,
  formatCheckpoint,
  openCheckpoint,
  parseNote,
  parseTlogProof,
  signNote,
} from "@detente/tlog";
import { verifyBundle } from "@detente/unit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportRecord } from "./api/export.ts";
import type { StatedRotation } from "./setup/key-keeper.ts";
import { readSecret } from "./setup/keys.ts";
import { asFile, Stations, type TestStation, until, untilAgreed } from "./testing/stations.ts";
import { Backoff } from "./wire/backoff.ts";
import { createPeerClient, type PeerClient } from "./wire/peer-client.ts";

let stations: Stations;
let ann: TestStation;
let bob: TestStation;
let cem: TestStation;

beforeEach(async () => {
  stations = await Stations.create();
  [ann, bob, cem] = (await stations.found("ann", "bob", "cem")) as [TestStation, TestStation, TestStation];
});

afterEach(() => stations.close());

/** Until everyone has the new keys and the former ones are forgotten. */
async function untilRetired(station: TestStation): Promise<void> {
  await until("former keys are retired", () => station.station.keeper.changing().length === 0);
}

async function untilEffective(hash: string, ...at: TestStation[]): Promise<void> {
  await until("the statement is in effect", () => at.every((station) => station.fate(hash) === "effective"));
}

function signers(note: Uint8Array): number {
  return unwrap(parseNote(note)).signatures.filter(({ name }) => name === ann.origin).length;
}

describe("rotating keys", () => {
  test("each role is replaced while everything goes on, and the former keys are forgotten", async () => {
    const before = ann.station.keeper.seeds("log");
    stations.cut(ann, bob);
    for (const role of KEY_ROLES) {
      const report = await ann.post<{ key: string }>("/api/keys/rotate", { role });
      expect(report.key).toBe(ann.station.keeper.keyText(role));
    }
    expect(ann.station.keeper.changing()).toEqual([...KEY_ROLES]);
    expect(signers(present(ann.station.own.reader.head, "a head").note)).toBe(2);
    await until("others are waited for", () =>
      ann.unit.retirement.waitingFor().every(({ members }) => members.join() === "bob,cem"),
    );
    stations.mend();
    const said = await ann.ask("Is it still you?");
    const answered = await bob.ask("Is it?");
    await untilEffective(said, ann, bob, cem);
    await untilEffective(answered, ann, bob, cem);
    await untilRetired(ann);
    await untilAgreed(ann, bob, cem);
    expect(ann.station.keeper.seeds("log")).toHaveLength(1);
    expect(ann.station.keeper.seeds("log")).not.toEqual(before);
    for (const other of [bob, cem]) {
      expect(other.unit.membership.knownKeys("ann")).toEqual(ann.unit.membership.knownKeys("ann"));
      expect(other.unit.membership.transportKey("ann")).toEqual(fromBase64(ann.station.keeper.keyText("transport")));
    }
    const later = await ann.ask("And now with the new keys alone?");
    await untilEffective(later, ann, bob, cem);
    expect(signers(present(ann.station.own.reader.head, "a head").note)).toBe(1);
    const status = await ann.api<{ own: { witnessed: number; recorded: number }; changingKeys: unknown[] }>(
      "GET",
      "/api/status",
    );
    expect(status.body.changingKeys).toEqual([]);
  });

  test("a replaced key opens nothing more", async () => {
    const [transport, log] = (["transport", "log"] as const).map((role) =>
      present(ann.station.keeper.seeds(role)[0], "a seed"),
    );
    const old = { transport: present(transport, "a key"), log: present(log, "a key") };
    for (const role of ["transport", "log"]) await ann.post("/api/keys/rotate", { role });
    await untilRetired(ann);
    const answers = await Promise.all(
      [old.transport, present(ann.station.keeper.seeds("transport")[0], "a seed")].map(async (seed) => {
        const answer = await clientOf(seed, bob).request("GET", "/known-keys", { maxBytes: 4096, timeoutMs: 60_000 });
        return unwrap(answer).status;
      }),
    );
    expect(answers).toEqual([401, 200]);

    const head = present(ann.station.own.reader.head, "a head");
    const text = unwrap(parseNote(head.note)).text;
    const body = formatAddCheckpoint({
      oldSize: head.size,
      proof: [],
      note: signNote(text, [ed25519Signer(ann.origin, old.log)]),
    });
    const refused = await bob.fetch("/witness/add-checkpoint", { method: "POST", body: Uint8Array.from(body) });
    expect(refused.status).toBe(403);
  });

  test("a head that only a replaced key signed does not make a station believe it was restored", async () => {
    const old = present(ann.station.keeper.seeds("log")[0], "a seed");
    await ann.post("/api/keys/rotate", { role: "log" });
    await untilRetired(ann);
    const { size } = ann.station.own.reader;
    const text = formatCheckpoint({ origin: ann.origin, size: size + 5, root: new Uint8Array(32), extensions: [] });
    const note = signNote(text, [ed25519Signer(ann.origin, old)]);
    const held = present(await bob.station.state.witness.get(ann.origin), "what bob cosigned");
    await bob.station.state.witness.compareAndSet(ann.origin, held, {
      version: held.version + 1,
      size: size + 5,
      root: new Uint8Array(32),
      note,
    });
    await ann.restart();
    await until("the answer was weighed", () => ann.station.gate.detail.includes("replaced"));
    expect(ann.station.gate.state).toBe("checking");
  });

  test("what was signed before remains verifiable: record files, proofs, evidence", async () => {
    const early = await ann.ask("Before");
    await untilEffective(early, ann, bob, cem);
    stations.cut(ann, bob);
    stations.cut(ann, cem);
    await ann.stop();
    const lines: string[] = [];
    for await (const line of exportRecord(bob.station, bob.unit, "unit", false)) lines.push(line);
    await ann.start();
    stations.mend();
    await ann.ready();
    await ann.post("/api/keys/rotate", { role: "log" });
    await ann.post("/api/keys/rotate", { role: "witness" });
    await untilRetired(ann);
    const late = await ann.ask("After");
    await untilEffective(late, ann, bob, cem);
    for (const station of [ann, bob]) {
      const report = unwrap(await verifyBundle(asFile(exportRecord(station.station, station.unit, "unit", false))));
      expect(report.problems).toEqual([]);
      expect(report.logs.every(({ verified }) => verified)).toBe(true);
      expect(report.digest.digest).toBe(station.digest);
    }
    expect(unwrap(await verifyBundle(asFile(lines))).problems).toEqual([]);
    const { body } = await bob.api<{ proof: string }>("GET", `/api/statements/${early}/proof`);
    const proof = unwrap(parseTlogProof(utf8(body.proof)));
    expect(openCheckpoint(proof.note, ann.origin, bob.unit.membership.pastVerifiers(ann.origin)).ok).toBe(true);
  });
});

describe("the next key", () => {
  test("may be kept elsewhere: without it the fault says what to do, with it the rotation goes on", async () => {
    const path = `${ann.dir}/keys/next.json`;
    const kept = unwrap(await readSecret(path));
    await ann.stop();
    await rm(path);
    await ann.start();
    await ann.ready();
    const without = await ann.api("POST", "/api/keys/rotate", { role: "witness" });
    expect(without).toMatchObject({ status: 400, body: { code: "no-next-key" } });
    expect(without.body["detail"]).toContain("--next FILE");
    const wrong = await ann.api("POST", "/api/keys/rotate", { role: "witness", seed: kept["mirror"] as string });
    expect(wrong).toMatchObject({ status: 400, body: { code: "wrong-next-key" } });
    await ann.post("/api/keys/rotate", { role: "witness", seed: kept["witness"] as string });
    await untilRetired(ann);
    const next = unwrap(await readSecret(path));
    expect(Object.keys(next)).toEqual(["v", "witness"]);
    await ann.post("/api/keys/rotate", { role: "witness" });
    await untilRetired(ann);
  });

  test("the party file follows the keys", async () => {
    const report = await ann.post<{ key: string; next: string }>("/api/keys/rotate", { role: "log" });
    const party = unwrap(parsePartyFile(await readFile(`${ann.dir}/party.json`)));
    expect([party.log, party.next.log]).toEqual([report.key, report.next]);
  });
});

describe("a rotation that was cut short", () => {
  const prepared = async (): Promise<StatedRotation> =>
    unwrap(await ann.station.keeper.prepare("log", undefined, (length) => new Uint8Array(length).fill(9)));
  const files = async (): Promise<string[]> => (await readdir(`${ann.dir}/keys`)).sort();

  test("before it was stated is forgotten, and the next key is still there", async () => {
    const current = ann.station.keeper.keyText("log");
    const { key } = await prepared();
    expect(await files()).toContain("rotating.json");
    await ann.restart();
    await ann.ready();
    await until("it is forgotten", async () => !(await files()).includes("rotating.json"));
    expect(ann.station.keeper.keyText("log")).toBe(current);
    expect((await ann.post<{ key: string }>("/api/keys/rotate", { role: "log" })).key).toBe(key);
  });

  test("after it was stated is finished, at whichever write it stopped", async () => {
    const { keeper, speaker } = ann.station;
    const saved = `${stations.root}/keys`;
    const rotation = await prepared();
    await cp(`${ann.dir}/keys`, saved, { recursive: true });
    unwrap(await speaker.rotate(rotation, () => keeper.announce()));
    expect(signers(present(ann.station.own.reader.head, "a head").note)).toBe(2);
    await ann.stop();
    const done = `${stations.root}/done`;
    for (const written of [[], ["current.json"], ["current.json", "next.json"]]) {
      await rm(`${ann.dir}/keys`, { recursive: true });
      await cp(saved, `${ann.dir}/keys`, { recursive: true });
      for (const file of written) await cp(`${done}/${file}`, `${ann.dir}/keys/${file}`);
      await ann.start();
      expect(ann.station.keeper.keyText("log")).toBe(rotation.key);
      expect(ann.station.keeper.seeds("log")).toHaveLength(2);
      expect(await files()).not.toContain("rotating.json");
      if (written.length === 0) await cp(`${ann.dir}/keys`, done, { recursive: true });
      const next = unwrap(await readSecret(`${ann.dir}/keys/next.json`));
      expect(next["log"]).toBe(toBase64(new Uint8Array(32).fill(9)));
      await ann.stop();
    }
    await ann.start();
    await ann.ready();
    await untilRetired(ann);
    await untilEffective(await ann.ask("Still here"), ann, bob, cem);
  });

  test("the keys and settings alone bring everything back", async () => {
    await ann.post("/api/keys/rotate", { role: "log" });
    await untilRetired(ann);
    const before = await ann.ask("Before");
    await untilEffective(before, ann, bob, cem);
    await ann.stop();
    for (const file of await readdir(ann.dir)) {
      if (file !== "keys" && !/\.(json|token)$/.test(file)) await rm(`${ann.dir}/${file}`, { recursive: true });
    }
    await ann.start();
    await until("it knows that it is behind", () => ann.station.gate.state === "behind");
    await ann.post("/api/recover", { without: [] });
    await ann.ready();
    await untilEffective(before, ann);
    await untilAgreed(ann, bob, cem);
    const said = await ann.ask("As before");
    await untilEffective(said, ann, bob, cem);
    expect(bob.fate(said)).toBe("effective");
  });

  test("keys older than the record: one rotation is made good, of two the station says what it lacks", async () => {
    const saved = `${stations.root}/keys`;
    await cp(`${ann.dir}/keys`, saved, { recursive: true });
    const { key } = await ann.post<{ key: string }>("/api/keys/rotate", { role: "log" });
    await untilRetired(ann);
    await ann.stop();
    const newest = `${stations.root}/newest`;
    await cp(`${ann.dir}/keys`, newest, { recursive: true });
    await rm(`${ann.dir}/keys`, { recursive: true });
    await cp(saved, `${ann.dir}/keys`, { recursive: true });
    await ann.start();
    expect(ann.station.keeper.keyText("log")).toBe(key);
    await ann.ready();
    await untilEffective(await ann.ask("With the key from next.json"), ann, bob, cem);
    await ann.stop();

    await rm(`${ann.dir}/keys`, { recursive: true });
    await cp(newest, `${ann.dir}/keys`, { recursive: true });
    await ann.start();
    await ann.ready();
    await ann.post("/api/keys/rotate", { role: "log" });
    await untilRetired(ann);
    await ann.stop();
    await rm(`${ann.dir}/keys`, { recursive: true });
    await cp(saved, `${ann.dir}/keys`, { recursive: true });
    await ann.start();
    expect(ann.station.gate.maySign).toBe(false);
    expect(ann.station.gate.detail).toContain("copy keys/ from the newest backup");
  });
});

function clientOf(seed: Uint8Array, to: TestStation): PeerClient {
  let nonces = 0;
  return unwrap(
    createPeerClient({
      self: ann.name,
      transportSeeds: () => [seed],
      peer: to.party,
      now: Date.now,
      nonce: () => `${toHex(seed).slice(0, 16)}${nonces++}`,
      backoff: new Backoff({ baseMs: 0, maxMs: 0, random: () => 0 }),
      fetch: stations.fetchFrom("somebody"),
    }),
  );
}

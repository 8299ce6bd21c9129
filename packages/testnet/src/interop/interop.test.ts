import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PartyFile } from "@detente/record";
import type { RunningStation } from "@detente/station";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPeer, goIsMissing, output, packaged, serve, type Server } from "../../test/interop/programs.ts";
import {
  ask,
  configure,
  found,
  prepare,
  prepareForSigsum,
  say,
  shownCheckpoint,
  until,
} from "../../test/interop/stations.ts";
import { freePort } from "../sockets.ts";

const noGo = goIsMissing();
const spicy = packaged("spicy-litetlog");
const sigsumWitness = packaged("sigsum-witness");
const sigsumKey = packaged("sigsum-key");
const packages = spicy !== undefined && sigsumWitness !== undefined && sigsumKey !== undefined;
const skipped = noGo ?? (packages ? undefined : "packaged C2SP programs; run test/interop/fetch-debian.sh");
if (skipped !== undefined) process.stderr.write(`SKIPPED in interoperability: ${skipped}\n`);

const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

describe.skipIf(noGo !== undefined)("a unit among programs that others wrote", () => {
  let root: string;
  /** A verifier, a log and a witness in Go, of test/interop/peer. */
  let peer: string;
  let outsideLog: { readonly skey: string; readonly vkey: string };
  let parties: { readonly north: PartyFile; readonly south: PartyFile };
  let north: RunningStation;
  let south: RunningStation;
  let witnessVkey: string;
  let sigsumVkey: string;
  const servers: Server[] = [];

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "detente-interop-"));
    peer = join(root, "peer");
    await buildPeer(peer);
    const [skey = "", vkey = ""] = (await output(peer, ["newkey", "log.example/independent"])).split("\n");
    outsideLog = { skey, vkey };
    const spicyVkey = spicy === undefined ? [] : [await initSpicy(spicy, root)];

    const atNorth = await prepare(root, "north");
    const witness = await serve(peer, ["witness", "witness.example/independent", atNorth.party.log]);
    const [witnessKey = "", witnessUrl = ""] = (witness.lines[0] ?? "").split(" ");
    witnessVkey = witnessKey;
    servers.push(witness);
    await configure(atNorth, {
      witnessedLogs: [vkey, ...spicyVkey],
      witnesses: [{ vkey: witnessKey, url: witnessUrl }],
      witnessInterval: 1,
    });

    const atSouth = await prepareForSigsum(root, "south");
    if (sigsumWitness !== undefined && sigsumKey !== undefined) {
      const sigsum = await startSigsumWitness(sigsumWitness, sigsumKey, root, atSouth.party.log);
      servers.push(sigsum.server);
      sigsumVkey = sigsum.vkey;
      await configure(atSouth, { witnesses: [{ vkey: sigsum.vkey, url: sigsum.url }], witnessInterval: 1 });
    }

    parties = { north: atNorth.party, south: atSouth.party };
    [north, south] = (await found([atNorth, atSouth])) as [RunningStation, RunningStation];
    await say(north, 600);
    await say(south, 30);
    await until("each holds all of the other's log", () =>
      [north, south].every(({ station }) => (station.unit?.heldSize() ?? 0) >= station.own.reader.size),
    );
    await until("a checkpoint that covers it is shown", () => isShown(north, 600, "/witness "));
  });

  afterAll(async () => {
    await north?.stop();
    await south?.stop();
    for (const server of servers) await server.stop();
    await rm(root, { recursive: true, force: true });
  });

  async function isShown(station: RunningStation, size: number, signer: string): Promise<boolean> {
    const note = await shownCheckpoint(station);
    return Number(note.split("\n")[1]) >= size && note.includes(signer);
  }

  it("an independent verifier reads a station's log: tiles, bundles, proofs, cosignatures", async () => {
    const printed = await output(peer, ["verify", `${north.url}/log`, parties.north.log, parties.south.witness]);
    expect(Number(/verified (\d+)/.exec(printed)?.[1])).toBeGreaterThanOrEqual(600);
  });

  it("an independent verifier reads the mirrored copy of a log at another station", async () => {
    const mirrored = `${south.url}/mirror/${sha256(parties.north.origin)}`;
    const printed = await output(peer, ["verify", mirrored, parties.north.log, parties.south.mirror]);
    expect(Number(/verified (\d+)/.exec(printed)?.[1])).toBeGreaterThanOrEqual(600);
  });

  it("an independent verifier does not take a log for another's", async () => {
    const answer = output(peer, ["verify", `${north.url}/log`, parties.south.log]);
    await expect(answer).rejects.toThrow("WRONG opening a note");
  });

  it("an independent log has a station's witness cosign it, and every refusal has its status", async () => {
    const printed = await output(peer, ["log", `${north.url}/witness`, outsideLog.skey, parties.north.witness]);
    expect(printed).toContain("ok one of 12 rivals won");
    expect(printed).toMatch(/cosigned 4\d\d\n$/);
  });

  it("an independent witness cosigns a station's log, and the checkpoint shown carries its cosignature", async () => {
    await until("it does", () => isShown(north, 600, "witness.example/independent "));
    const args = ["verify", `${north.url}/log`, parties.north.log, parties.south.witness, witnessVkey];
    expect(await output(peer, args)).toContain("signed by the log and 2 cosigners");
    // The witness also answers with a line by a key that the station does not know.
    expect(await shownCheckpoint(north)).not.toContain("independent-next");
  });

  it("what is said later is shown with the independent witness's cosignature too", async () => {
    await say(north, 3);
    const { size } = north.station.own.reader;
    await until("it is", () => isShown(north, size, "witness.example/independent "));
    const { witnesses } = await ask<{ witnesses: { cosigned: number; detail: string }[] }>(north, "/api/status");
    expect(witnesses[0]).toMatchObject({ name: "witness.example/independent", detail: "" });
    expect(witnesses[0]?.cosigned).toBeGreaterThanOrEqual(size);
  });

  it.skipIf(!packages)("sigsum-witness cosigns a station's log as it grows", async () => {
    for (const more of [0, 5]) {
      await say(south, more);
      const { size } = south.station.own.reader;
      await until("its cosignature is shown", () => isShown(south, size, "sigsum.org/v1/witness/"));
    }
    const args = ["verify", `${south.url}/log`, parties.south.log, parties.north.witness, sigsumVkey];
    expect(await output(peer, args)).toContain("signed by the log and 2 cosigners");
  });

  it.skipIf(!packages)("spicy verifies a statement by the station's tlog-proof", async () => {
    const program = spicy as string;
    const { rows } = await ask<{ rows: { leafHash: string }[] }>(north, "/api/log?party=north&after=300&limit=1");
    const path = `/api/statements/${rows[0]?.leafHash}/proof`;
    const { proof, leaf } = await ask<{ proof: string; leaf: string }>(north, path);
    const file = join(root, "leaf");
    await writeFile(file, Buffer.from(leaf, "base64"));
    // A .spicy file is a tlog-proof from before the format had a first line.
    await writeFile(`${file}.spicy`, proof.replace("c2sp.org/tlog-proof@v1\n", ""));
    expect(await output(program, ["-verify", parties.north.log, file])).toContain("verified");
    await writeFile(file, "something else");
    await expect(output(program, ["-verify", parties.north.log, file])).rejects.toThrow("could not verify inclusion");
  });

  it.skipIf(!packages)("a log that spicy keeps is cosigned by a station's witness as it grows", async () => {
    const assets = join(root, "spicy");
    for (const [from, to] of [
      [0, 3],
      [3, 8],
    ] as const) {
      const files = Array.from({ length: to - from }, (_, i) => join(root, `asset-${from + i}`));
      for (const file of files) await writeFile(file, `the asset ${file}`);
      await output(spicy as string, ["-assets", assets, "-key", join(root, "spicy.key"), ...files]);
      const args = ["relay", `${north.url}/witness`, join(assets, "latest"), assets, parties.north.witness];
      expect(await output(peer, args)).toContain(`ok 200 for a real log's growth from ${from} to ${to}`);
    }
  });
});

/** @returns the log's vkey */
async function initSpicy(program: string, root: string): Promise<string> {
  await mkdir(join(root, "spicy"));
  const places = ["-assets", join(root, "spicy"), "-key", join(root, "spicy.key")];
  const printed = await output(program, ["-init", "log.example/spicy", ...places]);
  return /Public key: (\S+)/.exec(printed)?.[1] ?? "";
}

/** sigsum-witness serves one log, whose origin must be sigsum.org/v1/tree/ and the hash of its key. */
async function startSigsumWitness(
  program: string,
  keyProgram: string,
  root: string,
  logVkey: string,
): Promise<{ readonly server: Server; readonly vkey: string; readonly url: string }> {
  const [logKey, key] = [join(root, "sigsum-log.pub"), join(root, "sigsum-witness")];
  await writeFile(join(root, "sigsum-log.vkey"), `${logVkey}\n`);
  await output(keyProgram, ["from-vkey", "-k", join(root, "sigsum-log.vkey"), "-o", logKey]);
  await output(keyProgram, ["generate", "-o", key]);
  const hex = (await output(keyProgram, ["to-hex", "-k", `${key}.pub`])).trim();
  const name = `sigsum.org/v1/witness/${sha256(Buffer.from(hex, "hex"))}`;
  const vkey = await output(keyProgram, ["to-vkey", "-k", `${key}.pub`, "-n", name, "-t", "cosignature/v1"]);
  const address = `127.0.0.1:${await freePort()}`;
  const places = ["-k", key, "--log-key", logKey, "--state-file", join(root, "sigsum-state")];
  return { server: await serve(program, [...places, address], address), vkey: vkey.trim(), url: `http://${address}` };
}

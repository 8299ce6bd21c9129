import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { toHex, unwrap } from "@detente/basics";
import type { CharterDocument, PartyFile } from "@detente/record";
import {
  adoptCharter,
  initStation,
  loadConfig,
  type RunningStation,
  saveConfig,
  startStation,
  type StationConfig,
} from "@detente/station";
import { freePort } from "../../src/sockets.ts";

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** A data directory, not running yet. */
export interface Prepared {
  readonly dir: string;
  readonly party: PartyFile;
}

/** Makes a station with a public log, as `detente init --public-log` does. */
export async function prepare(root: string, name: string, origin?: string, draw = random): Promise<Prepared> {
  const dir = join(root, name);
  const url = `http://127.0.0.1:${await freePort()}`;
  const chosen = origin === undefined ? {} : { origin };
  const options = { name, url, logAccess: "public", random: draw, now: Date.now(), ...chosen } as const;
  return { dir, party: unwrap(await initStation(dir, options)) };
}

/** Makes a station whose log has the origin that Sigsum's witness gives to its key. */
export async function prepareForSigsum(root: string, name: string): Promise<Prepared> {
  const draft = await prepare(root, `${name}-draft`, undefined, repeatable());
  const key = Buffer.from(draft.party.log.split("+").slice(2).join("+"), "base64").subarray(1);
  const origin = `sigsum.org/v1/tree/${createHash("sha256").update(key).digest("hex")}`;
  return prepare(root, name, origin, repeatable());
}

/** The same bytes each time it is begun: the keys of a test. */
function repeatable(): typeof random {
  let drawn = 0;
  return (length) => new Uint8Array(createHash("shake256", { outputLength: length }).update(`key ${drawn++}`).digest());
}

/** Changes settings as an operator does in station.json. */
export async function configure({ dir }: Prepared, settings: Partial<StationConfig>): Promise<void> {
  await saveConfig(dir, { ...unwrap(await loadConfig(dir)), ...settings });
}

/** Starts stations as one unit and waits until each may sign. */
export async function found(prepared: readonly Prepared[]): Promise<RunningStation[]> {
  const charter: CharterDocument = {
    v: 1,
    title: "Interoperability",
    purpose: "Work with what others have written",
    nonce: toHex(random(32)),
    quorum: prepared.length - 1,
    attempt: 1,
    parties: prepared.map(({ party }) => party),
  };
  const running: RunningStation[] = [];
  for (const { dir } of prepared) {
    unwrap(await adoptCharter(dir, charter));
    running.push(unwrap(await startStation({ dir, logger: "silent" })));
  }
  await until("all stations are ready", () => running.every(({ station }) => station.gate.maySign));
  return running;
}

/** Says something `count` times on a station's log. */
export async function say(running: RunningStation, count: number): Promise<void> {
  const sayings = Array.from({ length: count }, (_, i) =>
    running.station.speaker.state({
      type: "open",
      kind: "question",
      of: [],
      audience: "unit",
      content: { title: `Question ${i}`, text: "?" },
    }),
  );
  for (const said of await Promise.all(sayings)) unwrap(said);
}

/** Asks a station's own interface, as its officers do. */
export async function ask<T>(running: RunningStation, path: string): Promise<T> {
  const token = (await readFile(join(running.station.dir, "officer.token"), "utf8")).trim();
  const answer = await fetch(`${running.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** The text of the checkpoint that a station shows. */
export async function shownCheckpoint(running: RunningStation): Promise<string> {
  return (await fetch(`${running.url}/log/checkpoint`)).text();
}

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`timed out before ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

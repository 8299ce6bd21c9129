import { access, mkdir } from "node:fs/promises";
import { unwrap } from "@detente/basics";
import { connectStation, type StationClient, type StatusReport } from "@detente/station";
import { CAST, NORLAND, type Player } from "./cast.ts";
import { detente, StationProcess } from "./detente.ts";
import { claimable } from "./ports.ts";
import type { Settings } from "./settings.ts";

/** A player with a station that runs. */
export interface Party extends Player {
  readonly dir: string;
  readonly url: string;
  readonly station: StationClient;
}

const CONVERGE_LIMIT = 60_000;

/** Makes the stations and their charter where they are not there yet, as three parties would, and starts them. */
export async function startUnit(
  settings: Settings,
): Promise<{ parties: Party[]; stop: () => Promise<void>; isNew: boolean }> {
  await claimable(CAST.map((_, i) => settings.port + i));
  const stations = CAST.map((player, i) => ({
    ...player,
    dir: `${settings.dir}/${player.name}/station`,
    url: `http://127.0.0.1:${settings.port + i}`,
  }));
  const charter = `${settings.dir}/charter.json`;
  const isNew = !(await exists(charter));
  if (isNew) {
    for (const { name, dir, url } of stations) {
      await mkdir(`${settings.dir}/${name}`, { recursive: true });
      if (!(await exists(`${dir}/station.json`))) {
        await detente(["init", "--data", dir, "--name", name, "--url", url, "--public-log"]);
      }
    }
    const [own, ...others] = stations;
    const partyFiles = others.map(({ dir }) => `${dir}/party.json`);
    const says = [
      "--title",
      "Joint election desk",
      "--purpose",
      `Guard the November election; drafted by ${NORLAND.name}`,
    ];
    await detente(["charter", "draft", "--data", own?.dir ?? "", ...says, "-o", charter, ...partyFiles]);
  }
  // Accepting again changes nothing, so a start that was cut short between two of these goes on here.
  for (const { dir } of stations) await detente(["charter", "accept", charter, "--data", dir]);

  const processes: StationProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((running) => running.stop()));
  };
  try {
    for (const { name, dir, url } of stations) {
      const running = await StationProcess.start(dir, `${settings.dir}/${name}/station.log`);
      processes.push(running);
      await running.healthy(url);
    }
    const parties: Party[] = [];
    for (const station of stations) parties.push({ ...station, station: unwrap(await connectStation(station.dir)) });
    await until(parties, "the charter to be in force", (statuses) =>
      statuses.every(({ unit }) => unit?.inForce === true),
    );
    return { parties, stop, isNew };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until all stations hold the same record, everything on it witnessed, and see the same state. */
export function agreement(parties: readonly Party[]): Promise<StatusReport[]> {
  return until(parties, "the stations to agree", (statuses) => {
    const sizes = statuses.map(({ logs }) =>
      JSON.stringify(
        Object.fromEntries(logs.map(({ origin, size }): [string, number] => [origin, size]).toSorted(byName)),
      ),
    );
    const digests = statuses.map(({ unit }) => digestOf(unit));
    const settled = statuses.every(
      ({ own, logs }) =>
        own.recorded === own.held && own.recorded === own.witnessed && logs.every((log) => log.missingBodies === 0),
    );
    return settled && new Set(sizes).size === 1 && new Set(digests).size === 1;
  });
}

/** Waits until `holds` is true of all stations' status twice in a row. @throws after a minute, with what was seen */
async function until(
  parties: readonly Party[],
  what: string,
  holds: (statuses: readonly StatusReport[]) => boolean,
): Promise<StatusReport[]> {
  const end = Date.now() + CONVERGE_LIMIT;
  let inRow = 0;
  for (;;) {
    const statuses: StatusReport[] = [];
    for (const { station } of parties) statuses.push(unwrap(await station.get<StatusReport>("/api/status")));
    inRow = holds(statuses) ? inRow + 1 : 0;
    if (inRow === 2) return statuses;
    if (Date.now() > end) {
      const states = statuses.map(({ station }) => `${station.party}: ${station.state} (${station.detail})`).join("; ");
      throw new Error(`waited in vain for ${what}: ${states}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

export function digestOf(unit: StatusReport["unit"]): string {
  return unit?.digests.find(({ audience }) => audience === "unit")?.digest ?? "";
}

function byName([a]: [string, number], [b]: [string, number]): number {
  return a < b ? -1 : 1;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

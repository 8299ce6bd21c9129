import { unwrap } from "@detente/basics";
import { openStation } from "../lib/station.mjs";
import { statement } from "../lib/statements.mjs";

/** @typedef {import("@detente/station").RunningStation} RunningStation */

/** Runs a station until its parent goes. @param {{ directory: string }} work */
export async function runStation({ directory }) {
  const { stop } = await openStation(directory);
  await new Promise((resolve) => process.once("disconnect", () => resolve(undefined)));
  await stop();
}

/**
 * Runs a station and appends statements to its log, one at a time and `every` milliseconds apart, as people and tools
 * that do not know of one another.
 * @param {{ directory: string, rounds: number, count: number, every: number }} work
 * @returns {Promise<number[][]>} for each round, milliseconds from each append until a quorum's cosignatures are here
 */
export async function measureWitnessed({ directory, rounds, count, every }) {
  const { station, stop } = await openStation(directory);
  await joined(station);
  const latencies = [];
  let number = 0;
  const witnessed = watch(station);
  for (let round = 0; round < rounds; round++) {
    // The first ones warm up: connections, and the compiler.
    const warming = round === 0 ? 50 : 0;
    /** @type {number[]} */
    const inRound = [];
    for (let i = 0; i < warming + count; i++) {
      const said = statement(number++);
      const begun = performance.now();
      const index = unwrap(await station.own.append([said]));
      const elapsed = (await witnessed(index)) - begun;
      if (i >= warming) inRound.push(elapsed);
      await new Promise((resolve) => setTimeout(resolve, every));
    }
    latencies.push(inRound);
  }
  await stop();
  return latencies;
}

/** @param {RunningStation["station"]} station @returns {(index: number) => Promise<number>} when a quorum has cosigned an entry */
function watch({ unit }) {
  if (unit === undefined) throw new Error("the station is in no unit");
  const { cosignatures } = unit;
  /** @type {{ index: number, told: (at: number) => void }[]} */
  let waiting = [];
  const look = () => {
    const size = cosignatures.witnessedSize();
    const now = performance.now();
    for (const { index, told } of waiting) if (index < size) told(now);
    waiting = waiting.filter(({ index }) => index >= size);
  };
  const add = cosignatures.add.bind(cosignatures);
  cosignatures.add = (...cosigned) => {
    add(...cosigned);
    look();
  };
  return (index) =>
    new Promise((told) => {
      waiting.push({ index, told });
      look();
    });
}

/** Waits until the charter is in force and all that was said so far has taken effect. @param {RunningStation["station"]} station */
async function joined(station) {
  for (let quiet = 0; quiet < 10;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { unit } = station;
    const isSettled =
      unit !== undefined &&
      unit.archive.fold.charter().current !== undefined &&
      unit.archive.fold.counts().pending === 0 &&
      unit.cosignatures.witnessedSize() === station.own.reader.size;
    quiet = isSettled ? quiet + 1 : 0;
  }
}

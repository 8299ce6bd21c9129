import { randomBytes } from "node:crypto";
import { unwrap } from "@detente/basics";
import { initStation, startStation } from "@detente/station";

/**
 * Makes a station's data directory as `detente init` does.
 * @param {string} directory
 * @param {{ name: string, port: number }} options
 */
export async function newStation(directory, { name, port }) {
  const random = (/** @type {number} */ length) => new Uint8Array(randomBytes(length));
  const listen = { host: "127.0.0.1", port };
  const url = `http://127.0.0.1:${port || 1}`;
  return unwrap(await initStation(directory, { name, url, listen, random, now: Date.now() }));
}

/** @param {string} directory */
export async function openStation(directory) {
  const running = unwrap(await startStation({ dir: directory, logger: "silent" }));
  return { station: running.station, stop: () => running.stop() };
}

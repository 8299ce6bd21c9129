import { toHex, utf8, sha256 } from "@detente/basics";
import { leastQuorum } from "@detente/record";
import { newStation } from "./station.mjs";

const NAMES = /** @type {const} */ (["ann", "bob", "cem"]);

/**
 * Makes the data directories of three parties and the charter that founds their unit.
 * @param {string} directory
 * @param {readonly number[]} ports
 */
export async function newUnit(directory, ports) {
  const directories = NAMES.map((name) => `${directory}/${name}`);
  const parties = [];
  for (const [i, name] of NAMES.entries()) {
    parties.push(await newStation(directories[i] ?? "", { name, port: ports[i] ?? 0 }));
  }
  /** @type {import("@detente/record").CharterDocument} */
  const charter = {
    v: 1,
    title: "A unit for benchmarks",
    purpose: "To measure.",
    nonce: toHex(sha256(utf8("nonce"))),
    quorum: leastQuorum(NAMES.length),
    attempt: 1,
    parties,
  };
  return { directories, charter };
}

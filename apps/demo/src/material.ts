import { mkdir, writeFile } from "node:fs/promises";
import { generateIndicatorFiles, generateIntelligence, generateTelemetry, type Item } from "@detente/intel";
import { CAST, ISLE, NORLAND, SUDLAND } from "./cast.ts";

/** When the story's morning begins: 2026-10-05 06:00 UTC, a month before an election. */
const START = Date.UTC(2026, 9, 5, 6);
const LINES = 4000;

/** The files of each party, made up from a fixed seed: the same on every machine. */
export interface Material {
  /** What each party shares, by name: path of the file. */
  readonly shares: {
    readonly phishing: string;
    readonly infrastructure: string;
    readonly hasty: string;
    readonly confidential: string;
  };
  /** Each party's logs: paths. */
  readonly telemetry: Readonly<Record<string, readonly string[]>>;
}

/** Writes indicator files in the formats that parties have, and telemetry in which some of them can be found. */
export async function writeMaterial(dir: string): Promise<Material> {
  const norland = generateIntelligence("norland", 160, START);
  const sudland = generateIntelligence("sudland", 120, START);
  const hasty = generateIntelligence("sudland, in a hurry", 25, START);
  const confidential = generateIntelligence("norland, for isle only", 12, START);
  const telemetry: Record<string, string[]> = {};
  for (const { name } of CAST) {
    const others: Item[] = [
      ...(name === NORLAND.name ? [] : norland),
      ...(name === SUDLAND.name ? [] : sudland),
      ...(name === ISLE.name ? confidential : []),
    ];
    const folder = `${dir}/${name}`;
    await mkdir(folder, { recursive: true });
    telemetry[name] = [];
    for (const log of generateTelemetry({ seed: name, items: others, lines: LINES, hitsPerMille: 4, start: START })) {
      telemetry[name].push(`${folder}/${log.name}`);
      await writeFile(`${folder}/${log.name}`, log.text);
    }
  }
  const write = async (path: string, seed: string, items: readonly Item[], name: string): Promise<string> => {
    const file = generateIndicatorFiles(seed, items).find((candidate) => candidate.name === name);
    if (file === undefined) throw new Error(`no file ${name} was generated`);
    await writeFile(`${dir}/${path}`, file.text);
    return `${dir}/${path}`;
  };
  return {
    shares: {
      phishing: await write("norland/phishing.csv", "norland", norland, "indicators.csv"),
      infrastructure: await write("sudland/infrastructure.stix.json", "sudland", sudland, "bundle.json"),
      hasty: await write("sudland/hasty.misp.json", "hasty", hasty, "event.json"),
      confidential: await write("norland/for-isle-only.txt", "confidential", confidential, "indicators.txt"),
    },
    telemetry,
  };
}

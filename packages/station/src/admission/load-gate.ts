import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  assetIndexes,
  type GateContext,
  type Item,
  MAX_INDICATOR_FILE,
  readIndicators,
  readWarningList,
  type WarningList,
} from "@detente/intel";
import { turn } from "@detente/store/turn";
import type { GateSettings } from "./gate-settings.ts";

/** What the gate goes by, read from the files that the settings name. */
export interface LoadedGate extends Pick<GateContext, "lists" | "assets"> {
  /** For people: what could not be read. Lists that are not there judge nothing. */
  readonly faults: readonly string[];
}

const MAX_LISTS = 1000;

/** Reads the lists and assets. Whatever is wrong with a file is told, and keeps none of the others out. */
export async function loadGate({ lists: directory, assets = [] }: GateSettings): Promise<LoadedGate> {
  const lists: WarningList[] = [];
  const items: Item[] = [];
  const faults: string[] = [];
  for (const path of directory === undefined ? [] : await listFiles(directory, faults)) {
    const content = await whole(path, faults);
    const list = content === undefined ? undefined : readWarningList(content);
    if (list?.ok === true) lists.push(list.value);
    if (list?.ok === false) faults.push(`${path}: ${list.fault.message}`);
    await turn();
  }
  for (const path of assets) {
    const content = await whole(path, faults);
    if (content === undefined) continue;
    const file = readIndicators(path, content);
    for (const item of file.items) items.push(item);
    for (const { message } of file.rejected) faults.push(message);
  }
  return { lists, assets: assetIndexes(items), faults };
}

/** In the order of their names, so that the same directory always gives the same. */
async function listFiles(directory: string, faults: string[]): Promise<string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".json"));
    if (files.length > MAX_LISTS) faults.push(`${directory}: has over ${MAX_LISTS} lists; the others are passed over`);
    return files
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .slice(0, MAX_LISTS);
  } catch (error) {
    faults.push(`${directory}: cannot be read (${(error as Error).message})`);
    return [];
  }
}

async function whole(path: string, faults: string[]): Promise<Uint8Array | undefined> {
  try {
    if ((await stat(path)).size > MAX_INDICATOR_FILE) faults.push(`${path}: is over 64 MiB; split it`);
    else return await readFile(path);
  } catch (error) {
    faults.push(`${path}: cannot be read (${(error as Error).message})`);
  }
  return undefined;
}

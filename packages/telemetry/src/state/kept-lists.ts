import { join } from "node:path";
import type { FileSystem } from "@detente/store";
import { IndicatorKeys } from "../watch-list/indicator-keys.ts";
import { placeIn, RESTORE, StateFailed } from "./state-files.ts";

/** The keys of the lists that logs were screened for, in files of the state, so that a later list can be compared. */
export class KeptLists {
  readonly #fs: FileSystem;
  readonly #state: string;
  readonly #known = new Map<string, IndicatorKeys>();

  /** @param state the state's directory */
  constructor(fs: FileSystem, state: string) {
    this.#fs = fs;
    this.#state = state;
  }

  /** Durable when it resolves. */
  async keep(keys: IndicatorKeys): Promise<void> {
    if (this.#known.has(keys.version)) return;
    const name = `${keys.version}.keys`;
    if (!(await this.#fs.list(join(this.#state, "lists"))).includes(name)) {
      await placeIn(this.#fs, this.#state, "lists", name, keys.encode());
    }
    this.#known.set(keys.version, keys);
  }

  /** @throws StateFailed where it is not here as it was kept */
  async get(version: string): Promise<IndicatorKeys> {
    const known = this.#known.get(version);
    if (known !== undefined) return known;
    const path = join(this.#state, "lists", `${version}.keys`);
    const size = await this.#fs.size(path);
    const keys = size === undefined ? undefined : IndicatorKeys.decode(await this.#fs.readFile(path));
    if (keys?.ok !== true || keys.value.version !== version) {
      throw new StateFailed(`${path}: is missing or damaged — ${RESTORE}`);
    }
    this.#known.set(version, keys.value);
    return keys.value;
  }

  /** Removes all but these versions. */
  async dropAllBut(used: ReadonlySet<string>): Promise<void> {
    for (const name of await this.#fs.list(join(this.#state, "lists"))) {
      if (used.has(name.replace(/\.keys$/, ""))) continue;
      await this.#fs.remove(join(this.#state, "lists", name));
    }
    for (const known of this.#known.keys()) if (!used.has(known)) this.#known.delete(known);
  }
}

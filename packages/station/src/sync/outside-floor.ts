import type { Records } from "@detente/store";
import type { Gate } from "../setup/gate.ts";

const RECORD = "restored-witness";

/**
 * Keeps a restored witness from vouching for logs outside the unit. What it cosigned of them since the copy was made
 * stands nowhere that it could look, so a witness key that was ever found in an older copy is silent about them for
 * good: a new key makes a new witness, which vouches for nothing that came before.
 */
export class OutsideFloor {
  readonly #records: Records;
  readonly #keys: () => readonly string[];

  /** @param keys the witness's keys at this moment */
  constructor(options: { readonly records: Records; readonly gate: Gate; readonly keys: () => readonly string[] }) {
    this.#records = options.records;
    this.#keys = options.keys;
    options.gate.onChange((state) => {
      if (state === "behind") void this.#records.set(RECORD, [...this.#keys()]);
    });
  }

  /** Why the witness may not cosign a log outside the unit; `undefined` where it may. */
  async withheld(): Promise<string | undefined> {
    const silenced = await this.#records.get(RECORD);
    if (!Array.isArray(silenced) || !this.#keys().some((key) => silenced.includes(key))) return undefined;
    return "this witness was restored from an older copy and cannot know what it cosigned since; it needs a new key";
  }
}

import { rename } from "node:fs/promises";
import { utf8, utf8Decode } from "@detente/basics";
import type { MeetingOutcome } from "@detente/record";
import { SetFiles } from "../matching/set-files.ts";
import type { MeetingFolder } from "./folder.ts";

/** Complaints that are shown by messages. */
const SHOWN_BY: Readonly<Partial<Record<MeetingOutcome, readonly string[]>>> = {
  "bad-message": ["list", "their-list", "counted", "their-counted", "their-contents"],
  "bad-element": ["their-list", "list", "their-contents"],
  "bad-proof": ["list", "their-contents"],
  "not-as-counted": ["their-counted", "their-contents"],
  "wrong-count": ["counted", "their-counted"],
};

/** What is left of meetings: which items were common, for this party alone, and the messages that accuse somebody. */
export class Results {
  readonly #common: SetFiles;
  readonly #evidence: SetFiles;

  /** @param dir that both are in, each by meeting */
  constructor(dir: string) {
    this.#common = new SetFiles(`${dir}/results`);
    this.#evidence = new SetFiles(`${dir}/evidence`);
  }

  /** @param inputs as `kind:value` */
  async keep(meeting: string, inputs: readonly string[]): Promise<void> {
    await this.#common.write(meeting, "common.json", utf8(JSON.stringify(inputs)));
  }

  /** Undefined where they were never shown, or are erased. */
  async common(meeting: string): Promise<readonly string[] | undefined> {
    const file = await this.#common.read(meeting, "common.json");
    return file === undefined ? undefined : (JSON.parse(utf8Decode(file) ?? "") as readonly string[]);
  }

  async erase(meeting: string): Promise<void> {
    await this.#common.forget(meeting);
  }

  /** Takes over the messages that show what this party complains of. */
  async keepEvidence(folder: MeetingFolder, outcome: MeetingOutcome): Promise<void> {
    for (const name of SHOWN_BY[outcome] ?? []) {
      if ((await folder.size(name)) === undefined) continue;
      // The directory is made by the file that says what they are for.
      await this.#evidence.write(folder.meeting, "outcome", utf8(outcome));
      await rename(folder.path(name), this.#evidence.path(folder.meeting, name));
    }
  }
}

import { type Bytes, utf8, utf8Decode } from "@detente/basics";
import { SetFiles } from "../matching/set-files.ts";

/** What is left of meetings: which items were common, for this party alone, and what shows complaints. */
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

  /** @param file see `evidenceOf` */
  async keepEvidence(meeting: string, file: Bytes): Promise<void> {
    await this.#evidence.write(meeting, "messages", file);
  }

  evidence(meeting: string): Promise<Bytes | undefined> {
    return this.#evidence.read(meeting, "messages");
  }
}

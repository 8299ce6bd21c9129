import type { Fold } from "@detente/unit";
import { SetFiles } from "../matching/set-files.ts";
import { meetingFolders } from "./folder.ts";
import { type Grant, meetingSpending, type MeetingSpending } from "./spending.ts";

export interface GrantedOptions {
  readonly party: string;
  /** The origin of this party's log. */
  readonly origin: string;
  /** Has the meetings that are open, each in a directory of its own. */
  readonly dir: string;
}

/**
 * What meetings take from this party's budgets, from before their lists are made: the record has it only once a quorum has
 * observed it, and until then, too, nothing is to be granted twice. What was entered is read from the disk, so that it is
 * the same after a crash at any moment.
 */
export class Granted {
  readonly #options: GrantedOptions;
  readonly #files: SetFiles;
  /** For meetings whose lists are being made. */
  readonly #underWay = new Set<Grant>();
  #entered: ReadonlyMap<string, Grant> | undefined;

  constructor(options: GrantedOptions) {
    this.#options = options;
    this.#files = new SetFiles(options.dir);
  }

  /** Counts a grant from now on. */
  hold(grant: Grant): void {
    this.#underWay.add(grant);
  }

  /** From now on what is on the disk counts in place of a grant that was held: all of it, or nothing. */
  async settle(grant: Grant): Promise<void> {
    this.#entered = await this.#read();
    this.#underWay.delete(grant);
  }

  /** @param since see `meetingSpending` */
  async spending(fold: Pick<Fold, "meetings" | "find">, since: number): Promise<MeetingSpending> {
    if (this.#entered === undefined) {
      const read = await this.#read();
      this.#entered ??= read;
    }
    const { party, origin } = this.#options;
    const isVoid = (meeting: string): boolean =>
      fold.find(meeting).some(({ log, status }) => log === origin && status.state === "void");
    // Nobody can answer a proposal that has no effect; its files are about to go.
    const entered = new Map([...this.#entered].filter(([meeting]) => !isVoid(meeting)));
    return meetingSpending(fold.meetings(), party, { entered, underWay: this.#underWay }, since);
  }

  async #read(): Promise<ReadonlyMap<string, Grant>> {
    const entered = new Map<string, Grant>();
    for (const folder of await meetingFolders(this.#files)) {
      const grant = (await folder.isEntered()) ? await folder.grant() : undefined;
      if (grant !== undefined) entered.set(folder.meeting, grant);
    }
    return entered;
  }
}

import { err, ok, type Result } from "@detente/basics";
import type { CharterDocument } from "@detente/record";
import type { Logger } from "pino";
import { loadCharter, storeCharter } from "./setup/charter-file.ts";
import { type Invitation, loadInvitation, storeInvitation } from "./setup/invitation.ts";
import type { ForeignCopy } from "./sync/foreign-copy.ts";
import { IndexMark } from "./sync/index-mark.ts";
import { replaceCopy } from "./sync/replace-copy.ts";
import type { UnitOptions } from "./unit-options.ts";
import { UnitRuntime } from "./unit-runtime.ts";

export interface EnrolmentOptions extends Omit<UnitOptions, "genesis" | "invitation" | "replace"> {
  readonly dir: string;
  readonly logger: Logger;
}

/**
 * How a station comes into its unit: by the charter or the invitation that its officer accepts, by what was accepted
 * before it was started, and anew where another version of a log takes the place of ours.
 */
export class Enrolment {
  readonly #options: EnrolmentOptions;
  #unit: UnitRuntime | undefined;
  #replacing: Promise<void> | undefined;
  #isClosing = false;

  constructor(options: EnrolmentOptions) {
    this.#options = options;
  }

  /** The unit, once a charter was accepted. */
  get unit(): UnitRuntime | undefined {
    return this.#unit;
  }

  /** Takes up what was accepted before. */
  async start(): Promise<Result<void>> {
    const { dir, gate } = this.#options;
    const charter = await loadCharter(dir);
    if (!charter.ok) return charter;
    const invitation = await loadInvitation(dir);
    if (!invitation.ok) return invitation;
    if (charter.value === undefined) {
      gate.set("no-unit", "no charter has been accepted yet: run `detente charter accept FILE`");
    } else {
      gate.set("checking", "reading this station's own record");
      await this.#begin(charter.value, invitation.value);
    }
    return ok(undefined);
  }

  /** Accepts an invitation on an officer's word, as `accept` does a founding charter. */
  async join(invitation: Invitation): Promise<Result<void>> {
    if (this.#unit?.membership.isMember === true) {
      return err("conflict", "this party is a member already: accept the charter with `detente charter accept`");
    }
    const stored = await storeInvitation(this.#options.dir, invitation);
    if (!stored.ok) return stored;
    if (this.#unit === undefined) await this.#begin(invitation.founding, invitation);
    else await this.#unit.invite(invitation);
    return stored;
  }

  /** Accepts a founding charter on an officer's word: durable at once, said on the record as soon as that is possible. */
  async accept(document: CharterDocument): Promise<Result<void>> {
    if (this.#unit !== undefined)
      return err("conflict", "this station is in a unit already; one station serves one unit");
    const stored = await storeCharter(this.#options.dir, document);
    if (stored.ok) await this.#begin(document);
    return stored;
  }

  /** Resolves when the unit's runtime is the last one: from here on none takes its place. */
  async settle(): Promise<void> {
    this.#isClosing = true;
    await this.#replacing;
  }

  async stop(): Promise<void> {
    await this.#unit?.stop();
  }

  async #begin(genesis: CharterDocument, invitation?: Invitation): Promise<void> {
    this.#unit = new UnitRuntime({
      ...this.#options,
      genesis,
      ...(invitation === undefined ? {} : { invitation }),
      replace: (copy) => {
        this.#replacing ??= this.#replace(copy, genesis, invitation).finally(() => {
          this.#replacing = undefined;
        });
      },
    });
    await this.#unit.start();
  }

  /** Takes the version of a log that a quorum observed in place of ours, and makes the fold anew from disk. */
  async #replace(copy: ForeignCopy, genesis: CharterDocument, invitation: Invitation | undefined): Promise<void> {
    await replaceCopy(copy, {
      ...this.#options,
      stop: async () => {
        await this.#unit?.stop();
        await new IndexMark(this.#options.state.config).stale();
        return !this.#isClosing;
      },
      verifiers: () => this.#unit?.membership.pastVerifiers(copy.origin) ?? [],
      join: async () => {
        if (!this.#isClosing) await this.#begin(genesis, invitation);
      },
    });
  }
}

import type { Result } from "@detente/basics";
import type { Cosigner } from "@detente/tlog";
import type { Clock } from "../clock.ts";
import type { Archive } from "./archive.ts";
import { type ForeignCopy, takeFrom } from "./foreign-copy.ts";
import type { Membership } from "./membership.ts";
import type { MirroredLogs } from "./mirrored-logs.ts";

export interface MirrorsOptions {
  /** The origin of this party's own log, which is no mirror. */
  readonly own: string;
  readonly archive: Archive;
  readonly membership: Membership;
  readonly mirrored: MirroredLogs;
  /** By which this station says what it mirrors. */
  readonly cosigners: () => readonly Cosigner[];
  /** Called for a log that has come under the archive, before it is read. */
  readonly onAttached: (origin: string) => void;
  readonly clock: Clock;
}

/** This station's copies of the logs that belong to the record: reads them into the archive. */
export class Mirrors {
  readonly #options: MirrorsOptions;

  constructor(options: MirrorsOptions) {
    this.#options = options;
  }

  /** The logs of the parties, and of those invited that have brought theirs: anybody can be named in a proposal. */
  async attach(): Promise<void> {
    const { own, archive, membership, mirrored, onAttached } = this.#options;
    const invited = new Set(membership.invited().map(({ origin }) => origin));
    for (const origin of membership.origins()) {
      if (origin === own || archive.log(origin) !== undefined) continue;
      if (invited.has(origin) && !mirrored.holds(origin)) continue;
      const log = await mirrored.open(origin);
      // Another run of this may have come first meanwhile.
      if (archive.log(origin) !== undefined) continue;
      archive.attach(origin, log);
      onAttached(origin);
      await archive.advance(origin);
    }
  }

  /** Attaches what belongs to the record and reads every mirror that is on this disk. */
  async readAll(): Promise<void> {
    const { archive, mirrored } = this.#options;
    await this.attach();
    for (const origin of mirrored.origins()) await archive.advance(origin);
  }

  /** Reads what is new in one log; false where it is nobody's whose log belongs to the record. */
  async read(origin: string): Promise<boolean> {
    const { archive } = this.#options;
    if (archive.log(origin) === undefined) await this.attach();
    if (archive.log(origin) === undefined) return false;
    await archive.advance(origin);
    return true;
  }

  /** Writes what another member's copy has and the mirror lacks to the mirror; `read` then reads it. */
  async take(copy: ForeignCopy): Promise<Result<void>> {
    const { mirrored, cosigners, clock } = this.#options;
    const log = await mirrored.open(copy.origin);
    return mirrored.inTurn(copy.origin, () => takeFrom(copy, log, cosigners(), clock.now()));
  }
}

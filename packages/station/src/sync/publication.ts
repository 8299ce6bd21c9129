import type { Bytes } from "@detente/basics";
import type { LogHead } from "@detente/store";
import type { NoteSignature } from "@detente/tlog";
import { type Cosigned, type Cosignatures, withSignatures } from "./cosignatures.ts";

/**
 * Which head of this party's log the world is shown, and with which signatures. It never goes back, or a monitor would
 * take the log for one that was rewound. Where witnesses outside the unit are asked, a head is shown once its round of
 * asking is over, so that whoever asks for their cosignatures finds them.
 */
export class Publication {
  readonly #cosignatures: Cosignatures;
  readonly #inRounds: boolean;
  #shown: Cosigned | undefined;
  #outside: readonly NoteSignature[] = [];

  /** @param inRounds whether heads are shown only as `conclude` gives them, after the first */
  constructor(cosignatures: Cosignatures, inRounds: boolean) {
    this.#cosignatures = cosignatures;
    this.#inRounds = inRounds;
  }

  /** The checkpoint to show. */
  checkpoint(newest: LogHead): Bytes {
    if (!this.#inRounds || this.#shown === undefined) this.#shown = this.next(newest);
    return withSignatures(this.#fullest(this.#shown), this.#outside);
  }

  /** The head that is to be shown next: the largest that a quorum cosigned, or the newest until there is one. */
  next(newest: LogHead): Cosigned {
    const next = this.#cosignatures.witnessedHead() ?? this.#cosignatures.known(newest);
    return this.#shown === undefined || next.size > this.#shown.size ? next : this.#fullest(this.#shown);
  }

  /** Shows a head that `next` gave, with the cosignatures that witnesses outside the unit gave it. */
  conclude(head: Cosigned, outside: readonly NoteSignature[]): void {
    this.#shown = head;
    this.#outside = outside;
  }

  /** Parties may cosign a head after it is first shown; those of a head long past are forgotten elsewhere. */
  #fullest(shown: Cosigned): Cosigned {
    const known = this.#cosignatures.known(shown);
    return known.byParty.size > shown.byParty.size ? known : shown;
  }
}

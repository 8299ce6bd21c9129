import { consistencyProof, type NoteSignature, type Send, submitCheckpoint } from "@detente/tlog";
import type { Clock } from "../clock.ts";
import type { OutsideWitness } from "../setup/outside.ts";
import type { Cosigned } from "./cosignatures.ts";
import { Job, type StepOutcome } from "./job.ts";
import type { OwnLog } from "./own-log.ts";
import type { Publication } from "./publication.ts";

export interface OutsideWitnessesOptions {
  readonly witnesses: readonly OutsideWitness[];
  readonly own: OwnLog;
  readonly publication: Publication;
  readonly connect: (witness: OutsideWitness) => Send;
  /** Milliseconds from the end of a round to the next. */
  readonly interval: number;
  readonly maySign: () => boolean;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

interface Contact {
  readonly witness: OutsideWitness;
  readonly send: Send;
  /** The largest of our heads that it cosigned, and how. */
  size: number;
  signatures: readonly NoteSignature[];
  detail: string;
}

/** How one witness outside the unit stands to this party's log. */
export interface OutsideWitnessReport {
  readonly name: string;
  readonly url: string;
  /** Entries that it has cosigned, 0 where it has not yet since the start. */
  readonly cosigned: number;
  /** Why it did not cosign the last head it was asked for; empty where it did. */
  readonly detail: string;
}

/**
 * Asks C2SP witnesses outside the unit to cosign this party's log, in rounds: each takes the newest head that the unit
 * has witnessed to all of them at once. None of them counts for the unit's quorum, and none holds the unit up.
 */
export class OutsideWitnesses {
  readonly #options: OutsideWitnessesOptions;
  readonly #contacts: readonly Contact[];
  readonly #job: Job;

  constructor(options: OutsideWitnessesOptions) {
    this.#options = options;
    this.#contacts = options.witnesses.map((witness) => ({
      witness,
      send: options.connect(witness),
      size: 0,
      signatures: [],
      detail: "not asked yet",
    }));
    this.#job = new Job(options.clock, () => this.#round(), options.onFault);
  }

  wake(): void {
    if (this.#contacts.length > 0) this.#job.wake();
  }

  stop(): Promise<void> {
    return this.#job.stop();
  }

  report(): OutsideWitnessReport[] {
    return this.#contacts.map(({ witness, size, detail }) => ({
      name: witness.key.name,
      url: witness.url,
      cosigned: size,
      detail,
    }));
  }

  async #round(): Promise<StepOutcome> {
    const { own, publication, interval, maySign } = this.#options;
    const newest = own.reader.head;
    if (newest === undefined || !maySign()) return "done";
    const head = publication.next(newest);
    const lacking = this.#contacts.filter(({ size }) => size < head.size);
    if (lacking.length === 0) return "done";
    await Promise.all(lacking.map((contact) => this.#ask(contact, head)));
    publication.conclude(
      head,
      this.#contacts.flatMap(({ size, signatures }) => (size === head.size ? signatures : [])),
    );
    return { retryAfter: interval };
  }

  async #ask(contact: Contact, head: Cosigned): Promise<void> {
    const answer = await submitCheckpoint({
      send: contact.send,
      note: head.note,
      oldSize: contact.size,
      proof: async (oldSize, newSize) =>
        consistencyProof(oldSize, newSize, this.#options.own.reader.hashReader(newSize)),
      witnessKeys: [contact.witness.key],
    });
    contact.detail = answer.ok ? "" : answer.fault.message;
    if (!answer.ok) return;
    contact.size = head.size;
    contact.signatures = answer.value;
  }
}

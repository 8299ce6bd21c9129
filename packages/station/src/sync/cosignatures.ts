import { type Bytes, unwrap } from "@detente/basics";
import type { LogHead } from "@detente/store";
import { formatNote, type NoteSignature, parseNote } from "@detente/tlog";

/** A head of this party's log and who cosigned it. */
export interface Cosigned {
  readonly size: number;
  /** As it was signed last: the log's keys may have changed since the first time. */
  note: Bytes;
  /** By cosigner's party: its signatures under this head. */
  readonly byParty: Map<string, readonly NoteSignature[]>;
}

/**
 * The cosignatures that others gave to the heads of this party's log. What a head was cosigned by can be asked again,
 * so none of this needs to be durable.
 */
export class Cosignatures {
  #heads: Cosigned[] = [];
  readonly #largest = new Map<string, number>();
  readonly #quorum: () => number;
  #onWitnessed: () => void = () => undefined;

  /** @param quorum how many other parties make a head witnessed */
  constructor(quorum: () => number) {
    this.#quorum = quorum;
  }

  /** Notes that `party` cosigned a head; forgets heads below the largest witnessed one. */
  add(party: string, head: LogHead, signatures: readonly NoteSignature[]): void {
    this.#largest.set(party, Math.max(head.size, this.#largest.get(party) ?? 0));
    let cosigned = this.#heads.find((candidate) => candidate.size === head.size);
    if (cosigned === undefined) {
      cosigned = { size: head.size, note: head.note, byParty: new Map() };
      this.#heads.push(cosigned);
    }
    cosigned.note = head.note;
    cosigned.byParty.set(party, signatures);
    const witnessed = this.witnessedHead();
    if (witnessed === undefined) return;
    this.#heads = this.#heads.filter((candidate) => candidate.size >= witnessed.size);
    this.#onWitnessed();
  }

  /** Called when a head has a quorum's cosignatures, and when it gets more. */
  onWitnessed(listener: () => void): void {
    this.#onWitnessed = listener;
  }

  /** Counts a party no more that is no member any more. */
  forget(party: string): void {
    this.#largest.delete(party);
    for (const { byParty } of this.#heads) byParty.delete(party);
  }

  /** How many entries a quorum of other parties has cosigned, each party counted at its largest head. */
  witnessedSize(): number {
    return quorumSize([...this.#largest.values()], this.#quorum());
  }

  /** The note to show: the largest head that a quorum cosigned, with all its cosignatures; else the newest head. */
  checkpoint(newest: LogHead): Bytes {
    return withSignatures(this.witnessedHead() ?? this.known(newest));
  }

  /** A head with the cosignatures known of it. */
  known({ size, note }: Pick<LogHead, "size" | "note">): Cosigned {
    return this.#heads.find((candidate) => candidate.size === size) ?? { size, note, byParty: new Map() };
  }

  /** The largest head that a quorum cosigned. */
  witnessedHead(): Cosigned | undefined {
    const quorum = this.#quorum();
    let largest: Cosigned | undefined;
    for (const head of this.#heads) {
      if (head.byParty.size >= quorum && (largest === undefined || head.size > largest.size)) largest = head;
    }
    return largest;
  }
}

/** The largest size that at least `quorum` of these sizes reach. */
export function quorumSize(sizes: readonly number[], quorum: number): number {
  return [...sizes].sort((a, b) => b - a)[Math.max(1, quorum) - 1] ?? 0;
}

/** The note of a head with its log's signature first, then the parties' cosignatures, then `more`. */
export function withSignatures(cosigned: Cosigned, more: readonly NoteSignature[] = []): Bytes {
  const { text, signatures } = unwrap(parseNote(cosigned.note));
  return formatNote({ text, signatures: [...signatures, ...[...cosigned.byParty.values()].flat(), ...more] });
}

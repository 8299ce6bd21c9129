import { compareText, present } from "@detente/basics";
import type { CharterDocument, PartyFile } from "@detente/record";
import type { Measure } from "./observatory.ts";

/** A charter that has been validly proposed. */
export interface Charter extends Measure {
  readonly digest: string;
  readonly document: CharterDocument;
  /** `undefined` for the founding charter. */
  readonly base: Charter | undefined;
  /** Logs of the parties that the base does not have. */
  readonly newcomers: readonly string[];
  /** All its parties have accepted it. */
  complete: boolean;
}

/** That a party accepted a charter, in its own log. */
export interface Acceptance {
  readonly index: number;
  /** Number of the leaf hash. */
  readonly id: number;
  /** Numbers of the leaf hashes that it refers to. */
  readonly of: readonly number[];
}

/** Of one charter by one party: more than one is needed only where the first did not refer to all newcomers. */
const MAX_ACCEPTANCES = 64;

/** What the book must know about the logs: where a party said that it leaves. */
export type WithdrawalsOf = (origin: string) => readonly number[];

/**
 * The charters and who accepted them. A charter is complete when each of its parties has accepted it; complete ones
 * stay so, and each of them is a measure by which statements take effect, so nothing that took effect loses it.
 *
 * Newcomers accept first, and the parties of the base refer to their acceptances: otherwise a newcomer could hold a
 * charter in suspense and bring it into force when the others have long agreed on another.
 */
export class CharterBook {
  readonly founding: Charter;
  readonly #charters = new Map<string, Charter>();
  readonly #successors = new Map<string, Charter[]>();
  readonly #completed: Charter[] = [];
  /** By digest and log, in the order of the log. */
  readonly #acceptances = new Map<string, Map<string, Acceptance[]>>();
  /** By log and base: the highest attempt that the log's party accepted so far. */
  readonly #attempts = new Map<string, Map<string, { readonly attempt: number; readonly digest: string }>>();
  readonly #withdrawalsOf: WithdrawalsOf;

  constructor(unit: string, founding: CharterDocument, withdrawalsOf: WithdrawalsOf) {
    this.#withdrawalsOf = withdrawalsOf;
    this.founding = this.propose(unit, founding, undefined);
  }

  find(digest: string): Charter | undefined {
    return this.#charters.get(digest);
  }

  /** Complete charters, ascending by digest. All parties have agreed on each, so they stay few; proposals need not. */
  completed(): readonly Charter[] {
    return this.#completed;
  }

  /** Enters a charter that is valid as a successor of `base`, which is complete, or the one entered before under the same digest. */
  propose(digest: string, document: CharterDocument, base: Charter | undefined): Charter {
    const known = this.#charters.get(digest);
    if (known !== undefined) return known;
    const origins = document.parties.map((party) => party.origin);
    const newcomers = base === undefined ? [] : origins.filter((origin) => !base.origins.includes(origin));
    const charter: Charter = { digest, document, base, origins, quorum: document.quorum, newcomers, complete: false };
    this.#charters.set(digest, charter);
    if (base === undefined) return charter;
    const successors = this.#successors.get(base.digest);
    if (successors === undefined) this.#successors.set(base.digest, [charter]);
    else successors.push(charter);
    return charter;
  }

  successors(base: Charter): readonly Charter[] {
    return this.#successors.get(base.digest) ?? [];
  }

  /**
   * Enters an acceptance; those of one log come in the order of the log. One that comes after the acceptance of a
   * competing draft of the same or a higher attempt does not count.
   */
  accept(origin: string, digest: string, document: CharterDocument, acceptance: Acceptance): boolean {
    const base = document.base ?? "";
    let attempts = this.#attempts.get(origin);
    if (attempts === undefined) this.#attempts.set(origin, (attempts = new Map()));
    const last = attempts.get(base);
    if (last !== undefined && last.digest !== digest && last.attempt >= document.attempt) return false;
    attempts.set(base, { attempt: document.attempt, digest });
    let parties = this.#acceptances.get(digest);
    if (parties === undefined) this.#acceptances.set(digest, (parties = new Map()));
    const before = parties.get(origin);
    if (before === undefined) parties.set(origin, [acceptance]);
    else if (before.length < MAX_ACCEPTANCES) before.push(acceptance);
    return true;
  }

  /** The first counted acceptance of a charter by the party of a log. */
  acceptance(charter: Charter, origin: string): Acceptance | undefined {
    return this.#acceptances.get(charter.digest)?.get(origin)?.[0];
  }

  /** The logs of the charter's parties whose acceptance is still to come, or does not refer to the newcomers'. */
  lacking(charter: Charter): string[] {
    return charter.origins.filter((origin) => !this.#hasAccepted(charter, origin));
  }

  /** Marks a charter complete if it has become so. Its base is complete: else it would not have been proposed. */
  complete(charter: Charter): boolean {
    if (charter.complete || this.lacking(charter).length > 0) return false;
    charter.complete = true;
    this.#completed.push(charter);
    this.#completed.sort((a, b) => compareText(a.digest, b.digest));
    return true;
  }

  /**
   * The charters in force, the founding one first: of competing complete successors the lowest attempt follows. Empty
   * while the founding charter is not complete.
   */
  chain(): Charter[] {
    const chain: Charter[] = [];
    for (let next: Charter | undefined = this.founding; next?.complete === true; next = this.#successorInForce(next)) {
      chain.push(next);
    }
    return chain;
  }

  /** Whether the party of a log said that it leaves after it accepted `charter`, and before `index` of its log. */
  hasLeft(charter: Charter, origin: string, index: number): boolean {
    const accepted = this.acceptance(charter, origin);
    if (accepted === undefined) return false;
    return this.#withdrawalsOf(origin).some((withdrawal) => withdrawal > accepted.index && withdrawal < index);
  }

  #hasAccepted(charter: Charter, origin: string): boolean {
    const acceptances = this.#acceptances.get(charter.digest)?.get(origin) ?? [];
    const { base, newcomers } = charter;
    if (base === undefined || newcomers.includes(origin)) return acceptances.length > 0;
    return acceptances.some(
      ({ index, of }) =>
        !this.hasLeft(base, origin, index) &&
        newcomers.every((newcomer) =>
          this.#acceptances
            .get(charter.digest)
            ?.get(newcomer)
            ?.some(({ id }) => of.includes(id)),
        ),
    );
  }

  #successorInForce(charter: Charter): Charter | undefined {
    return this.#completed
      .filter(({ base }) => base === charter)
      .sort((a, b) => a.document.attempt - b.document.attempt || compareText(a.digest, b.digest))[0];
  }
}

/** The file of a charter's party, by its log. */
export function partyOf(charter: Charter, origin: string): PartyFile {
  return present(
    charter.document.parties.find((party) => party.origin === origin),
    `${origin} among the parties`,
  );
}

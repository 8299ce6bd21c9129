import { KEY_ROLES, type KeyRole, keyDigest, type PartyFile } from "@detente/record";

/** A key of a party, and from which index of its own log on it is the party's. */
export interface PartyKey {
  /** A verifier key, or base64 for `transport`. */
  readonly key: string;
  /** The digest of the key that may follow. */
  readonly next: string;
  readonly from: number;
}

/** The keys of one party: for each role, first to current. */
export type KeyHistory = Readonly<Record<KeyRole, readonly PartyKey[]>>;

/**
 * The keys of the parties. They begin with the party file of the charter by which a party first became one, and change
 * only by its own `open/keys` statements, each of which must show the key that the one before committed to.
 */
export class KeyRing {
  readonly #histories = new Map<string, Record<KeyRole, PartyKey[]>>();

  /** Enters a party by its file, unless it is entered already. */
  begin(party: PartyFile, from: number): void {
    if (this.#histories.has(party.origin)) return;
    const first = (role: KeyRole): PartyKey[] => [{ key: party[role], next: party.next[role], from }];
    this.#histories.set(party.origin, {
      log: first("log"),
      witness: first("witness"),
      mirror: first("mirror"),
      transport: first("transport"),
    });
  }

  /** Whether `key` is what the party committed itself to as its next key in this role. */
  isCommitted(origin: string, role: KeyRole, key: string): boolean {
    return this.#histories.get(origin)?.[role].at(-1)?.next === keyDigest(key);
  }

  rotate(origin: string, role: KeyRole, key: PartyKey): void {
    this.#histories.get(origin)?.[role].push(key);
  }

  history(origin: string): KeyHistory | undefined {
    return this.#histories.get(origin);
  }

  /** What of a party's keys enters the digest. */
  summary(origin: string): Record<string, [string, string, number][]> {
    const history = this.#histories.get(origin);
    return Object.fromEntries(
      KEY_ROLES.map((role) => [
        role,
        (history?.[role] ?? []).map(({ key, next, from }): [string, string, number] => [key, next, from]),
      ]),
    );
  }
}

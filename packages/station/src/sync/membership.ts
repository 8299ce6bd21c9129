import { type Bytes, fromBase64, unwrap } from "@detente/basics";
import type { KeyRole, PartyFile } from "@detente/record";
import { originHash, parseVkey, type Verifier } from "@detente/tlog";
import type { Fold } from "@detente/unit";

/** Who is in the unit and with which keys, as the record says at this moment. */
export class Membership {
  readonly #fold: Fold;
  readonly #self: string;

  /** @param self this party's name */
  constructor(fold: Fold, self: string) {
    this.#fold = fold;
    this.#self = self;
  }

  /** Names of the parties that are members now; before the founding charter is accepted by all, its founders. */
  names(): ReadonlySet<string> {
    return new Set(this.#present().map(({ name }) => name));
  }

  /** The members but this party. */
  others(): PartyFile[] {
    return this.#present().flatMap(({ name, file }) => (name === this.#self ? [] : [file]));
  }

  /** Parties that a proposed charter would take in: their logs are mirrored already, since they accept first. */
  invited(): PartyFile[] {
    const members = this.names();
    const proposed = this.#fold.charter().proposals.flatMap(({ document }) => document.parties);
    return proposed.filter(({ name }) => !members.has(name) && name !== this.#self);
  }

  /** Origins of all logs that this station mirrors: of present and past members, and of those invited. */
  origins(): string[] {
    const known = this.#fold.members().map(({ origin }) => origin);
    return [...new Set([...known, ...this.invited().map(({ origin }) => origin)])];
  }

  originOfHash(hash: string): string | undefined {
    return this.origins().find((origin) => originHash(origin) === hash);
  }

  nameOf(origin: string): string {
    const member = this.#fold.members().find((candidate) => candidate.origin === origin);
    return member?.name ?? this.invited().find((party) => party.origin === origin)?.name ?? origin;
  }

  originOf(name: string): string | undefined {
    return this.#fold.members().find((member) => member.name === name)?.origin;
  }

  /** Verifier keys that the log's party has had, first to current. */
  logKeys(origin: string): string[] {
    const history = this.#fold.keys(origin)?.log.map(({ key }) => key);
    return history ?? this.invited().flatMap((party) => (party.origin === origin ? [party.log] : []));
  }

  /** The party's key in a role, now. */
  verifiers(origin: string, role: Exclude<KeyRole, "transport">): Verifier[] {
    const key = this.#fold.keys(origin)?.[role].at(-1)?.key ?? this.#invited(origin)?.[role];
    return key === undefined ? [] : [unwrap(parseVkey(key))];
  }

  /** The transport key (32 bytes) of whoever may call this station now. */
  transportKey(name: string): Bytes | undefined {
    const member = this.#present().find((candidate) => candidate.name === name);
    const text =
      member === undefined
        ? this.invited().find((party) => party.name === name)?.transport
        : this.#fold.keys(member.origin)?.transport.at(-1)?.key;
    return text === undefined ? undefined : fromBase64(text);
  }

  /** The quorum of the charter in force, or of the one to be accepted. */
  quorum(): number {
    const { current, founding } = this.#fold.charter();
    return (current ?? founding).document.quorum;
  }

  #present(): ReturnType<Fold["members"]> {
    return this.#fold.members().filter(({ present }) => present);
  }

  #invited(origin: string): PartyFile | undefined {
    return this.invited().find((party) => party.origin === origin);
  }
}

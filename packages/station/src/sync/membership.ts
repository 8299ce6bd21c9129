import { type Bytes, fromBase64, unwrap } from "@detente/basics";
import { type CharterDocument, type KeyRole, KEY_ROLES, type PartyFile } from "@detente/record";
import { originHash, parseVkey, type Verifier } from "@detente/tlog";
import type { Fold } from "@detente/unit";

/**
 * Who is in the unit and with which keys, as the record says at this moment. A party that is invited has no record
 * yet: until the charter that takes it in is in force here, it goes by the parties' files in that charter.
 */
export class Membership {
  readonly #fold: Fold;
  readonly #self: string;
  #invitation: CharterDocument | undefined;

  /**
   * @param self this party's name
   * @param invitation the charter by which this party is to become a member
   */
  constructor(fold: Fold, self: string, invitation?: CharterDocument) {
    this.#fold = fold;
    this.#self = self;
    this.#invitation = invitation;
  }

  /** Another charter is to take this party in. */
  invite(invitation: CharterDocument): void {
    this.#invitation = invitation;
  }

  /** Whether the record has this party as a member. */
  get isMember(): boolean {
    return this.#present().some(({ name }) => name === this.#self);
  }

  /** Whether this party takes part: by the charter in force, or by the one that is to take it in. */
  get belongs(): boolean {
    return this.names().has(this.#self);
  }

  /** Names of those whose statements count now; before the founding charter is accepted by all, its founders. */
  speaking(): ReadonlySet<string> {
    return new Set((this.#guestOf()?.parties ?? this.#present()).map(({ name }) => name));
  }

  /**
   * Names of the parties that take part: those who speak, and those who have left but whom the charter in force still
   * counts as observers, so that the others can agree on one without them.
   */
  names(): ReadonlySet<string> {
    return new Set((this.#guestOf()?.parties ?? this.#parties()).map(({ name }) => name));
  }

  /** The parties that take part but this one; none where it does not itself. */
  others(): PartyFile[] {
    const members = this.#guestOf()?.parties ?? this.#parties().map(({ file }) => file);
    const others = members.filter(({ name }) => name !== this.#self);
    return others.length < members.length ? others : [];
  }

  /**
   * Parties that a proposed charter would take in: their logs are mirrored already, since they accept first. Of each
   * member's proposals the newest counts, or one member could invite the whole world.
   */
  invited(): PartyFile[] {
    if (this.#guestOf() !== undefined) return [];
    const members = this.names();
    const proposed = this.#fold.openProposals().flatMap(({ document }) => document.parties);
    return proposed.filter(({ name }) => !members.has(name) && name !== this.#self);
  }

  /** Origins of all logs that this station mirrors: of present and past members, and of those invited. */
  origins(): string[] {
    const known = this.#fold.members().map(({ origin }) => origin);
    return [...new Set([...known, ...this.#files().map(({ origin }) => origin)])];
  }

  originOfHash(hash: string): string | undefined {
    return this.origins().find((origin) => originHash(origin) === hash);
  }

  nameOf(origin: string): string {
    const member = this.#fold.members().find((candidate) => candidate.origin === origin);
    return member?.name ?? this.#fileOf(origin)?.name ?? origin;
  }

  originOf(name: string): string | undefined {
    const known = [...this.#fold.members(), ...this.#files()];
    return known.find((member) => member.name === name)?.origin;
  }

  /** Verifier keys that the log's party has had, first to current. */
  logKeys(origin: string): string[] {
    const history = this.#fold.keys(origin)?.log.map(({ key }) => key) ?? [];
    const filed = this.#fileOf(origin)?.log;
    return [...new Set(filed === undefined ? history : [...history, filed])];
  }

  /** As verifiers, all keys that the log's party has had: for what was signed at any time. */
  pastVerifiers(origin: string): Verifier[] {
    return this.logKeys(origin).map((key) => unwrap(parseVkey(key)));
  }

  /** The party's key in a role, now. */
  verifiers(origin: string, role: Exclude<KeyRole, "transport">): Verifier[] {
    const key = this.#key(origin, role);
    return key === undefined ? [] : [unwrap(parseVkey(key))];
  }

  /** The transport key (32 bytes) of whoever may call this station now: a member, or a party invited. */
  transportKey(name: string): Bytes | undefined {
    const mayCall = this.names().has(name) || this.invited().some((party) => party.name === name);
    const origin = mayCall ? this.originOf(name) : undefined;
    const text = origin === undefined ? undefined : this.#key(origin, "transport");
    return text === undefined ? undefined : fromBase64(text);
  }

  /**
   * Whose budget a caller spends. A party that is invited has no budget of its own but that of the member whose proposal
   * it stands in, or a member could multiply its budget by inviting parties of its own making.
   */
  accountOf(name: string): string {
    if (this.names().has(name)) return name;
    const proposal = this.#fold.openProposals().find(({ document }) => document.parties.some((p) => p.name === name));
    return proposal === undefined ? name : this.nameOf(proposal.log);
  }

  /** Public texts of the keys by which a party is known here now. */
  knownKeys(name: string): Readonly<Record<KeyRole, string>> | undefined {
    const origin = this.originOf(name);
    if (origin === undefined) return undefined;
    return Object.fromEntries(KEY_ROLES.map((role) => [role, this.#key(origin, role) ?? ""])) as Record<
      KeyRole,
      string
    >;
  }

  /** The members' files with the keys that they have now: what the next charter is drafted from. */
  currentFiles(): PartyFile[] {
    return this.#present().map(({ origin, file }) => {
      const keys = this.#fold.keys(origin);
      if (keys === undefined) return file;
      const next = Object.fromEntries(KEY_ROLES.map((role) => [role, keys[role].at(-1)?.next ?? file.next[role]]));
      return { ...file, ...this.knownKeys(file.name), next: next as PartyFile["next"] };
    });
  }

  /** The quorum of the charter in force, or of the one to be accepted. */
  quorum(): number {
    const { current, founding } = this.#fold.charterInForce();
    return this.#guestOf()?.quorum ?? (current ?? founding).quorum;
  }

  /** The charter that is to take this party in, while it is not a member. */
  #guestOf(): CharterDocument | undefined {
    if (this.#invitation === undefined) return undefined;
    return this.isMember ? undefined : this.#invitation;
  }

  /** What the record knows goes first, but for a guest: what it has of the record may be old. */
  #key(origin: string, role: KeyRole): string | undefined {
    const recorded = this.#fold.keys(origin)?.[role].at(-1)?.key;
    const filed = this.#fileOf(origin)?.[role];
    return this.#guestOf() === undefined ? (recorded ?? filed) : (filed ?? recorded);
  }

  #parties(): ReturnType<Fold["members"]> {
    const charted = this.#fold.charterInForce().current?.parties ?? [];
    return this.#fold
      .members()
      .filter((member) => member.present || charted.some(({ origin }) => origin === member.origin));
  }

  #present(): ReturnType<Fold["members"]> {
    return this.#fold.members().filter(({ present }) => present);
  }

  /** Files of parties that the record does not have as members. */
  #files(): readonly PartyFile[] {
    return this.#guestOf()?.parties ?? this.invited();
  }

  #fileOf(origin: string): PartyFile | undefined {
    return this.#files().find((party) => party.origin === origin);
  }
}

import type { Json } from "@detente/basics";
import { sealCommitment } from "@detente/record";
import { fromHex, toHex } from "@detente/basics";
import type { Appended, ContestRow, ContestSaid, StatementInput, StatusReport } from "@detente/station";
import {
  closingQuorum,
  closingTime,
  type ContestRecord,
  contestState,
  type ContestState,
  type ContestStatement,
  seedState,
  type SeedState,
} from "@detente/unit";
import type { Cli } from "../cli.ts";
import type { Station } from "../station.ts";
import { Trouble } from "../trouble.ts";
import { AuditFolder } from "./folder.ts";

/** One audit as this party works on it: what its station has of the record, and the files beside it. */
export class AuditDesk {
  readonly station: Station;
  readonly folder: AuditFolder;
  readonly record: ContestRecord;
  /** The own party's name. */
  readonly party: string;
  readonly seed: SeedState;
  /** When statements took effect, by their hashes. */
  readonly #since: ReadonlyMap<string, number | null>;
  readonly #random: (length: number) => Uint8Array;

  private constructor(parts: {
    readonly station: Station;
    readonly folder: AuditFolder;
    readonly record: ContestRecord;
    readonly since: ReadonlyMap<string, number | null>;
    readonly party: string;
    readonly random: (length: number) => Uint8Array;
  }) {
    this.station = parts.station;
    this.folder = parts.folder;
    this.record = parts.record;
    this.#since = parts.since;
    this.party = parts.party;
    this.seed = seedState(parts.record);
    this.#random = parts.random;
  }

  /** @param name the hash of the audit's charter, or its first digits; the only audit where it is "-" */
  static async open(cli: Cli, station: Station, name: string): Promise<AuditDesk> {
    const { rows } = await station.get<{ rows: readonly ContestRow[] }>("/api/contests");
    const [found, another] = rows.filter(({ hash }) => name === "-" || hash.startsWith(name));
    if (found === undefined || another !== undefined) {
      const what = found === undefined ? "is no audit in effect" : "could be several audits";
      throw new Trouble(name, what, "see `detente audit status`");
    }
    const said = await station.get<ContestSaid>(`/api/contests/${found.hash}`);
    const record = recordOf(said);
    const since = new Map(said.statements.map(({ hash, since: at }) => [hash, at]));
    const { station: own } = await station.get<StatusReport>("/api/status");
    const folder = new AuditFolder(cli.dir, found.hash);
    return new AuditDesk({ station, folder, record, since, party: own.party, random: cli.context.random });
  }

  /**
   * What the record and the public files come to; a hundred thousand cards of a contest take a second.
   * @param only the contest that is looked at; all where undefined
   */
  async state(only?: string): Promise<ContestState> {
    const contests = this.record.charter.contests.filter(({ id }) => only === undefined || id === only);
    return contestState(this.record, await this.folder.files(this.record), contests);
  }

  /** Ends the command where this party has no such part in the audit. */
  mustBe(role: "holder" | "auditor" | "board"): void {
    const { holder, auditors, boards } = this.record.charter;
    const named = { holder: [holder], auditor: auditors, board: boards }[role];
    if (named.includes(this.party)) return;
    throw new Trouble(
      this.party,
      `is no ${role} of this audit`,
      `${role === "holder" ? "it is" : "they are"} ${named.join(", ")}`,
    );
  }

  /**
   * Whether the contributions were closed before the beacon's round came out. What was closed later could have been
   * closed, or not, by somebody who knew the seed: an honest auditor goes on to the next attempt then, and only then.
   */
  get isClosedInTime(): boolean {
    const { charter } = this.record;
    const { closed } = this.seed;
    if (closed === undefined) return false;
    const at = closingTime(charter, closed.attempt);
    const inTime = closed.closings.filter((hash) => (this.#since.get(hash) ?? Number.POSITIVE_INFINITY) < at);
    return inTime.length >= closingQuorum(charter.auditors, closed.attempt);
  }

  /** The attempt, from 1, whose beacon round is the next to come out; `undefined` once all have. */
  attemptAt(now: number): number | undefined {
    const { charter } = this.record;
    const before = charter.seed.beacon.rounds.findIndex((_, i) => closingTime(charter, i + 1) > now);
    return before < 0 ? undefined : before + 1;
  }

  /**
   * Says something about the audit and other statements of it.
   * @param about leaf hashes; first what stands before it in its chain, which then has to be named nowhere else
   */
  say(
    type: StatementInput["type"],
    kind: string,
    content: Json,
    about: readonly string[] = [],
    unseals?: Unseals,
  ): Promise<Appended> {
    const of = [this.record.hash, ...about.filter((hash) => hash !== this.record.hash)];
    const input: StatementInput = {
      type,
      kind,
      of,
      audience: "unit",
      content,
      ...(unseals !== undefined && { unseals }),
    };
    return this.station.post<Appended>("/api/statements", input as unknown as Json);
  }

  /** Seals a content. What opens it is on the disk before it is said: a lost salt could never be shown. */
  async seal(content: { readonly [member: string]: Json }, about: readonly string[]): Promise<Appended> {
    const salt = toHex(this.#random(32));
    const commitment = sealCommitment(fromHex(salt) as Uint8Array, content);
    await this.folder.keep({ commitment, salt, content });
    const appended = await this.say("seal", "commitment", { commitment }, about);
    const said = { hash: appended.leafHash, index: appended.index };
    await this.folder.keep({ commitment, salt, content, said });
    return appended;
  }

  /** Own seals in effect that were not shown yet, with what they hold. */
  async unshown(
    is: (content: Json) => boolean,
  ): Promise<readonly { readonly content: Json; readonly unseals: Unseals }[]> {
    const shown = new Set(this.record.statements.map(({ unseals }) => unseals));
    const kept = await this.folder.kept();
    return this.record.statements.flatMap(({ party, hash, said }) => {
      if (party !== this.party || said.name !== "seal/commitment" || shown.has(hash)) return [];
      const found = kept.find(({ commitment }) => commitment === said.content.commitment);
      return found === undefined || !is(found.content)
        ? []
        : [{ content: found.content, unseals: { seal: hash, salt: found.salt } }];
    });
  }
}

interface Unseals {
  readonly seal: string;
  readonly salt: string;
}

/** The record of an audit as a station gives it; it has checked the contents. */
function recordOf({ hash, charter, statements }: ContestSaid): ContestRecord {
  return {
    hash,
    charter: charter as unknown as ContestRecord["charter"],
    statements: statements.map(({ party, log, index, hash: at, of, unseals, name, content }): ContestStatement => {
      const said = { name, content } as unknown as ContestStatement["said"];
      return { party, log, index, hash: at, of: new Set(of), unseals: unseals ?? undefined, said };
    }),
  };
}

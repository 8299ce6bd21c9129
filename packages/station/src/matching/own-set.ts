import { fromHex, type Json, present, toHex } from "@detente/basics";
import type { MatchEditionContent, MatchSetContent, MatchTotalsContent } from "@detente/record";
import type { Records } from "@detente/store";
import type { StatementInput } from "../api/contract.ts";
import type { Drafted, Moment, Speaker } from "../speak/speaker.ts";
import type { UnitRuntime } from "../unit-runtime.ts";

/** A statement that is to be said, or was: made the same to the byte each time, so that it is said once. */
export interface Intent {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** In hex. */
  readonly salt: string;
  /** The leaf hash, in hex. */
  readonly hash: string;
}

/** A set that is over, and what is said of it last: on disk before it is said. */
export interface Ending {
  /** By its leaf hash. */
  readonly hash: string;
  /** As in `OwnSet`. */
  readonly reach?: string;
  readonly withdrawal?: Intent;
  readonly totals?: Intent & { readonly content: MatchTotalsContent };
}

/** The set of this party that is open now, and how far it has come: on disk before it is said. */
export interface OwnSet extends Intent {
  readonly terms: MatchSetContent;
  /** The newest edition; `digest` is that of all that went into it. */
  readonly edition?: Intent & { readonly content: MatchEditionContent; readonly digest: string };
  readonly totals?: Intent & { readonly content: MatchTotalsContent };
  /** Whom shares reached when it was opened, see `reachDigest`: missing where that was everybody. */
  readonly reach?: string;
  /** The sets before: to be taken back once this one has an edition. */
  readonly before?: readonly Ending[];
  /** Nothing is to be open any more: this one is among those to be taken back itself. */
  readonly isOver?: true;
}

const KEY = "own";

/** Keeps the own set, and makes its statements. */
export class OwnSetBook {
  readonly #records: Records;
  readonly #speaker: Pick<Speaker, "draft" | "append">;
  /** The origin of this party's log. */
  readonly #origin: string;
  readonly #moment: () => Moment;
  /** As it is on the disk, where that is known. */
  #kept: { readonly own: OwnSet | undefined } | undefined;

  constructor(records: Records, speaker: Pick<Speaker, "draft" | "append">, origin: string, moment: () => Moment) {
    this.#records = records;
    this.#speaker = speaker;
    this.#origin = origin;
    this.#moment = moment;
  }

  async get(): Promise<OwnSet | undefined> {
    if (this.#kept !== undefined) return this.#kept.own;
    const own = (await this.#records.get(KEY)) as unknown as OwnSet | undefined;
    // Once only the hashes were kept.
    const before = own?.before?.map((one) => (typeof one === "string" ? { hash: one } : one));
    this.#kept ??= { own: own && { ...own, ...(before === undefined ? {} : { before }) } };
    return this.#kept.own;
  }

  /** Durable when it resolves. */
  async keep(own: OwnSet | undefined): Promise<void> {
    this.#kept = undefined;
    if (own === undefined) await this.#records.delete(KEY);
    else await this.#records.set(KEY, own as unknown as Json);
    this.#kept = { own };
  }

  /** What is to be kept of a statement before it is said. @throws where it cannot be made */
  intend(input: StatementInput): Intent {
    const moment = this.#moment();
    const { leafHash } = this.#draft(input, moment);
    return { at: moment.at, salt: toHex(moment.salt), hash: leafHash };
  }

  /** Says what was intended, unless it is said; the fold has read all of this party's log. @returns whether it was not */
  async sayOnce(unit: UnitRuntime, input: StatementInput, { at, salt, hash }: Intent): Promise<boolean> {
    if (unit.archive.fold.find(hash).some(({ log }) => log === this.#origin)) return false;
    const drafted = this.#draft(input, { at, salt: present(fromHex(salt), "a salt in hex") });
    const said = await this.#speaker.append(drafted);
    if (!said.ok) throw new Error(said.fault.message);
    return true;
  }

  #draft(input: StatementInput, moment: Moment): Drafted {
    const drafted = this.#speaker.draft(input, moment);
    if (!drafted.ok) throw new Error(drafted.fault.message);
    return drafted.value;
  }
}

/** The end of a set begins. */
export function endingOf({ hash, reach }: OwnSet): Ending {
  return reach === undefined ? { hash } : { hash, reach };
}

export function opening(terms: MatchSetContent): StatementInput {
  return { type: "open", kind: "match-set", of: [], audience: "unit", content: terms as unknown as Json };
}

export function editionOf(set: string, content: MatchEditionContent): StatementInput {
  return { type: "exhibit", kind: "match-edition", of: [set], audience: "unit", content: content as unknown as Json };
}

export function totalsOf(set: string, content: MatchTotalsContent): StatementInput {
  return { type: "observe", kind: "match-totals", of: [set], audience: "unit", content: content as unknown as Json };
}

export function withdrawal(set: string): StatementInput {
  return { type: "position", kind: "withdraw", of: [set], audience: "unit", content: {} };
}

import { fromHex, type Json, present, toHex } from "@detente/basics";
import type { MatchEditionContent, MatchSetContent, MatchTotalsContent } from "@detente/record";
import type { Records } from "@detente/store";
import type { StatementInput } from "../api/contract.ts";
import type { Drafted, Moment, Speaker } from "../speak/speaker.ts";

/** A statement that is to be said, or was: made the same to the byte each time, so that it is said once. */
export interface Intent {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** In hex. */
  readonly salt: string;
  /** The leaf hash, in hex. */
  readonly hash: string;
}

/** The set of this party that is open now, and how far it has come: on disk before it is said. */
export interface OwnSet extends Intent {
  readonly terms: MatchSetContent;
  /** The newest edition; `digest` is that of all that went into it. */
  readonly edition?: Intent & { readonly content: MatchEditionContent; readonly digest: string };
  readonly totals?: Intent & { readonly content: MatchTotalsContent };
  /** The sets before, by their leaf hashes: to be withdrawn once this one has an edition. */
  readonly before?: readonly string[];
}

const KEY = "own";

/** Keeps the own set, and makes its statements. */
export class OwnSetBook {
  readonly #records: Records;
  readonly #speaker: Speaker;
  readonly #moment: () => Moment;

  constructor(records: Records, speaker: Speaker, moment: () => Moment) {
    this.#records = records;
    this.#speaker = speaker;
    this.#moment = moment;
  }

  async get(): Promise<OwnSet | undefined> {
    return (await this.#records.get(KEY)) as unknown as OwnSet | undefined;
  }

  /** Durable when it resolves. */
  async keep(own: OwnSet | undefined): Promise<void> {
    if (own === undefined) await this.#records.delete(KEY);
    else await this.#records.set(KEY, own as unknown as Json);
  }

  /** What is to be kept of a statement before it is said. @throws where it cannot be made */
  intend(input: StatementInput): Intent {
    const moment = this.#moment();
    const { leafHash } = this.#draft(input, moment);
    return { at: moment.at, salt: toHex(moment.salt), hash: leafHash };
  }

  /** Says what was intended. */
  async say(input: StatementInput, { at, salt }: Intent): Promise<void> {
    const drafted = this.#draft(input, { at, salt: present(fromHex(salt), "a salt in hex") });
    const said = await this.#speaker.append(drafted);
    if (!said.ok) throw new Error(said.fault.message);
  }

  #draft(input: StatementInput, moment: Moment): Drafted {
    const drafted = this.#speaker.draft(input, moment);
    if (!drafted.ok) throw new Error(drafted.fault.message);
    return drafted.value;
  }
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

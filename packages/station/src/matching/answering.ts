import {
  type Bytes,
  equalBytes,
  err,
  type Fault,
  fromBase64,
  fromHex,
  ok,
  present,
  type Result,
  toHex,
} from "@detente/basics";
import { type Budget, charge, type ChargeFault, type Ledger, parseRequest, requestDigest } from "@detente/match";
import type { MatchPartner } from "@detente/record";
import type { AnswerStore } from "@detente/store";
import type { Clock } from "../clock.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { Budgets } from "./budgets.ts";
import { type Decided, isOpenFor } from "./decided.ts";
import type { Epochs } from "./epoch.ts";
import type { Ledgers } from "./ledgers.ts";
import { answerTogether } from "./shared-work.ts";
import type { MatchThreads } from "./threads.ts";

export interface AnsweringOptions {
  /** The origin of this party's log. */
  readonly origin: string;
  readonly unit: () => UnitRuntime | undefined;
  readonly epochs: Epochs;
  readonly ledgers: Ledgers;
  readonly budgets: Budgets;
  readonly decided: () => Promise<Decided>;
  /** Has the ledgers. */
  readonly answers: AnswerStore;
  readonly threads: MatchThreads;
  readonly clock: Clock;
  /** Called when a budget or the pool does not suffice for what is asked. */
  readonly onExhausted: () => void;
}

type OtherSet = Fault<"other-set">;

export type LookupFault = ChargeFault | OtherSet | Fault<"bad-element" | "held-up">;

/**
 * Whoever sends what is no element waits. Its request is not charged: the chain of receipts has answers only, and no
 * honest party's station ever sends one. All elements are decoded before any is multiplied, which is work nonetheless.
 */
const HOLD_MS = 10_000;

/** An own set that is on the record, not withdrawn, and whose secrets are here. */
interface OpenSet {
  readonly answerer: {
    readonly set: Bytes;
    readonly key: Bytes;
    readonly publicKey: Bytes;
    readonly nonceKey: Bytes;
  };
  readonly receiptSeed: Bytes;
  /** The last answer to each partner: a repetition must cost nobody anything, us included. */
  readonly last: Map<string, Last>;
}

interface Last {
  readonly request: Bytes;
  readonly response: Bytes;
}

/** Answers what partners ask blindly, one request after another: each is charged before its answer leaves. */
export class Answering {
  readonly #options: AnsweringOptions;
  readonly #open = new Map<string, OpenSet>();
  /** Until when a member is not answered, in milliseconds since 1970. */
  readonly #held = new Map<string, number>();

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  /** The record may have changed: the secrets of a set that is over do not stay in memory. */
  changed(): void {
    for (const set of this.#open.keys()) if (this.#report(set) === undefined) this.#open.delete(set);
  }

  /** The sets whose secrets are in memory. @internal */
  get open(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** Whether a set is this party's, in effect, for a member and not taken back from it; its terms for that member. */
  async partner(set: string, member: string): Promise<MatchPartner | undefined> {
    const { origin, unit } = this.#options;
    const decided = await this.#options.decided();
    const fold = unit()?.archive.fold;
    if (fold === undefined || !isOpenFor(fold, origin, decided, { set, partner: member })) return undefined;
    return this.#report(set)?.terms.partners.find(({ party }) => party === member);
  }

  /** Answers a request of a member. The same one again is free, and gets the same bytes. */
  async answer(member: string, request: Bytes): Promise<Result<Bytes, LookupFault>> {
    const wait = (this.#held.get(member) ?? 0) - this.#options.clock.now();
    if (wait > 0) return err("held-up", `request: the one before held what is no element; wait ${wait} ms`);
    const parsed = parseRequest(request);
    if (!parsed.ok) return parsed;
    const set = toHex(parsed.value.set);
    const partner = await this.partner(set, member);
    const open = partner === undefined ? undefined : await this.#opened(set);
    if (partner === undefined || open === undefined) return otherSet();
    return this.#options.budgets.inTurn(() => this.#answer(set, open, partner, request, parsed.value.blinded));
  }

  async #answer(
    set: string,
    open: OpenSet,
    partner: MatchPartner,
    request: Bytes,
    blinded: Bytes,
  ): Promise<Result<Bytes, LookupFault>> {
    const { ledgers, threads, clock, budgets, onExhausted } = this.#options;
    const ledger = await ledgers.get(set);
    const report = this.#report(set);
    if (report === undefined) return otherSet();
    const charged = this.#charge(ledger, await budgets.limits(report, partner), partner.party, request);
    if (!charged.ok) {
      if (charged.fault.code === "budget-exhausted" || charged.fault.code === "pool-exhausted") onExhausted();
      return charged;
    }
    const digest = requestDigest(request);
    const last = open.last.get(partner.party);
    if (charged.value === ledger && last !== undefined && equalBytes(last.request, digest)) return ok(last.response);
    const { answerer, receiptSeed } = open;
    const order = { answerer, receiptSeed, ledger: charged.value, partner: partner.party, request };
    const answered = await answerTogether(threads, order, blinded);
    if (!answered.ok) {
      if (answered.fault.code === "bad-element") this.#held.set(partner.party, clock.now() + HOLD_MS);
      return answered;
    }
    // The last totals of a set that is taken back count all that was answered.
    if ((await this.partner(set, partner.party)) === undefined) return otherSet();
    const { response, ledger: after } = answered.value;
    // One write for charge and receipt: a crash before it has neither charged nor answered anything.
    await ledgers.keep(set, after);
    open.last.set(partner.party, { request: digest, response });
    return ok(response);
  }

  /** A partner may have replaced its key since it countersigned. */
  #charge(ledger: Ledger, limits: Budget, party: string, request: Bytes): Result<Ledger, ChargeFault | OtherSet> {
    let charged: Result<Ledger, ChargeFault | OtherSet> = otherSet();
    for (const key of this.#keysOf(party)) {
      charged = charge(ledger, limits, { name: party, key }, request);
      if (charged.ok || charged.fault.code !== "not-countersigned") return charged;
    }
    return charged;
  }

  #keysOf(party: string): Bytes[] {
    const unit = this.#options.unit();
    const origin = unit?.membership.originOf(party);
    const history = origin === undefined ? undefined : unit?.archive.fold.keys(origin)?.transport;
    return (history ?? []).map(({ key }) => present(fromBase64(key), "a transport key in base64")).reverse();
  }

  #report(set: string) {
    const { origin, unit } = this.#options;
    const report = unit()
      ?.archive.fold.matchSets()
      .find(({ hash, log }) => hash === set && log === origin);
    return report?.isWithdrawn === true ? undefined : report;
  }

  async #opened(set: string): Promise<OpenSet | undefined> {
    const known = this.#open.get(set);
    if (known !== undefined) return known;
    const report = this.#report(set);
    const epoch = report === undefined ? undefined : await this.#options.epochs.read(report.terms.epoch);
    if (report === undefined || epoch === undefined) return undefined;
    const keys = await this.#options.threads.run("derive", epoch.keySeed);
    // Secrets that are not those on the record answer nothing: every partner would complain, and be right.
    if (toHex(keys.publicKey) !== report.terms.key) return undefined;
    // The set may have ended meanwhile.
    if (this.#report(set) === undefined) return undefined;
    const set32 = present(fromHex(set), "a leaf hash");
    const { nonceKey, receiptSeed } = epoch;
    this.#options.answers.reserve();
    const open = { answerer: { set: set32, ...keys, nonceKey }, receiptSeed, last: new Map<string, Last>() };
    this.#open.set(set, open);
    return open;
  }
}

function otherSet(): Result<never, OtherSet> {
  return err("other-set", "request: no set that is open for this party; read the newest statement of the set");
}

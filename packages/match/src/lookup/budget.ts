import { assert, type Bytes, ed25519VerifyAside, equalBytes, err, type Fault, ok, type Result } from "@detente/basics";
import { ELEMENT_BYTES } from "../group.ts";
import { NO_RECEIPT, receiptDigest } from "./receipt.ts";
import { type BadRequest, parseRequest, requestDigest } from "./request.ts";

/** How many questions a set answers in its epoch: to each partner, and to all together, who may be working together. */
export interface Budget {
  readonly partner: number;
  readonly pool: number;
}

/** The last request that a partner paid for. */
interface Paid {
  readonly request: Bytes;
  /** The digest of the receipt before. */
  readonly previous: Bytes;
  /** What it has to countersign before it may go on; missing until the answer was made. */
  readonly receipt?: Bytes;
}

/** What a partner has spent in a set. */
export interface Account {
  readonly spent: number;
  readonly last?: Paid;
}

/** What all partners have spent in a set, by the partner's name. */
export interface Ledger {
  readonly pooled: number;
  readonly accounts: ReadonlyMap<string, Account>;
}

export const EMPTY_LEDGER: Ledger = { pooled: 0, accounts: new Map() };

const NEW_ACCOUNT: Account = { spent: 0 };

/** Who asks. */
export interface Partner {
  readonly name: string;
  /** The Ed25519 keys that countersign for it, the newest first: it may have replaced one since its last request. */
  readonly keys: readonly Bytes[];
}

export type ChargeFault =
  | BadRequest
  | Fault<"out-of-step" | "not-countersigned" | "budget-exhausted" | "pool-exhausted">;

/**
 * Charges a request and has it answered. Whoever calls keeps the ledger durably before the answer goes out, so that a crash
 * costs the partner at most a repetition. The last request again is free and gets the same answer: counters never fall,
 * and nobody pays twice.
 * @param answer makes what is returned of the ledger that counts the request; the same ledger for a repetition. A single
 *   answer takes about as long as the check of the countersignature, and is made meanwhile: without one it goes nowhere
 */
export async function charge<Answer>(
  ledger: Ledger,
  budget: Budget,
  partner: Partner,
  request: Bytes,
  answer: (charged: Ledger) => Answer | Promise<Answer>,
): Promise<Result<Answer, ChargeFault>> {
  const counted = count(ledger, budget, partner.name, request);
  if (!counted.ok) return counted;
  const { charged, elements, owed, countersignature } = counted.value;
  const isPaid = owed === undefined ? Promise.resolve(true) : isSigned(partner.keys, owed, countersignature);
  // Many elements are not begun on trust: that would be a lot of work that nobody pays for.
  if (elements > 1 && !(await isPaid)) return notCountersigned();
  const made = await answer(charged);
  return (await isPaid) ? ok(made) : notCountersigned();
}

/** A request that the budgets have room for. */
interface Counted {
  readonly charged: Ledger;
  readonly elements: number;
  /** The receipt before, which it has to countersign; none for a repetition, and for the first request. */
  readonly owed: Bytes | undefined;
  readonly countersignature: Bytes;
}

function count(ledger: Ledger, budget: Budget, partner: string, request: Bytes): Result<Counted, ChargeFault> {
  const parsed = parseRequest(request);
  if (!parsed.ok) return parsed;
  const { spent, countersignature, blinded } = parsed.value;
  const digest = requestDigest(request);
  const elements = blinded.length / ELEMENT_BYTES;
  const account = accountOf(ledger, partner);
  const { last } = account;
  if (last !== undefined && equalBytes(last.request, digest)) {
    return ok({ charged: ledger, elements, owed: undefined, countersignature });
  }
  if (spent !== account.spent) {
    return err("out-of-step", `request: counts ${spent} spent where ${account.spent} are; repeat the last one`);
  }
  if (last !== undefined && last.receipt === undefined) return notCountersigned();
  if (account.spent + elements > budget.partner) {
    return err(
      "budget-exhausted",
      `request: ${Math.max(0, budget.partner - account.spent)} questions are left in this epoch`,
    );
  }
  if (ledger.pooled + elements > budget.pool) {
    // How much is left in the pool would tell what others ask.
    return err(
      "pool-exhausted",
      "request: not so many are left in this epoch for all partners together; ask fewer, or in the next one",
    );
  }
  const previous = last?.receipt === undefined ? NO_RECEIPT : receiptDigest(last.receipt);
  const paid: Account = { spent: account.spent + elements, last: { request: digest, previous } };
  const charged = { pooled: ledger.pooled + elements, accounts: new Map(ledger.accounts).set(partner, paid) };
  return ok({ charged, elements, owed: last?.receipt, countersignature });
}

async function isSigned(keys: readonly Bytes[], receipt: Bytes, signature: Bytes): Promise<boolean> {
  for (const key of keys) if (await ed25519VerifyAside(key, receipt, signature)) return true;
  return false;
}

function notCountersigned(): Result<never, Fault<"not-countersigned">> {
  return err("not-countersigned", "request: the receipt before is not countersigned; fetch it by the same request");
}

/** Notes the receipt of the request that a partner paid for last. */
export function answered(ledger: Ledger, partner: string, receipt: Bytes): Ledger {
  const { spent, last } = accountOf(ledger, partner);
  assert(last !== undefined, "what is answered was paid for");
  return { ...ledger, accounts: new Map(ledger.accounts).set(partner, { spent, last: { ...last, receipt } }) };
}

export function accountOf(ledger: Ledger, partner: string): Account {
  return ledger.accounts.get(partner) ?? NEW_ACCOUNT;
}

import { assert, type Bytes, equalBytes, err, type Fault, ok, type Result } from "@detente/basics";
import { ELEMENT_BYTES } from "../group.ts";
import { isReceiptBy, NO_RECEIPT, receiptDigest } from "./receipt.ts";
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

/** Who asks: `key` is the Ed25519 key that countersigns for it. */
export interface Partner {
  readonly name: string;
  readonly key: Bytes;
}

export type ChargeFault =
  | BadRequest
  | Fault<"out-of-step" | "not-countersigned" | "budget-exhausted" | "pool-exhausted">;

/**
 * Charges a request before anything is answered; whoever calls keeps the new ledger durably first, so that a crash costs
 * the partner at most a repetition. The last request again is free and gets the same answer: counters never fall, and
 * nobody pays twice.
 */
export function charge(ledger: Ledger, budget: Budget, partner: Partner, request: Bytes): Result<Ledger, ChargeFault> {
  const parsed = parseRequest(request);
  if (!parsed.ok) return parsed;
  const { spent, countersignature, blinded } = parsed.value;
  const digest = requestDigest(request);
  const count = blinded.length / ELEMENT_BYTES;
  const account = accountOf(ledger, partner.name);
  const { last } = account;
  if (last !== undefined && equalBytes(last.request, digest)) return ok(ledger);
  if (spent !== account.spent) {
    return err("out-of-step", `request: counts ${spent} spent where ${account.spent} are; repeat the last one`);
  }
  if (last !== undefined) {
    if (last.receipt === undefined || !isReceiptBy(partner.key, last.receipt, countersignature)) {
      return err("not-countersigned", "request: the receipt before is not countersigned; fetch it by the same request");
    }
  }
  if (account.spent + count > budget.partner) {
    return err(
      "budget-exhausted",
      `request: ${Math.max(0, budget.partner - account.spent)} questions are left in this epoch`,
    );
  }
  if (ledger.pooled + count > budget.pool) {
    // How much is left in the pool would tell what others ask.
    return err(
      "pool-exhausted",
      "request: not so many are left in this epoch for all partners together; ask fewer, or in the next one",
    );
  }
  const previous = last?.receipt === undefined ? NO_RECEIPT : receiptDigest(last.receipt);
  const paid: Account = { spent: account.spent + count, last: { request: digest, previous } };
  return ok({ pooled: ledger.pooled + count, accounts: new Map(ledger.accounts).set(partner.name, paid) });
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

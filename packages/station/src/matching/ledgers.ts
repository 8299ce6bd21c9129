import { type Bytes, fromHex, type Json, present, toHex } from "@detente/basics";
import { type Account, EMPTY_LEDGER, type Ledger } from "@detente/match";
import type { Records } from "@detente/store";

interface WrittenAccount {
  readonly party: string;
  readonly spent: number;
  readonly last?: { readonly request: string; readonly previous: string; readonly receipt?: string };
}

interface WrittenLedger {
  readonly pooled: number;
  readonly accounts: readonly WrittenAccount[];
}

/** What partners have spent, by set: on disk before an answer goes out, so that no counter ever falls. */
export class Ledgers {
  readonly #records: Records;
  readonly #read = new Map<string, Ledger>();

  constructor(records: Records) {
    this.#records = records;
  }

  async get(set: string): Promise<Ledger> {
    const known = this.#read.get(set);
    if (known !== undefined) return known;
    const written = (await this.#records.get(`ledger/${set}`)) as WrittenLedger | undefined;
    const ledger = written === undefined ? EMPTY_LEDGER : readLedger(written);
    this.#read.set(set, ledger);
    return ledger;
  }

  /** Durable when it resolves; it counts at once, so that no total that is said meanwhile leaves it out. */
  async keep(set: string, ledger: Ledger): Promise<void> {
    const kept = this.#records.set(`ledger/${set}`, writeLedger(ledger) as unknown as Json);
    this.#read.set(set, ledger);
    try {
      await kept;
    } catch (error) {
      this.#read.delete(set);
      throw error;
    }
  }

  async forget(set: string): Promise<void> {
    const gone = this.#records.delete(`ledger/${set}`);
    this.#read.delete(set);
    await gone;
  }
}

function writeLedger({ pooled, accounts }: Ledger): WrittenLedger {
  return {
    pooled,
    accounts: [...accounts].map(([party, { spent, last }]) => {
      if (last === undefined) return { party, spent };
      const receipt = last.receipt === undefined ? {} : { receipt: toHex(last.receipt) };
      return { party, spent, last: { request: toHex(last.request), previous: toHex(last.previous), ...receipt } };
    }),
  };
}

function readLedger({ pooled, accounts }: WrittenLedger): Ledger {
  return {
    pooled,
    accounts: new Map(
      accounts.map(({ party, spent, last }): [string, Account] => {
        if (last === undefined) return [party, { spent }];
        const receipt = last.receipt === undefined ? {} : { receipt: bytes(last.receipt) };
        return [party, { spent, last: { request: bytes(last.request), previous: bytes(last.previous), ...receipt } }];
      }),
    ),
  };
}

function bytes(hex: string): Bytes {
  return present(fromHex(hex), "hexadecimal");
}

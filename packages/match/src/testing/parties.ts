import { type Bytes, concatBytes, ed25519PublicKey, ed25519Sign, sha256, sha512, unwrap, utf8 } from "@detente/basics";
import type { Group } from "../group.ts";
import { type Answerer, answer } from "../lookup/answerer.ts";
import {
  type Asked,
  ask,
  type AskedSet,
  finish,
  NEW_TAB,
  type Outcome,
  randomBytesToAsk,
  type Tab,
} from "../lookup/asker.ts";
import { type Budget, charge, EMPTY_LEDGER, type Ledger } from "../lookup/budget.ts";
import { publicKeyOf } from "../oprf/oprf.ts";
import { deriveKey } from "../oprf/suite.ts";

/** Bytes that look random and are the same in every run. */
export function noise(length: number, name: string): Bytes {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, i) => sha512(utf8(`${name} ${i}`)));
  return concatBytes(...blocks).slice(0, length);
}

const ASKER_SEED = noise(32, "asker");
const ANSWERER_SEED = noise(32, "answerer");
export const SET: Bytes = sha256(utf8("the statement that opened the set"));
export const ASKER = { name: "asker", key: ed25519PublicKey(ASKER_SEED) } as const;

export function answererOf(group: Group): Answerer {
  const key = deriveKey(group, "voprf", noise(32, "key"), utf8("test"));
  return {
    set: SET,
    key,
    publicKey: publicKeyOf(group, key),
    nonceKey: noise(32, "nonce"),
    sign: (message) => ed25519Sign(ANSWERER_SEED, message),
  };
}

export function askedSetOf(group: Group): AskedSet {
  return { set: SET, publicKey: answererOf(group).publicKey, answererKey: ed25519PublicKey(ANSWERER_SEED) };
}

export function signAsAsker(message: Bytes): Bytes {
  return ed25519Sign(ASKER_SEED, message);
}

export function question(group: Group, tab: Tab, inputs: readonly Bytes[], run: string): Asked {
  return ask(group, SET, tab, inputs, noise(randomBytesToAsk(inputs.length), run));
}

/** Asks and answers in one process; the ledger and the asker's tab go on. */
export class Conversation {
  readonly group: Group;
  ledger: Ledger = EMPTY_LEDGER;
  tab: Tab = NEW_TAB;
  readonly #budget: Budget;

  constructor(group: Group, budget: Budget = { partner: 10_000, pool: 20_000 }) {
    this.group = group;
    this.#budget = budget;
  }

  respond(request: Bytes): Bytes {
    this.ledger = unwrap(charge(this.ledger, this.#budget, ASKER, request));
    const answered = unwrap(answer(this.group, answererOf(this.group), this.ledger, ASKER.name, request));
    this.ledger = answered.ledger;
    return answered.response;
  }

  ask(inputs: readonly Bytes[], run: string): Outcome & { readonly asked: Asked; readonly response: Bytes } {
    const asked = question(this.group, this.tab, inputs, run);
    const response = this.respond(asked.request);
    const outcome = unwrap(finish(this.group, askedSetOf(this.group), this.tab, asked, response, signAsAsker));
    this.tab = outcome.tab;
    return { ...outcome, asked, response };
  }
}

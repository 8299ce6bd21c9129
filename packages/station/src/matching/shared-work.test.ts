import { type Bytes, ed25519PublicKey, ed25519Sign, sha512, toHex, unwrap, utf8 } from "@detente/basics";
import {
  answer,
  ask,
  charge,
  EMPTY_LEDGER,
  evaluate,
  finish,
  type Group,
  NEW_TAB,
  parseRequest,
  randomBytesToAsk,
  sodiumGroup,
} from "@detente/match";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FinishOrder } from "./operations.ts";
import { answerTogether, finishTogether } from "./shared-work.ts";
import { MatchThreads } from "./threads.ts";

const [set, seed, receiptSeed, nonceKey] = [1, 2, 3, 4].map((byte) => new Uint8Array(32).fill(byte)) as [
  Bytes,
  Bytes,
  Bytes,
  Bytes,
];
const texts = Array.from({ length: 50 }, (_, i) => `domain:host${i}.example`);

/* What threads make together is held against libsodium doing the whole in one go: other code, and no threads. */
describe("threads together", () => {
  let threads: MatchThreads;
  let sodium: Group;
  let keys: { readonly key: Bytes; readonly publicKey: Bytes };
  beforeAll(async () => {
    threads = new MatchThreads(2);
    sodium = await sodiumGroup();
    keys = await threads.run("derive", seed);
  });
  afterAll(() => threads.close());

  function requestFor(inputs: readonly string[]): ReturnType<typeof ask> {
    const length = randomBytesToAsk(inputs.length);
    const random = new Uint8Array(length).map((_, i) => sha512(utf8(`${i >> 6}`))[i & 63] as number);
    return ask(sodium, set, NEW_TAB, inputs.map(utf8), random);
  }

  function orderFor(request: Bytes): Parameters<typeof answerTogether>[1] {
    const budget = { partner: 5000, pool: 5000 };
    const ledger = unwrap(charge(EMPTY_LEDGER, budget, { name: "bob", key: ed25519PublicKey(seed) }, request));
    return { answerer: { set, ...keys, nonceKey }, receiptSeed, ledger, partner: "bob", request };
  }

  function together(request: Bytes): ReturnType<typeof answerTogether> {
    return answerTogether(threads, orderFor(request), unwrap(parseRequest(request)).blinded);
  }

  it("answer to the byte as one does, and their answer is accepted with the same outputs", async () => {
    const asked = requestFor(texts);
    const { answerer, ledger } = orderFor(asked.request);
    const sign = (message: Bytes): Bytes => ed25519Sign(receiptSeed, message);
    const alone = unwrap(answer(sodium, { ...answerer, sign }, ledger, "bob", asked.request));
    const { response, ledger: after } = unwrap(await together(asked.request));
    expect(toHex(response)).toBe(toHex(alone.response));
    expect(after).toEqual(alone.ledger);

    const known = { set, publicKey: keys.publicKey, answererKey: ed25519PublicKey(receiptSeed) };
    const order: FinishOrder = { set: known, tab: NEW_TAB, asked: { ...asked, inputs: texts }, response, seed };
    const finished = unwrap(await finishTogether(threads, order));
    const countersign = (message: Bytes): Bytes => ed25519Sign(seed, message);
    expect(finished.tab).toEqual(unwrap(finish(sodium, known, NEW_TAB, asked, response, countersign)).tab);
    const expected = evaluate(sodium, "voprf", keys.key, texts.map(utf8));
    expect(finished.outputs.map(toHex)).toEqual(expected.map(toHex));

    for (const [at, code] of [
      [5, "bad-proof"],
      [70, "bad-receipt"],
    ] as const) {
      const altered = response.with(at, (response[at] as number) ^ 1);
      expect(await finishTogether(threads, { ...order, response: altered })).toMatchObject({ fault: { code } });
    }
  });

  it("refuse what is no element by its place in the request", async () => {
    const { request } = requestFor(texts);
    const broken = request.slice().fill(0xff, 126 + 32 * 45, 126 + 32 * 46);
    expect(await together(broken)).toMatchObject({
      fault: { code: "bad-element", message: expect.stringContaining("element 45:") },
    });
  });
});

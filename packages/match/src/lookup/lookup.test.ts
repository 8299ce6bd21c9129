import { type Bytes, concatBytes, ed25519PublicKey, ed25519Sign, toHex, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at, BASE, ELEMENT_BYTES } from "../group.ts";
import { evaluate } from "../oprf/oprf.ts";
import { kernel } from "../testing/groups.ts";
import { hex } from "../testing/hex.ts";
import { answererOf, ASKER, askedSetOf, Conversation, noise, question, SET, signAsAsker } from "../testing/parties.ts";
import { INVALID } from "../testing/rfc9496.ts";
import { answer } from "./answerer.ts";
import { finish, NEW_TAB } from "./asker.ts";
import { batchClass } from "./batch-class.ts";
import { charge, EMPTY_LEDGER, type Ledger } from "./budget.ts";
import { encodeRequest, parseRequest } from "./request.ts";

const BUDGET = { partner: 10_000, pool: 20_000 };
const answerer = answererOf(kernel);
const askedSet = askedSetOf(kernel);

function inputs(count: number, run = ""): Bytes[] {
  return Array.from({ length: count }, (_, i) => utf8(`domain:host${run}${i}.example`));
}

describe("a look-up", () => {
  it("gives the outputs that the key gives, request after request", () => {
    const conversation = new Conversation(kernel);
    for (const count of [1, 3, 16, 17]) {
      const asked = inputs(count);
      const { outputs } = conversation.ask(asked, `run ${count}`);
      expect(outputs.map(toHex)).toEqual(evaluate(kernel, "voprf", answerer.key, asked).map(toHex));
    }
    expect(conversation.tab.spent).toBe(1 + 16 + 16 + 64);
    expect(conversation.ledger.pooled).toBe(1 + 16 + 16 + 64);
  });

  it("has lengths that tell the class alone", () => {
    const lengths = [1, 2, 16, 17, 64, 65].map((count) => {
      const conversation = new Conversation(kernel);
      const { asked, response } = conversation.ask(inputs(count, "x".repeat(count)), `lengths ${count}`);
      return [asked.request.length, response.length];
    });
    const expected = [1, 16, 16, 64, 64, 256].map((size) => [126 + 32 * size, 132 + 32 * size]);
    expect(lengths).toEqual(expected);
    expect([1, 2, 16, 17, 1024].map(batchClass)).toEqual([1, 16, 16, 64, 1024]);
    expect(() => batchClass(1025)).toThrow("1 to 1024 questions");
  });

  it("takes requests apart as they were put together, and nothing else", () => {
    const { request } = question(kernel, NEW_TAB, inputs(2), "form");
    expect(toHex(encodeRequest(unwrap(parseRequest(request))))).toBe(toHex(request));
    const ofThree = concatBytes(request.subarray(0, 124), Uint8Array.of(0, 3), request.subarray(126, 126 + 96));
    const tooMuch = concatBytes(request, new Uint8Array(32 * 1024));
    const counted = Uint8Array.from(request).fill(0xff, 52, 60);
    for (const bytes of [request.subarray(1), request.subarray(0, -1), ofThree, tooMuch, counted, new Uint8Array(0)]) {
      expect(parseRequest(bytes)).toMatchObject({ ok: false, fault: { code: "bad-request" } });
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => !parseRequest(bytes).ok));
  });

  it("refuses elements that are none, before anything is multiplied", () => {
    for (const bad of ["00".repeat(ELEMENT_BYTES), ...INVALID.slice(0, 12)]) {
      const blinded = concatBytes(...Array.from({ length: 16 }, (_, i) => (i === 7 ? hex(bad) : BASE)));
      const parts = { set: SET, id: noise(16, "id"), spent: 0, countersignature: NEW_TAB.countersignature };
      const request = encodeRequest({ ...parts, blinded });
      const ledger = unwrap(charge(EMPTY_LEDGER, BUDGET, ASKER, request));
      expect(answer(kernel, answerer, ledger, ASKER.name, request)).toMatchObject({ fault: { code: "bad-element" } });
    }
  });
});

describe("a dishonest answerer", () => {
  const conversation = new Conversation(kernel);
  const asked = question(kernel, NEW_TAB, inputs(3), "dishonest");
  const response = conversation.respond(asked.request);

  function verdict(changed: Bytes, set = askedSet): unknown {
    const finished = finish(kernel, set, NEW_TAB, asked, changed, signAsAsker);
    return finished.ok ? "accepted" : finished.fault.code;
  }

  it("cannot change a byte, swap outputs, or use another key", () => {
    expect(verdict(response)).toBe("accepted");
    for (let i = 0; i < response.length; i += 13) {
      const changed = Uint8Array.from(response);
      changed[i] = (changed[i] as number) ^ 1;
      expect([i, verdict(changed)]).not.toEqual([i, "accepted"]);
    }
    const swapped = Uint8Array.from(response);
    swapped.set(response.subarray(132, 164), 164);
    swapped.set(response.subarray(164, 196), 132);
    expect(verdict(swapped)).toBe("bad-proof");
    const other = { ...answerer, key: noise(32, "other").fill(0, 31) };
    const ledger = unwrap(charge(EMPTY_LEDGER, BUDGET, ASKER, asked.request));
    const forged = unwrap(answer(kernel, other, ledger, ASKER.name, asked.request));
    expect(verdict(forged.response)).toBe("bad-proof");
  });

  it("cannot charge for more than was asked, nor leave a receipt out", () => {
    const fatter: Ledger = {
      pooled: 16,
      accounts: new Map([[ASKER.name, { spent: 999, last: { request: noise(32, "r"), previous: noise(32, "p") } }]]),
    };
    expect(verdict(unwrap(answer(kernel, answerer, fatter, ASKER.name, asked.request)).response)).toBe("bad-receipt");
    expect(verdict(response, { ...askedSet, answererKey: ed25519PublicKey(noise(32, "who")) })).toBe("bad-receipt");
  });

  it("is told of a set that it does not have", () => {
    const elsewhere = { ...answerer, set: noise(32, "another set") };
    const ledger = unwrap(charge(EMPTY_LEDGER, BUDGET, ASKER, asked.request));
    expect(answer(kernel, elsewhere, ledger, ASKER.name, asked.request)).toMatchObject({
      fault: { code: "other-set" },
    });
  });
});

describe("the budget", () => {
  it("is paid once however often a request comes, and the answer is the same to the byte", () => {
    const conversation = new Conversation(kernel);
    const asked = question(kernel, NEW_TAB, inputs(2), "again");
    const first = conversation.respond(asked.request);
    const spent = conversation.ledger.pooled;
    expect(toHex(conversation.respond(asked.request))).toBe(toHex(first));
    expect(conversation.ledger.pooled).toBe(spent);
    // A crash after paying and before answering: the ledger was kept, the answer was not.
    const paid = unwrap(charge(EMPTY_LEDGER, BUDGET, ASKER, asked.request));
    const resumed = unwrap(charge(paid, BUDGET, ASKER, asked.request));
    expect(resumed).toEqual(paid);
    expect(toHex(unwrap(answer(kernel, answerer, resumed, ASKER.name, asked.request)).response)).toBe(toHex(first));
  });

  it("stops a sweep, and partners who pool theirs", () => {
    const budget = { partner: 32, pool: 40 };
    const conversation = new Conversation(kernel, budget);
    conversation.ask(inputs(16), "sweep 1");
    conversation.ask(inputs(16), "sweep 2");
    const third = question(kernel, conversation.tab, inputs(1), "sweep 3");
    expect(charge(conversation.ledger, budget, ASKER, third.request)).toMatchObject({
      fault: { code: "budget-exhausted" },
    });
    const seed = noise(32, "friend");
    const friend = { name: "friend", key: ed25519PublicKey(seed) };
    const pooled = question(kernel, NEW_TAB, inputs(16), "friend");
    expect(charge(conversation.ledger, budget, friend, pooled.request)).toMatchObject({
      fault: { code: "pool-exhausted" },
    });
    const single = question(kernel, NEW_TAB, inputs(1), "friend");
    expect(unwrap(charge(conversation.ledger, budget, friend, single.request)).pooled).toBe(33);
  });

  it("refuses what is stale, reordered, or without the countersignature of the receipt before", () => {
    const conversation = new Conversation(kernel);
    const old = conversation.ask(inputs(1), "first").asked;
    const before = conversation.tab;
    const newer = conversation.ask(inputs(1), "second").asked;
    const codeOf = (request: Bytes): unknown => {
      const charged = charge(conversation.ledger, BUDGET, ASKER, request);
      return charged.ok ? "charged" : charged.fault.code;
    };
    expect(codeOf(newer.request)).toBe("charged"); // The last one again.
    expect(codeOf(old.request)).toBe("out-of-step");
    expect(codeOf(question(kernel, before, inputs(1), "third").request)).toBe("out-of-step");
    const forged = { ...conversation.tab, countersignature: ed25519Sign(noise(32, "forger"), utf8("x")) };
    expect(codeOf(question(kernel, forged, inputs(1), "third").request)).toBe("not-countersigned");
    const missing = { ...conversation.tab, countersignature: NEW_TAB.countersignature };
    expect(codeOf(question(kernel, missing, inputs(1), "third").request)).toBe("not-countersigned");
    expect(codeOf(question(kernel, conversation.tab, inputs(1), "third").request)).toBe("charged");
  });

  it("never falls, and is never paid twice, in any order of crashes and repetitions", () => {
    const step = fc.constantFrom("ask", "crash before answering", "crash after answering", "replay old");
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), fc.nat(), (steps, seed) => {
        const conversation = new Conversation(kernel);
        let [questions, stale, fallen] = [0, 0, 0];
        const past: Bytes[] = [];
        for (const [i, each] of steps.entries()) {
          if (each === "replay old") {
            stale += past.slice(0, -1).filter((old) => charge(conversation.ledger, BUDGET, ASKER, old).ok).length;
            continue;
          }
          const before = conversation.ledger.pooled;
          const asked = question(kernel, conversation.tab, inputs(1), `${seed} ${i}`);
          if (each === "crash before answering") {
            conversation.ledger = unwrap(charge(conversation.ledger, BUDGET, ASKER, asked.request));
          }
          if (each === "crash after answering") conversation.respond(asked.request);
          const response = conversation.respond(asked.request);
          conversation.tab = unwrap(finish(kernel, askedSet, conversation.tab, asked, response, signAsAsker)).tab;
          past.push(asked.request);
          questions++;
          if (conversation.ledger.pooled < before) fallen++;
        }
        expect([stale, fallen]).toEqual([0, 0]);
        expect(conversation.ledger.pooled).toBe(questions);
        expect(conversation.tab.spent).toBe(questions);
      }),
      { numRuns: 25 },
    );
  });
});

it("draws a blind of its own for every element, padding included", () => {
  const { request, blinds } = question(kernel, NEW_TAB, [utf8("a"), utf8("a"), utf8("a")], "blinds");
  const { blinded } = unwrap(parseRequest(request));
  expect(new Set(Array.from({ length: 16 }, (_, i) => toHex(at(blinded, i)))).size).toBe(16);
  expect(new Set(Array.from({ length: 16 }, (_, i) => toHex(at(blinds, i)))).size).toBe(16);
});

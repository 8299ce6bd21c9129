import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Actor, deliver, Scene, type Words, type Written } from "../test/scene.ts";

// What is expected is what docs/formats.md says of match sets.

const HEX = "ab".repeat(32);

function opening(epoch: number, parties: readonly string[] = ["bob"]): Words {
  const partners = parties.map((party) => ({ party, budget: 10, key: HEX }));
  const content = { suite: "ristretto255-SHA512", epoch, key: HEX, receipts: HEX, pool: 100, partners } as const;
  return { type: "open", kind: "match-set", content };
}

function edition(set: Written, sequence: number, party = "bob"): Words {
  const content = { sequence, labelBytes: 256, partners: [{ party, root: HEX, count: 1024, labels: HEX }] };
  return { type: "exhibit", kind: "match-edition", of: [set.hash], content };
}

function totals(set: Written, spent: number): Words {
  const content = { to: spent, pooled: spent, partners: [{ party: "bob", spent, receipt: HEX }] };
  return { type: "observe", kind: "match-totals", of: [set.hash], content };
}

function unitOfThree(): { readonly scene: Scene; readonly ann: Actor; readonly bob: Actor } {
  const scene = new Scene("ann", "bob", "cem");
  scene.found();
  const [ann, bob] = scene.actors as [Actor, Actor];
  return { scene, ann, bob };
}

describe("a match set", () => {
  test("is what its author says last of it, in whatever order the record comes", () => {
    const { scene, ann } = unitOfThree();
    const first = scene.say(ann, opening(1));
    scene.say(ann, edition(first, 0));
    scene.say(ann, totals(first, 16));
    const newer = scene.say(ann, edition(first, 1));
    scene.say(ann, totals(first, 32));
    const second = scene.say(ann, opening(2));
    scene.say(ann, { type: "position", kind: "withdraw", of: [first.hash], content: {} });
    scene.settle();
    const expected = scene.fold();
    expect(expected.matchSets()).toMatchObject([
      {
        hash: first.hash,
        terms: { epoch: 1 },
        isWithdrawn: true,
        edition: { index: newer.index, content: { sequence: 1 } },
        totals: { content: { pooled: 32 } },
      },
      { hash: second.hash, log: ann.origin, isWithdrawn: false, edition: undefined, totals: undefined },
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat(scene.actors.length - 1), { maxLength: 60 }), (order) => {
        const fold = scene.fold(scene.interleaved(order));
        expect(fold.matchSets()).toEqual(expected.matchSets());
        expect(fold.viewDigest()).toEqual(expected.viewDigest());
      }),
      { numRuns: 20 },
    );
  });

  test("is told as it is after each delivery, whoever asked before", () => {
    const { scene, ann } = unitOfThree();
    const set = scene.say(ann, opening(1));
    scene.say(ann, edition(set, 0));
    scene.say(ann, totals(set, 16));
    scene.settle();
    const deliveries = scene.deliveries();
    const fold = scene.emptyFold();
    for (const [i, delivery] of deliveries.entries()) {
      deliver(fold, delivery);
      const other = scene.fold(deliveries.slice(0, i + 1));
      expect([i, fold.matchSets(), fold.members()]).toEqual([i, other.matchSets(), other.members()]);
    }
    expect(fold.matchSets()).toMatchObject([{ totals: { content: { pooled: 16 } } }]);
    expect(fold.matchSets()).toBe(fold.matchSets());
  });

  test("is spoken of by its author alone, about one set, for those whom it is for, to all", () => {
    const { scene, ann, bob } = unitOfThree();
    const set = scene.say(ann, opening(1));
    const question = scene.say(ann, { type: "open", kind: "question", content: { title: "Who?", text: "" } });
    const other = scene.say(ann, opening(2));
    const wrong = [
      scene.say(bob, edition(set, 0)),
      scene.say(bob, totals(set, 1)),
      scene.say(ann, edition(question, 0)),
      scene.say(ann, { ...edition(set, 0), of: [set.hash, other.hash] }),
      scene.say(ann, edition(set, 0, "cem")),
      scene.say(ann, { ...totals(set, 1), of: [] }),
    ];
    const sealed = [
      scene.say(ann, { ...opening(3), audience: ["ann", "bob"] }),
      scene.say(ann, { ...edition(set, 0), audience: ["ann", "bob"] }),
    ];
    scene.settle();
    const fold = scene.fold();
    for (const { log, index } of wrong)
      expect(fold.status(log, index)).toEqual({ state: "void", reason: "wrong-subject" });
    for (const { log, index } of sealed) {
      expect(fold.status(log, index)).toEqual({ state: "void", reason: "must-be-unit-wide" });
    }
    expect(fold.matchSets().map(({ hash, edition: said }) => [hash, said])).toEqual([
      [set.hash, undefined],
      [other.hash, undefined],
    ]);
  });
});

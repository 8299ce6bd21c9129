import { charterDigest } from "@detente/record";
import { describe, expect, test } from "vitest";
import { type Actor, type Delivery, Scene, type Written } from "../test/scene.ts";

const QUESTION = { type: "open", kind: "question", content: { title: "Who?", text: "" } } as const;

function propose(scene: Scene, actor: Actor, charter: Scene["charter"], ...references: Written[]): Written {
  const of = references.map(({ hash }) => hash);
  return scene.say(actor, { type: "open", kind: "charter", of, content: { charter } });
}

function leave(scene: Scene, actor: Actor, opened: Written): Written {
  return scene.say(actor, { type: "position", kind: "withdraw", of: [opened.hash], content: { digest: scene.unit } });
}

function inForce(scene: Scene, deliveries?: readonly Delivery[]): string | undefined {
  return scene.fold(deliveries).charter().current?.digest;
}

// docs/formats.md, The fold, Charters.
describe("an acceptance", () => {
  test("counts where its author leaves afterwards, whichever of its log and the others' comes first", () => {
    const scene = new Scene("ann", "bob");
    const founding = scene.found();
    const [ann, bob] = scene.actors as [Actor, Actor];
    const amended = scene.amendment(scene.actors, { purpose: "More." });
    const opened = propose(scene, ann, amended);
    scene.accept(bob, opened, amended);
    leave(scene, bob, founding);
    scene.settle();
    scene.accept(ann, opened, amended);
    scene.settle();
    const ofBob = scene.deliveries().filter((each) => "entry" in each && each.entry.log === bob.origin);
    for (const order of [scene.deliveries(), [...ofBob, ...scene.deliveries()]]) {
      expect(inForce(scene, order)).toBe(charterDigest(amended));
    }
  });

  test("counts of a party that had left and was taken in again", () => {
    const scene = new Scene("ann", "bob", "cem");
    const founding = scene.found();
    const [ann, bob, cem] = scene.actors as [Actor, Actor, Actor];
    const without = scene.amendment([ann, bob]);
    const first = propose(scene, ann, without, leave(scene, cem, founding));
    for (const actor of [ann, bob]) scene.accept(actor, first, without);
    scene.settle();
    const again = scene.amendment(scene.actors, { base: charterDigest(without) });
    const second = propose(scene, ann, again);
    const back = scene.accept(cem, second, again);
    scene.settle();
    for (const actor of [ann, bob]) scene.accept(actor, second, again, back);
    scene.settle();
    const last = scene.amendment(scene.actors, { base: charterDigest(again), purpose: "More." });
    const third = propose(scene, ann, last);
    for (const actor of scene.actors) scene.accept(actor, third, last);
    scene.settle();
    expect(inForce(scene)).toBe(charterDigest(last));
  });

  test("of another unit's founding charter keeps nobody from accepting this one's", () => {
    const scene = new Scene("ann", "bob");
    const other = { ...scene.charter, purpose: "Another unit." };
    const [ann] = scene.actors as [Actor, Actor];
    scene.accept(ann, propose(scene, ann, other), other);
    scene.found();
    expect(inForce(scene)).toBe(scene.unit);
  });

  test("counts alike for those who can read a sealed leaf that somebody copied, and those who cannot", () => {
    const scene = new Scene("ann", "bob", "cem");
    scene.found();
    const [ann, bob] = scene.actors as [Actor, Actor, Actor];
    const secret = scene.draft(ann, { ...QUESTION, audience: ["ann", "bob"] });
    const copy = scene.write(bob, secret.leaf, secret.body);
    const amended = scene.amendment(scene.actors, { purpose: "More." });
    const opened = propose(scene, ann, amended);
    scene.settle();
    for (const actor of scene.actors) scene.accept(actor, opened, amended, copy);
    scene.settle();
    const blind = scene.deliveries().filter((each) => !("body" in each && each.body === copy.body));
    expect([inForce(scene), inForce(scene, blind)]).toEqual([charterDigest(amended), charterDigest(amended)]);
    expect(scene.fold(blind).viewDigest()).toEqual(scene.fold().viewDigest());
  });
});

test("a charter amends one that all have accepted: upon a proposal alone it waits, whoever accepts it", () => {
  const scene = new Scene("ann", "bob");
  scene.found();
  const [ann, bob] = scene.actors as [Actor, Actor];
  const first = scene.amendment(scene.actors, { purpose: "First." });
  const opened = propose(scene, ann, first);
  const next = scene.amendment(scene.actors, { base: charterDigest(first), purpose: "Next." });
  const early = propose(scene, ann, next);
  for (const actor of scene.actors) scene.accept(actor, early, next);
  scene.accept(ann, opened, first);
  scene.settle();
  expect(scene.fold().status(ann.origin, early.index)).toEqual({ state: "waiting", for: "base-charter" });
  expect(inForce(scene)).toBe(scene.unit);
  scene.accept(bob, opened, first);
  scene.settle();
  expect(inForce(scene)).toBe(charterDigest(next));
});

test("a name stays with its log though the party has left, and a charter without it lies between", () => {
  const scene = new Scene("ann", "bob", "cem");
  const founding = scene.found();
  const [ann, bob, cem] = scene.actors as [Actor, Actor, Actor];
  const without = scene.amendment([ann, bob]);
  const opened = propose(scene, ann, without, leave(scene, cem, founding));
  for (const actor of [ann, bob]) scene.accept(actor, opened, without);
  scene.settle();
  const dov = scene.join("dov");
  const charter = scene.amendment([ann, bob, dov], { base: charterDigest(without) });
  const parties = charter.parties.map((party) => (party.name === "dov" ? { ...party, name: "cem" } : party));
  const taken = propose(scene, ann, { ...charter, parties });
  scene.settle(ann, bob, cem);
  expect(scene.fold().status(ann.origin, taken.index)).toEqual({ state: "void", reason: "name-taken" });
});

test("of two that all have accepted, the digest is one, whichever was complete first", () => {
  const scene = new Scene("ann", "bob", "cem");
  scene.found();
  const [ann, , cem] = scene.actors as [Actor, Actor, Actor];
  const question = scene.say(cem, QUESTION);
  const [first, second] = [1, 2].map((attempt) => scene.amendment(scene.actors, { attempt, purpose: `${attempt}` }));
  // The first waits for the log of Cem, the second for nothing.
  const opened = [propose(scene, ann, first!, question), propose(scene, ann, second!)];
  for (const actor of scene.actors) {
    scene.accept(actor, opened[0]!, first!);
    scene.accept(actor, opened[1]!, second!);
  }
  scene.settle();
  const isBody = (each: Delivery): boolean => "body" in each && each.body === question.body;
  const late = [...scene.deliveries().filter((each) => !isBody(each)), ...scene.deliveries().filter(isBody)];
  expect(inForce(scene, late)).toBe(charterDigest(first!));
  expect(scene.fold(late).viewDigest()).toEqual(scene.fold().viewDigest());
});

test("of two proposals of a party the later one counts, though the earlier one took effect after it", () => {
  const scene = new Scene("ann", "bob");
  scene.found();
  const [ann, bob] = scene.actors as [Actor, Actor];
  const question = scene.say(bob, QUESTION);
  const [first, second] = ["First.", "Second."].map((purpose) => scene.amendment(scene.actors, { purpose }));
  propose(scene, ann, first!, question);
  propose(scene, ann, second!);
  scene.settle();
  const isBody = (each: Delivery): boolean => "body" in each && each.body === question.body;
  const late = [...scene.deliveries().filter((each) => !isBody(each)), ...scene.deliveries().filter(isBody)];
  for (const order of [scene.deliveries(), late]) {
    const proposals = scene.fold(order).openProposals();
    expect(proposals.map(({ document }) => document.purpose)).toEqual(["Second."]);
  }
});

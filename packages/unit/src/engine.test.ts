import { charterDigest } from "@detente/record";
import { expect, test } from "vitest";
import { type Actor, Scene, type Written } from "../test/scene.ts";

const QUESTION = { type: "open", kind: "question", content: { title: "Who?", text: "" } } as const;

function propose(scene: Scene, actor: Actor, charter: Scene["charter"]): Written {
  return scene.say(actor, { type: "open", kind: "charter", content: { charter } });
}

// docs/formats.md, The fold: any charter that is or was in force may measure, whatever came before it.
test("what a newcomer had observed counts from when the charter that takes it in is in force, in any order", () => {
  const scene = new Scene("ann", "bob", "cem");
  scene.found();
  const [ann, bob, cem] = scene.actors as [Actor, Actor, Actor];
  const dov = scene.join("dov");
  const amended = scene.amendment([ann, bob, cem, dov]);
  const opened = propose(scene, ann, amended);
  const joined = scene.accept(dov, opened, amended);
  for (const actor of [ann, bob]) scene.accept(actor, opened, amended, joined);
  for (const actor of [ann, bob, cem]) scene.observe(actor, ann, bob, dov);
  const question = scene.say(ann, QUESTION);
  scene.observe(bob, ann);
  scene.observe(dov, ann);
  scene.accept(cem, opened, amended, joined);
  expect(scene.fold().status(ann.origin, question.index)).toEqual({ state: "pending" });
  scene.observe(ann, cem);
  scene.observe(bob, cem);
  // What brings the charter into force comes last, or first, or between.
  for (const actors of [scene.actors, [dov, ann, bob, cem], [cem, dov, bob, ann]]) {
    const order = actors.flatMap(({ origin }) =>
      scene.deliveries().filter((each) => "body" in each || each.entry.log === origin),
    );
    const fold = scene.fold(order);
    expect(fold.charter().current?.digest).toBe(charterDigest(amended));
    expect(fold.status(ann.origin, question.index)).toMatchObject({ state: "effective" });
  }
});

test("a party that two charters take in is one from its first acceptance on, once", () => {
  const scene = new Scene("ann", "bob");
  scene.found();
  const [ann, bob] = scene.actors as [Actor, Actor];
  const dov = scene.join("dov");
  const [first, second] = [1, 2].map((attempt) => scene.amendment([ann, bob, dov], { attempt }));
  const joined = [first!, second!].map((charter) => {
    const opened = propose(scene, ann, charter);
    scene.settle(ann, bob);
    const acceptance = scene.accept(dov, opened, charter);
    scene.settle(ann, bob);
    for (const actor of [ann, bob]) scene.accept(actor, opened, charter, acceptance);
    scene.settle(ann, bob);
    return acceptance;
  });
  const fold = scene.fold();
  expect(fold.charter().chain.map(({ digest }) => digest)).toEqual([scene.unit, charterDigest(first!)]);
  const member = fold.members().find(({ name }) => name === "dov");
  expect(member?.memberships).toEqual([{ from: joined[0]!.index, to: null }]);
});

test("what a newcomer has said since it accepted counts once it is in, up to where it left again, in any order", () => {
  const scene = new Scene("ann", "bob");
  const founding = scene.found();
  const [ann, bob] = scene.actors as [Actor, Actor];
  const dov = scene.join("dov");
  const amended = scene.amendment([ann, bob, dov]);
  const opened = propose(scene, ann, amended);
  const joined = scene.accept(dov, opened, amended);
  const said = scene.say(dov, QUESTION);
  const content = { digest: scene.unit };
  scene.say(dov, { type: "position", kind: "withdraw", of: [founding.hash], content });
  const after = scene.say(dov, QUESTION);
  scene.settle(ann, bob);
  for (const actor of [ann, bob]) scene.accept(actor, opened, amended, joined);
  scene.settle(ann, bob);
  for (const actors of [scene.actors, [dov, ann, bob], [bob, dov, ann]]) {
    const order = actors.flatMap(({ origin }) =>
      scene.deliveries().filter((each) => "body" in each || each.entry.log === origin),
    );
    const fold = scene.fold(order);
    expect(fold.status(dov.origin, said.index)).toMatchObject({ state: "effective" });
    expect(fold.status(dov.origin, after.index)).toEqual({ state: "void", reason: "party-left" });
  }
});

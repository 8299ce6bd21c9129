import { toBase64 } from "@detente/basics";
import { draftHeads } from "@detente/record";
import { expect, test } from "vitest";
import { type Actor, Scene } from "../test/scene.ts";

const QUESTION = { type: "open", kind: "question", content: { title: "Who?", text: "" } } as const;

test("what was observed for another unit witnesses nothing in this one", () => {
  const scene = new Scene("ann", "bob");
  scene.found();
  const [ann, bob] = scene.actors as [Actor, Actor];
  const question = scene.say(ann, QUESTION);
  const heads = [{ log: ann.origin, size: ann.tree.size, root: toBase64(ann.tree.root()) }];
  const elsewhere = scene.write(bob, draftHeads({ unit: "ab".repeat(32), at: 1, heads }));
  expect(scene.fold().status(ann.origin, question.index)).toEqual({ state: "pending" });
  scene.observe(ann, bob);
  expect(scene.fold().status(bob.origin, elsewhere.index)).toEqual({ state: "void", reason: "other-unit" });
  scene.write(bob, draftHeads({ unit: scene.unit, at: 1, heads }));
  expect(scene.fold().status(ann.origin, question.index)).toMatchObject({ state: "effective" });
});

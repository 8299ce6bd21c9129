import { formatCheckpoint, signNote } from "@detente/tlog";
import { expect, test } from "vitest";
import { type Actor, Scene } from "../test/scene.ts";

// docs/formats.md, The fold: what lacks a key waits for it, and is judged when the log's party has taken it up.
test("two heads that a key has signed which the record does not know yet are proven once it does", () => {
  const scene = new Scene("ann", "bob");
  scene.found();
  const [ann, bob] = scene.actors as [Actor, Actor];
  const { size } = bob.tree;
  const note = (root: Uint8Array): string => {
    const text = formatCheckpoint({ origin: bob.origin, size, root, extensions: [] });
    return new TextDecoder().decode(signNote(text, [bob.signer(1)]));
  };
  const [first, second] = [note(bob.tree.root()), note(new Uint8Array(32))];
  const report = scene.say(ann, { type: "observe", kind: "equivocation", content: { log: bob.origin, first, second } });
  scene.settle();
  const fold = scene.fold();
  expect(fold.status(ann.origin, report.index)).toEqual({ state: "waiting", for: "key" });
  const next = scene.keyDigest(bob, "log", 2);
  scene.say(bob, { type: "open", kind: "keys", content: { role: "log", key: bob.key("log", 1), next } });
  scene.settle();
  expect(scene.fold().status(ann.origin, report.index)).toMatchObject({ state: "effective" });
});

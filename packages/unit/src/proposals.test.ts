import { charterDigest } from "@detente/record";
import { expect, test } from "vitest";
import { type Actor, Scene, type Written } from "../test/scene.ts";

function unit(): { scene: Scene; ann: Actor; bob: Actor; propose: (by: Actor, title: string) => Written } {
  const scene = new Scene("ann", "bob");
  scene.found();
  const [ann, bob] = scene.actors as [Actor, Actor];
  const propose = (by: Actor, title: string): Written =>
    scene.say(by, { type: "open", kind: "charter", content: { charter: scene.amendment([ann, bob], { title }) } });
  return { scene, ann, bob, propose };
}

test("of each party the newest proposal counts, until all have accepted it", () => {
  const { scene, ann, bob, propose } = unit();
  propose(ann, "first");
  const second = propose(ann, "second");
  propose(bob, "another");
  scene.settle();
  const titles = (): string[] =>
    scene
      .fold()
      .openProposals()
      .map(({ log, document }) => `${log} ${document.title}`);
  expect(titles()).toEqual([`${ann.origin} second`, `${bob.origin} another`]);
  const amended = scene.amendment([ann, bob], { title: "second" });
  scene.accept(ann, second, amended);
  scene.accept(bob, second, amended);
  scene.settle();
  const fold = scene.fold();
  expect(charterDigest(fold.charterInForce().current ?? amended)).toBe(fold.charter().current?.digest);
  expect(fold.charterInForce().current?.title).toBe("second");
  expect(titles()).toEqual([]);
});

test("a party that proposes charters without end makes no question that a station asks at each request dearer", () => {
  const { scene, ann, propose } = unit();
  for (let i = 0; i < 1000; i++) propose(ann, `no. ${i}`);
  scene.settle();
  const fold = scene.fold();
  const start = process.cpuUsage();
  for (let i = 0; i < 2000; i++) {
    expect(fold.members()).toHaveLength(2);
    expect(fold.openProposals()[0]?.document.title).toBe("no. 999");
    expect(fold.charterInForce().current?.base).toBeUndefined();
  }
  expect(fold.charter().proposals).toHaveLength(1000);
  // Some microseconds each, of this process alone; looking at each proposal takes several hundred times as long.
  expect(process.cpuUsage(start).user).toBeLessThan(4_000_000);
});

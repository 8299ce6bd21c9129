import { expect, it } from "vitest";
import { CHARTER } from "../../test/contest-scene.ts";
import { type Actor, Scene } from "../../test/scene.ts";

it("has what is said of an audit to all, and nothing that only some can read", () => {
  const scene = new Scene("east", "north", "office", "south");
  scene.found();
  const [, north, office, south] = scene.actors as [Actor, Actor, Actor, Actor];
  const { hash } = scene.say(office, { type: "open", kind: "contest", content: CHARTER });
  const accept = { type: "position", kind: "accept", of: [hash], content: {} } as const;
  scene.say(north, { ...accept, audience: ["north", "south"] });
  const said = scene.say(south, accept);
  scene.settle();
  const statements = scene.fold().contest(hash)?.statements ?? [];
  expect(statements.map((each) => [each.party, each.hash])).toEqual([["south", said.hash]]);
});

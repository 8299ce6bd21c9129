import { toHex, sha256, utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { Scene } from "../test/scene.ts";

/**
 * Whoever names in its own log, to the whole unit, the digest of a body that is for some parties only, would divide the
 * unit: those parties hold the body, the others can get it from nobody.
 */
describe("a statement to the unit whose body is for others", () => {
  it("counts as without a body, for those who hold the body too", () => {
    const scene = new Scene("ann", "bob", "cy", "eve");
    const [ann, , , eve] = scene.actors;
    const secret = scene.say(ann!, {
      type: "open",
      kind: "question",
      content: { title: "Who?", text: "Who was it?" },
      audience: ["ann", "bob"],
    });
    const body = secret.body!;
    const leaf = `{"at":0,"body":"${toHex(sha256(body))}","of":[],"size":${body.length},"type":"open","unit":"${scene.unit}","v":1}`;
    const stolen = scene.write(eve!, utf8(leaf), body);
    const after = scene.say(eve!, { type: "open", kind: "question", content: { title: "And?", text: "And now?" } });
    scene.settle();
    const fold = scene.fold();
    expect(fold.status(eve!.origin, stolen.index)).toEqual({ state: "waiting", for: "body" });
    expect(fold.status(eve!.origin, after.index)).toEqual({ state: "waiting", for: "body" });
    expect(fold.missingBodies(eve!.origin, stolen.index + 1)).toHaveLength(1);
    expect(fold.status(ann!.origin, secret.index)).toMatchObject({ state: "effective" });
  });

  it("does so in whichever order leaf and body come", () => {
    const scene = new Scene("ann", "bob", "eve");
    const [ann, , eve] = scene.actors;
    const secret = scene.say(ann!, {
      type: "open",
      kind: "question",
      content: { title: "Who?", text: "Who was it?" },
      audience: ["ann", "bob"],
    });
    const body = secret.body!;
    const leaf = `{"at":0,"body":"${toHex(sha256(body))}","of":[],"size":${body.length},"type":"open","unit":"${scene.unit}","v":1}`;
    const stolen = scene.write(eve!, utf8(leaf), body);
    scene.settle();
    const bodies = scene.deliveries().filter((delivery) => "body" in delivery);
    const entries = scene.deliveries().filter((delivery) => "entry" in delivery);
    for (const deliveries of [
      [...bodies, ...entries],
      [...entries, ...bodies],
    ]) {
      expect(scene.fold(deliveries).status(eve!.origin, stolen.index)).toEqual({ state: "waiting", for: "body" });
    }
  });
});

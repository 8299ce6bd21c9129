import { expect, it } from "vitest";
import { ContestScene } from "../../test/contest-scene.ts";
import { stageOf } from "./stage.ts";

it("says how far an audit has come", () => {
  const audit = new ContestScene();
  expect(stageOf(audit.record())).toBe("east, north, office, south to accept the charter");
  audit.makeSeed();
  expect(stageOf(audit.record())).toBe("cards read: north 0, south 0; opened: 0; risks signed: 0");
  audit.round("mayor");
  expect(stageOf(audit.record())).toBe("cards read: north 40, south 40; opened: 40; risks signed: 3");
  const content = { contest: "mayor", totals: [180, 90], winners: [0] };
  audit.say("north", { type: "observe", kind: "hand-count", content });
  audit.settle();
  expect(stageOf(audit.record())).toContain("; counted by hand: mayor");
});

import { expect, it } from "vitest";
import { ContestScene } from "../../test/contest-scene.ts";

it("takes no count by both boards whose winner its own totals do not give", () => {
  const audit = new ContestScene();
  const count = (winners: readonly number[]): void => {
    const content = { contest: "mayor", totals: [90, 180], winners };
    for (const board of ["north", "south"]) audit.say(board, { type: "observe", kind: "hand-count", content });
    audit.settle();
  };
  count([0]);
  expect(audit.progress("mayor")).toMatchObject({ verdict: "not-begun", winners: undefined });
  expect(audit.faults()).toEqual(["north wrong-numbers", "south wrong-numbers"]);
  count([1]);
  expect(audit.progress("mayor")).toMatchObject({ verdict: "counted", winners: [1] });
});

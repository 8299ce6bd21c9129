import { expect, test } from "vitest";
import { turn } from "./turn.ts";

/** Goes on for so many turns, and notes each. */
async function work(name: string, turns: number, done: string[]): Promise<void> {
  for (let i = 0; i < turns; i++) {
    await turn();
    done.push(name);
  }
}

test("many who work at length take turns, and between any two of them everybody else is served", async () => {
  const done: string[] = [];
  let isOver = false;
  const served = (): void => {
    done.push("-");
    if (!isOver) setImmediate(served);
  };
  setImmediate(served);
  await Promise.all([work("a", 3, done), work("b", 3, done), work("c", 2, done)]);
  isOver = true;
  const worked = done.filter((one) => one !== "-");
  expect(worked).toEqual(["a", "b", "c", "a", "b", "c", "a", "b"]);
  expect(done.join("")).not.toMatch(/[abc]{2}/);
});

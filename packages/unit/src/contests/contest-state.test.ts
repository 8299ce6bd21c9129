import { expect, it } from "vitest";
import { ContestScene } from "../../test/contest-scene.ts";

const COUNT = { contest: "mayor", totals: [180, 90], winners: [0] };

/** Both boards count all cards by hand. */
function count(audit: ContestScene, content: typeof COUNT = COUNT): void {
  for (const board of ["north", "south"]) audit.say(board, { type: "observe", kind: "hand-count", content });
  audit.settle();
}

it("begins no contest whose files are not here, and blames nobody", () => {
  const audit = new ContestScene();
  audit.makeSeed();
  for (const files of [
    { ...audit.files, votes: new Map() },
    { ...audit.files, cards: undefined },
  ]) {
    const { contests, faults } = audit.state(files);
    expect(contests.map(({ verdict, auditable }) => [verdict, auditable])).toEqual([
      ["not-begun", undefined],
      ["not-begun", undefined],
    ]);
    expect(faults).toEqual([]);
  }
});

it("counts by hand what cannot be audited, until both boards have counted", () => {
  const audit = new ContestScene();
  const [mayor, council] = audit.commitment.content.contests;
  const contests = [{ ...mayor!, totals: [90, 180], winners: [1] }, council!];
  audit.commitment = { ...audit.commitment, content: { ...audit.commitment.content, contests } };
  audit.makeSeed();
  expect(audit.progress("mayor").verdict).toBe("hand-count");
  count(audit);
  expect(audit.progress("mayor")).toMatchObject({ verdict: "counted", winners: [0] });
});

it("is counted whatever files somebody has", () => {
  const audit = new ContestScene();
  audit.makeSeed();
  count(audit);
  const { contests } = audit.state({ ...audit.files, cards: new Uint8Array(3) });
  expect(contests.map(({ verdict }) => verdict)).toEqual(["counted", "not-begun"]);
});

it("asks for a count by hand of a contest that nothing was committed of", () => {
  const audit = new ContestScene();
  const contests = audit.commitment.content.contests.slice(0, 1);
  audit.commitment = { ...audit.commitment, content: { ...audit.commitment.content, contests } };
  audit.makeSeed();
  expect(audit.progress("council").verdict).toBe("hand-count");
  expect(audit.state().faults.map(({ message }) => message)).toEqual([
    "has committed to what cannot be audited: nothing is committed of the contest council",
  ]);
});

it("takes no hand count of one board, of two that differ, or of whoever is no board", () => {
  const audit = new ContestScene();
  audit.makeSeed();
  audit.say("north", { type: "observe", kind: "hand-count", content: COUNT });
  audit.say("east", { type: "observe", kind: "hand-count", content: COUNT });
  audit.settle();
  expect(audit.progress("mayor")).toMatchObject({ verdict: "sampling", winners: undefined });
  audit.say("south", { type: "observe", kind: "hand-count", content: { ...COUNT, totals: [181, 90] } });
  audit.settle();
  expect(audit.progress("mayor")).toMatchObject({ verdict: "sampling", winners: undefined });
  expect(audit.faults()).toEqual([]);
});

it("tells of each board and the holder how many cards they have still to do, and of each fault once", () => {
  const audit = new ContestScene();
  audit.makeSeed();
  const cards = audit.drawn("mayor");
  const readings = audit.read("mayor", cards.slice(0, 30));
  for (let i = 0; i < 2; i++) audit.open("mayor", readings.slice(0, 1), audit.openings("mayor", cards.slice(0, 1)));
  audit.open("mayor", readings, audit.openings("mayor", cards.slice(1, 10)));
  expect(audit.progress("mayor").lacking).toEqual([
    { party: "north", what: "reading", cards: 10 },
    { party: "south", what: "reading", cards: 10 },
    { party: "office", what: "opening", cards: 31 },
  ]);
  const evidence = audit
    .record()
    .statements.flatMap(({ said, hash }) =>
      said.name === "observe/readings" || said.name === "exhibit/openings" ? [{ hash }] : [],
    );
  audit.risk("mayor", evidence);
  expect(audit.progress("mayor").closed).toHaveLength(1);
  expect(audit.faults()).toEqual(["office opened-early"]);
});

import * as fc from "fast-check";
import { expect, it } from "vitest";
import { ContestScene } from "../../test/contest-scene.ts";
import { deliver, type Delivery } from "../../test/scene.ts";
import { contestState, type ContestState } from "./contest-state.ts";

/** An audit with a bit of everything: a withheld contribution, a late seal, a disagreement, a false opening, a close. */
function lively(): ContestScene {
  const audit = new ContestScene();
  audit.commit();
  for (const party of ["east", "north", "south"]) audit.seal(party);
  audit.settle();
  for (const party of ["east", "north"]) audit.show(party);
  audit.settle();
  for (const party of ["east", "north", "south"]) audit.close(party);
  audit.close("south", audit.shares, 2);
  audit.settle();
  audit.chance("south", "cd".repeat(32));
  for (const party of ["east", "north"]) audit.chance(party);
  audit.settle();
  const cards = audit.drawn("mayor");
  const readings = audit.read("mayor", cards, (board, card) =>
    board === "north" && card === cards[0] ? null : [[0, 1]],
  );
  const honest = audit.openings("mayor");
  audit.open("mayor", readings, {
    ...honest,
    openings: honest.openings.map((each, i) => (i === 3 ? { ...each, index: 9 } : each)),
  });
  audit.risk("mayor", readings, ["east"]);
  audit.risk("mayor", [
    ...readings,
    ...audit.record().statements.filter(({ said }) => said.name === "exhibit/openings"),
  ]);
  return audit;
}

it("is the same for any interleaving and any duplication of deliveries, and so is the unit's digest", () => {
  const audit = lively();
  const expected = audit.state();
  const digest = audit.scene.fold().viewDigest();
  expect(expected.faults.map(({ code }) => code)).toEqual(
    expect.arrayContaining(["withheld-share", "differs", "disagreement", "false-opening"]),
  );
  const orders = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(orders, (choices) => {
      const fold = audit.scene.emptyFold();
      for (const delivery of mixed(audit, choices)) deliver(fold, delivery);
      expect(plain(contestState(fold.contest(audit.contest.hash)!, audit.files))).toEqual(plain(expected));
      expect(fold.viewDigest()).toEqual(digest);
    }),
    { numRuns: 15 },
  );
});

it("is known to whoever lacks the files as far as the record tells", () => {
  const { seed, contests } = lively().state({ cards: undefined, votes: new Map() });
  expect(seed.seed).toBeDefined();
  expect(contests.map(({ verdict }) => verdict)).toEqual(["not-begun", "not-begun"]);
});

/** All but the functions of the mathematics, which equal nothing but themselves. */
function plain({ contests, ...rest }: ContestState): unknown {
  return { ...rest, contests: contests.map(({ auditable, ...each }) => ({ ...each, cards: auditable?.cards })) };
}

/** The logs mixed at random, in order each, bodies whenever, some of it twice. */
function* mixed(audit: ContestScene, choices: readonly number[]): Generator<Delivery> {
  const logs = audit.scene.actors.map(({ written }) => [...written]);
  const bodies = audit.scene.actors.flatMap(({ written }) => written.flatMap(({ body }) => body ?? []));
  for (let i = 0; bodies.length > 0 || logs.some((log) => log.length > 0); i++) {
    const choice = (choices[i % choices.length] ?? 0) + i;
    const log = logs[choice % 6];
    const entry = log?.shift() ?? (bodies.length === 0 ? logs.find(({ length }) => length > 0)?.shift() : undefined);
    const body = entry === undefined ? bodies.splice(choice % bodies.length, 1)[0] : undefined;
    const delivery = entry !== undefined ? { entry } : body !== undefined ? { body } : undefined;
    if (delivery === undefined) continue;
    yield delivery;
    if (choice % 7 === 0) yield delivery;
  }
}

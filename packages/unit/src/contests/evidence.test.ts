import { beforeAll, describe, expect, it } from "vitest";
import type { Written } from "../../test/scene.ts";
import { ContestScene } from "../../test/contest-scene.ts";
import { type Evidence, evidenceOf } from "./evidence.ts";

let audit: ContestScene;
/** Of the first cards of the mayor's sample, by both boards. */
let readings: readonly Written[];

beforeAll(() => {
  audit = new ContestScene();
  audit.makeSeed();
  readings = audit.read("mayor", audit.drawn("mayor").slice(0, 3));
});

function evidence(among?: readonly Written[]): Evidence {
  const { seed } = audit.state();
  return evidenceOf(audit.record(), seed, "mayor", among && new Set(among.map(({ hash }) => hash)));
}

describe("an opening", () => {
  it("that names the reading of one board only came too early", () => {
    const cards = audit.drawn("mayor").slice(0, 1);
    audit.open("mayor", readings.slice(0, 1), audit.openings("mayor", cards));
    const { opened, faults } = evidence();
    expect([...opened.keys()]).toEqual([]);
    expect(faults.map(({ party, code }) => `${party} ${code}`)).toEqual(["office opened-early"]);
    expect(audit.faults()).toEqual(["office opened-early"]);
  });

  it("counts behind any pair of readings of the card, and twice as once", () => {
    const cards = audit.drawn("mayor").slice(1, 2);
    const again = audit.read("mayor", cards);
    audit.open("mayor", again, audit.openings("mayor", cards));
    audit.open("mayor", readings, audit.openings("mayor", cards));
    const { opened, faults } = evidence();
    expect([...opened.keys()]).toEqual(cards.map((card) => JSON.stringify(card)));
    expect(faults).toHaveLength(1);
  });

  it("is looked at where it is among what is meant, as readings are", () => {
    const cards = audit.drawn("mayor").slice(2, 3);
    const opening = audit.open("mayor", readings, audit.openings("mayor", cards));
    const key = JSON.stringify(cards[0]);
    expect([...evidence([...readings, opening]).opened.keys()]).toEqual([key]);
    expect(evidence(readings).opened.size).toBe(0);
    expect(evidence(readings).found.has(key)).toBe(true);
    const without = evidence([opening]);
    expect([without.opened.size, without.found.size, without.faults.length]).toEqual([0, 0, 1]);
  });

  it("of another contest is none of this one", () => {
    const cards = audit.drawn("council").slice(0, 1);
    const before = evidence();
    audit.open("council", audit.read("council", cards), audit.openings("council", cards));
    expect(evidence()).toEqual(before);
  });
});

it("nothing is opened of a contest that nothing is committed of", () => {
  const { opened, faults } = evidenceOf(audit.record(), audit.state().seed, "sheriff");
  expect([opened.size, faults.length]).toEqual([0, 0]);
});

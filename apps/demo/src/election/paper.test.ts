import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { Paper, type Race, RACES, TREASURER } from "./paper.ts";

function recordedTotals(paper: Paper, race: Race): number[] {
  const totals = race.candidates.map(() => 0);
  for (let number = 0; number < paper.cards; number++) {
    const at = race.candidates.indexOf(paper.recorded(number, race) ?? "");
    if (at >= 0) totals[at] = (totals[at] ?? 0) + 1;
  }
  return totals;
}

it("has the machines right about the mayor and, by hacked records, wrong about the treasurer", () => {
  const paper = new Paper(20_000);
  const mayor = RACES[0] as Race;
  expect(recordedTotals(paper, mayor)).toEqual(paper.totals(mayor));
  const [cleo = 0, dag = 0] = paper.totals(TREASURER);
  const [recordedCleo = 0, recordedDag = 0] = recordedTotals(paper, TREASURER);
  expect(cleo).toBeGreaterThan(dag);
  expect(recordedDag).toBeGreaterThan(recordedCleo);
  expect(recordedCleo + recordedDag).toBe(cleo + dag);
  // 28 of 100 of Cleo's half, within four standard deviations of a binomial: √(10000 · 0.28 · 0.72) = 45.
  expect(Math.abs(cleo - recordedCleo - 0.28 * cleo)).toBeLessThan(180);
});

it("writes each card once, where the manifest has it", async () => {
  const dir = await mkdtemp(`${tmpdir()}/detente-paper-`);
  try {
    const paper = new Paper(1234);
    const { cvr, manifest } = await paper.write(dir);
    const rows = (await readFile(cvr, "utf8")).trimEnd().split("\r\n").slice(4);
    const cards = rows
      .map((row) => row.split(","))
      .map(([, tabulator, batch, place]) => [`${tabulator}/${batch}`, Number(place)] as const);
    expect(cards.map(([batch, place]) => paper.numberAt(batch, place))).toEqual(
      Array.from({ length: 1234 }, (_, i) => i),
    );
    const batches = (await readFile(manifest, "utf8")).trimEnd().split("\n").slice(1);
    expect(batches).toEqual(["7,1,500", "7,2,500", "7,3,234"]);
  } finally {
    await rm(dir, { recursive: true });
  }
});

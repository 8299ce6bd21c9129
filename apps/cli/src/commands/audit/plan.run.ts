import { utf8 } from "@detente/basics";
import {
  type ContestPlan,
  expectedBatches,
  type InputFile,
  planAlpha,
  planBravo,
  planCobra,
  planMinerva,
  type PlannedSize,
  planSuperSimple,
  readManifest,
  readTallies,
} from "@detente/rla";
import { planBatches } from "../../audit/plan-batches.ts";
import { readOrTrouble } from "../../audit/read-or-trouble.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { inputFile } from "../../files.ts";
import { orTrouble, Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";
import type { Flags } from "./plan.ts";

export async function run(cli: Cli, flags: Flags): Promise<Answer> {
  const { votes, winners, limit, over, runs, seed, minutes, boards } = flags;
  const manifest = flags.manifest === undefined ? undefined : readOrTrouble(await readManifest(file(flags.manifest)));
  const cards = flags.cards ?? manifest?.cards;
  if (cards === undefined) throw new Trouble("--cards", "is missing", "say it, or give a manifest");
  const order = [...votes].sort((a, b) => b.votes - a.votes);
  const [winner, loser] = [order[winners - 1], order[winners]];
  if (winner === undefined || loser === undefined || winner.votes <= loser.votes) {
    throw new Trouble("--votes", "nobody wins by a vote", "there must be a margin, or all cards be counted");
  }
  if (winner.votes > cards) {
    const what = `${winner.name} has ${amount(winner.votes, "vote")} on ${amount(cards, "card")}`;
    throw new Trouble("--cards", what, "count each card that may hold the contest");
  }
  const rates = { o1: over, o2: over / 10, u1: over, u2: over / 10 };
  const plan: ContestPlan = { cards, winner: winner.votes, loser: loser.votes, limit, rates, runs, seed: utf8(seed) };
  const bar = cli.progress("simulating", 3 * runs, (count) => amount(Math.round(count), "audit"));
  const sizes: PlannedSize[] = [orTrouble(planCobra(plan, bar.add), "--votes"), planSuperSimple(plan)];
  // Polling takes a vote of one or the other from each card.
  if (winner.votes + loser.votes <= cards)
    sizes.push(planAlpha(plan, bar.add), planBravo(plan, bar.add), planMinerva(plan));
  bar.clear();
  const work = sizes.map((size) => {
    const planned = size.sizes.find(({ chance }) => chance === 0.9)?.cards ?? size.mean ?? cards;
    const batches =
      manifest === undefined
        ? undefined
        : expectedBatches(
            manifest.batches.map((batch) => batch.cards),
            planned,
          );
    return {
      ...size,
      planned,
      batches,
      hours: minutes === undefined ? undefined : (planned * minutes) / 60 / boards,
    };
  });
  if (flags.tallies !== undefined && manifest === undefined) {
    throw new Trouble("--tallies", "need a manifest", "give --manifest, too");
  }
  const macro =
    flags.tallies === undefined || manifest === undefined
      ? undefined
      : planBatches(manifest, flags.tallies, readOrTrouble(await readTallies(file(flags.tallies))), {
          votes,
          winners,
          limit,
        });
  const at = (size: PlannedSize, chance: number): string | number =>
    size.sizes.find((each) => each.chance === chance)?.cards ?? "";
  return {
    json: { cards, winner, loser, margin: winner.votes - loser.votes, limit, tests: work, batches: macro },
    text: [
      `${winner.name} leads ${loser.name} by ${amount(winner.votes - loser.votes, "vote")}, ${(((winner.votes - loser.votes) / cards) * 100).toFixed(2)} % of ${amount(cards, "card")}; risk limit ${Number((limit * 100).toPrecision(12))} %`,
      "",
      ...cli.table(
        ["test", "no errors", "mean", "50 %", "80 %", "90 %", "99 %", "further", "batches", "hours"],
        work.map((size) => [
          size.test,
          size.flawless ?? "",
          size.mean ?? "",
          ...[0.5, 0.8, 0.9, 0.99].map((chance) => at(size, chance)),
          size.further.find(({ chance }) => chance === 0.9)?.cards ?? "",
          size.batches === undefined ? "" : Math.ceil(size.batches),
          size.hours?.toFixed(1) ?? "",
        ]),
      ),
      ...(macro === undefined
        ? []
        : [
            "",
            `MACRO: ${amount(macro.draws, "draw")} of batches, about ${amount(macro.different, "different batch", "different batches")} with ${amount(macro.cards, "card")}, if all agree`,
          ]),
      "",
      "An audit of paper shows nothing if the paper was changed: who kept it, and that all of it is there, is for people to see.",
    ],
  };
}

function file(path: string): InputFile {
  return inputFile(path, () => undefined);
}

import { AuditDesk } from "../../../audit/desk.ts";
import type { Cli } from "../../../cli.ts";
import type { Answer } from "../../../command.ts";
import { saidLine } from "../../../statements.ts";
import { Trouble } from "../../../trouble.ts";
import { amount } from "../../../ui/text.ts";
import type { Flags } from "./chance.ts";

export async function run(cli: Cli, { dice = [], beacon: value }: Flags, audit: string): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    desk.mustBe("auditor");
    const { dice: rolls, beacon } = desk.record.charter.seed;
    const { closed } = desk.seed;
    if (closed === undefined)
      throw new Trouble(audit, "is not closed by a majority", "wait for `detente audit seed close` of the others");
    if (!desk.isClosedInTime) {
      throw new Trouble(
        audit,
        "was closed after the beacon's round had come out: somebody could have known the seed",
        "close the next attempt, with `detente audit seed close`",
      );
    }
    if (dice.length !== rolls) {
      const what = `has ${amount(dice.length, "roll")}, the charter asks for ${rolls}`;
      throw new Trouble("--dice", what, "roll them together, in sight of all");
    }
    const round = beacon.rounds[closed.attempt - 1]?.round ?? 0;
    const content = {
      attempt: closed.attempt,
      dice,
      beacon: { name: beacon.name, round, value: value.toLowerCase() },
    };
    const appended = await desk.say("observe", "seed-chance", content, closed.closings);
    return { json: { ...appended, ...content }, text: [saidLine(`Dice and ${beacon.name} ${round}`, appended)] };
  });
}

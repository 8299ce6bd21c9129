import { one, optional, required } from "../../../args.ts";
import { AuditDesk } from "../../../audit/desk.ts";
import { command } from "../../../command.ts";
import { saidLine } from "../../../statements.ts";
import { Trouble } from "../../../trouble.ts";
import { amount } from "../../../ui/text.ts";

type Flags = { readonly dice?: readonly number[]; readonly beacon: string };

export const chanceCommand = command<Flags, [string]>({
  brief: "Say what the dice and the beacon gave, once the contributions are closed",
  about:
    "Every auditor looks for itself and says what it saw; what a majority says counts. Nothing is fetched: take the beacon's " +
    "value from its publisher, more than one if you can.",
  examples: ["detente audit seed chance 1a2b3c4d5e6f --dice 3,1,4,1,5,9 --beacon 8430af44…"],
  flags: {
    dice: optional(digits, "digits", "what a ten-sided die showed, roll by roll"),
    beacon: required(String, "hex", "the beacon's value for the round of the charter"),
  },
  args: one(String, "AUDIT", "the audit's hash, or its first digits"),
  async run(cli, { dice = [], beacon: value }, audit) {
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
  },
});

function digits(text: string): readonly number[] {
  if (!/^[0-9](?:,?[0-9])*$/.test(text)) throw new Error(`"${text}" is not digits 0 to 9, separated by commas or not`);
  return Array.from(text.replaceAll(",", ""), Number);
}

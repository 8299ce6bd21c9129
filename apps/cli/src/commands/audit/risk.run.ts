import type { Appended } from "@detente/station";
import { evidenceNames, millionths, numbersOf } from "@detente/unit";
import { claimNames } from "../../audit/claim-names.ts";
import { contestOf } from "../../audit/contest-of.ts";
import { AuditDesk } from "../../audit/desk.ts";
import { NOT_SHOWN } from "../../audit/limits-of-software.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { saidLine } from "../../statements.ts";
import { Trouble } from "../../trouble.ts";
import type { Flags } from "./risk.ts";

export async function run(cli: Cli, { sign }: Flags, audit: string, contest: string): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    const { contest: audited, now, round, verdict, lacking, auditable } = await contestOf(desk, contest);
    if (now === undefined) throw new Trouble(contest, "has no cards drawn yet", "see `detente audit next`");
    const { drawn, overstatements, pooled = [], risk } = now;
    let signed: Appended | undefined;
    if (sign) {
      desk.mustBe("auditor");
      const content = { contest, round, ...numbersOf(now), risk: millionths(risk) };
      signed = await desk.say("observe", "audit-risk", content, evidenceNames(desk.record, contest));
    }
    const { riskLimit } = desk.record.charter;
    const claims = auditable === undefined ? [] : claimNames(audited, auditable.committed);
    const rows = overstatements.flatMap((found, i) => {
      return found.map(([units, cards]) => [claims[i] ?? "", units, cards]);
    });
    const ofPools = pooled.flatMap((found, i) => found.map(([units, cards]) => [claims[i] ?? "", units, cards]));
    return {
      json: {
        contest,
        round,
        drawn,
        claims,
        overstatements,
        pooled,
        risk,
        limit: riskLimit / 1e6,
        verdict,
        lacking,
        signed: signed ?? null,
        notShown: NOT_SHOWN,
      },
      text: [
        `${contest}, round ${round}: risk ${(risk * 100).toPrecision(3)} % by ${drawn} cards; the limit is ${riskLimit / 1e4} %`,
        ...(rows.length === 0
          ? ["no card that has a record overstates or understates any claim"]
          : cli.table(["claim", "overstated by", "cards"], rows)),
        ...(ofPools.length === 0 ? [] : cli.table(["claim", "in pools, of value", "cards"], ofPools)),
        ...lacking.map(
          ({ party, what, cards }) => `${party} owes the ${what} of ${cards} cards: they count as the worst`,
        ),
        ...(signed === undefined ? [] : [saidLine("Signed", signed)]),
        ...NOT_SHOWN.map((line) => cli.palette.faint(`not shown: ${line}`)),
      ],
      // As the verdict compares them.
      isNo: risk * 1e6 > riskLimit,
    };
  });
}

import { toHex } from "@detente/basics";
import { AuditDesk } from "../../../audit/desk.ts";
import type { Cli } from "../../../cli.ts";
import type { Answer, CommonFlags } from "../../../command.ts";
import { saidLine } from "../../../statements.ts";
import { Trouble } from "../../../trouble.ts";

export async function run(cli: Cli, _: CommonFlags, audit: string): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    desk.mustBe("auditor");
    const { seed } = desk;
    if (seed.lacking.length > 0) {
      throw new Trouble(audit, `is not accepted by ${seed.lacking.join(", ")}`, "nothing is sealed before");
    }
    if (seed.sealed.includes(desk.party))
      throw new Trouble(desk.party, "has sealed already", "see `detente audit next`");
    const offered = desk.record.statements.filter(({ party, said }) => {
      return party === desk.record.charter.holder && said.name === "exhibit/records";
    });
    const [records, other] = offered;
    if (records === undefined)
      throw new Trouble(audit, "has no records in effect", "wait for its holder to commit to them");
    if (other !== undefined)
      throw new Trouble(audit, "has two statements of records", "ask its holder which to seal for, and do it by hand");
    const content = { by: desk.party, random: toHex(cli.context.random(32)) };
    const appended = await desk.seal(content, [records.hash]);
    return {
      json: appended,
      text: [saidLine("Seal", appended), "What opens it is in audits/ of the data directory"],
    };
  });
}

import { AuditDesk } from "../../audit/desk.ts";
import { nextSteps } from "../../audit/next-steps.ts";
import type { Cli } from "../../cli.ts";
import type { Answer, CommonFlags } from "../../command.ts";

export async function run(cli: Cli, _: CommonFlags, audit: string): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    const steps = nextSteps(desk, await desk.state(), cli.context.now());
    return { json: { steps }, text: steps.length === 0 ? ["nothing: every contest has its outcome"] : steps };
  });
}

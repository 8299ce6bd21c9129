import { one } from "../../args.ts";
import { AuditDesk } from "../../audit/desk.ts";
import { nextSteps } from "../../audit/next-steps.ts";
import { type CommonFlags, command } from "../../command.ts";

export const nextCommand = command<CommonFlags, [string]>({
  brief: "Say what this party has to do next in an audit, or whom it waits for",
  examples: ["detente audit next 1a2b3c4d5e6f"],
  flags: {},
  args: one(String, "AUDIT", "the audit's hash, or its first digits"),
  async run(cli, _, audit) {
    return cli.withStation(async (station) => {
      const desk = await AuditDesk.open(cli, station, audit);
      const steps = nextSteps(desk, await desk.state(), cli.context.now());
      return { json: { steps }, text: steps.length === 0 ? ["nothing: every contest has its outcome"] : steps };
    });
  },
});

import type { Appended } from "@detente/station";
import { yes } from "../args.ts";
import { command, NO_ARGS } from "../command.ts";
import { saidLine } from "../statements.ts";
import { Trouble } from "../trouble.ts";

export const leaveCommand = command<{ readonly yes: boolean }, []>({
  brief: "Leave the unit",
  about:
    "What this party has said stays on the record; what it says afterwards counts for nothing. There is no way back but " +
    "a new charter that all accept.",
  examples: ["detente leave --yes"],
  flags: { yes: yes("yes, this party leaves for good") },
  args: NO_ARGS,
  async run(cli, flags) {
    if (!flags.yes) throw new Trouble("leave", "leaving cannot be undone", "say --yes if it is meant");
    const appended = await cli.withStation((station) => station.post<Appended>("/api/charter/leave", {}));
    return { json: appended, text: [saidLine("Left the unit", appended)] };
  },
});

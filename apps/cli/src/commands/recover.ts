import type { RecoverReport } from "@detente/station";
import { list } from "../args.ts";
import { command, NO_ARGS } from "../command.ts";
import { amount, plain } from "../ui/text.ts";

export const recoverCommand = command<{ readonly without?: readonly string[] }, []>({
  brief: "Fetch what this station lacks of its own log from those who mirror it",
  about:
    "Needed after the data directory was restored from a backup: until then the station signs nothing, since it would " +
    "contradict what it has signed before. --without names peers that will not come back; whatever only they had seen of " +
    "this log is then lost, and signing on may show as a second version of it.",
  examples: ["detente recover", "detente recover --without charlie"],
  flags: { without: list("party", "peers that need not answer, separated by commas") },
  args: NO_ARGS,
  async run(cli, { without = [] }) {
    const report = await cli.withStation((station) => station.post<RecoverReport>("/api/recover", { without }));
    const { from, to, source } = report;
    const fetched = `${amount(to - from, "entry", "entries")} from ${plain(source ?? "nobody")}: the log has ${to} now`;
    return {
      json: report,
      text: [
        source === null ? `Nothing was missing: the log has ${amount(to, "entry", "entries")}` : `Recovered ${fetched}`,
      ],
    };
  },
});

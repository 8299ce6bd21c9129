import type { MatchReport } from "@detente/station";
import { type CommonFlags, command, NO_ARGS } from "../../command.ts";
import { plain, short } from "../../ui/text.ts";

export const matchListCommand = command<CommonFlags, []>({
  brief: "Show whom this party may ask blindly, who may ask it, and what is spent",
  examples: ["detente match list", "detente match list --json"],
  flags: {},
  args: NO_ARGS,
  async run(cli) {
    const report = await cli.withStation((station) => station.get<MatchReport>("/api/match"));
    const { own, fault, partners, disputes } = report;
    const rows = partners.map((set) => [
      set.party,
      short(set.set),
      set.epoch,
      set.sequence,
      set.count,
      `${set.spent} of ${set.budget}`,
      set.isHere ? "here" : plain(set.fault ?? "being fetched"),
    ]);
    const asked = (own?.partners ?? []).map(({ party, spent, budget }) => [party, `${spent} of ${budget}`]);
    return {
      json: report,
      text: [
        ...(rows.length === 0
          ? ["No partner lets this party ask."]
          : cli.table(["partner", "set", "epoch", "edition", "class", "spent", "state"], rows)),
        "",
        ...(own === null
          ? ["This party lets nobody ask."]
          : [
              `Own set ${short(own.set)}, epoch ${own.epoch}, edition ${own.sequence ?? "none yet"}: ${own.pooled} of ${own.pool} questions asked`,
              ...cli.table(["asked by", "spent"], asked),
            ]),
        ...disputes.map(({ party, epoch, said, flaw }) =>
          cli.palette.bad(
            plain(`${party}, epoch ${epoch}${said === null ? "" : ` (entry ${said.index} of its log)`}: ${flaw}`, 500),
          ),
        ),
        ...(fault === null ? [] : [cli.palette.bad(plain(fault, 500))]),
      ],
    };
  },
});

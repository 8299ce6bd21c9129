import { command, type CommonFlags, NO_ARGS } from "../../command.ts";
import { moment, plain } from "../../ui/text.ts";

interface Known {
  readonly id: string;
  readonly label: string;
  readonly scopes: readonly string[];
  readonly created: number;
  readonly expires?: number;
}

export const tokenListCommand = command<CommonFlags, []>({
  brief: "Show the tokens of machines",
  examples: ["detente token list"],
  flags: {},
  args: NO_ARGS,
  async run(cli) {
    const { tokens } = await cli.withStation((station) =>
      station.get<{ readonly tokens: readonly Known[] }>("/api/tokens"),
    );
    const now = cli.context.now();
    const rows = tokens.map(({ id, label, scopes, created, expires }) => [
      id,
      plain(label),
      scopes.join(" "),
      moment(created),
      expires === undefined ? "never" : `${moment(expires)}${expires <= now ? " (is over)" : ""}`,
    ]);
    return {
      json: { tokens },
      text: rows.length === 0 ? ["No tokens"] : cli.table(["id", "label", "scopes", "made", "ends"], rows),
    };
  },
});

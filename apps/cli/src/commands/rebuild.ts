import { rebuildIndex } from "@detente/station";
import { command, type CommonFlags, NO_ARGS } from "../command.ts";
import { orTrouble } from "../trouble.ts";
import { amount } from "../ui/text.ts";

export const rebuildCommand = command<CommonFlags, []>({
  brief: "Build the index anew from the record; the station must be stopped",
  about: "The index holds nothing of its own. The digest must be the one that `detente status` showed before.",
  examples: ["detente rebuild"],
  flags: {},
  args: NO_ARGS,
  async run(cli) {
    const progress = cli.progress("rebuilding", undefined, (count) => amount(count, "statement"));
    const rebuilt = await rebuildIndex(cli.dir, progress.set);
    progress.clear();
    const { digest, statements } = orTrouble(rebuilt, cli.dir);
    return { json: { digest, statements }, text: [`Indexed ${amount(statements, "statement")}`, `digest ${digest}`] };
  },
});

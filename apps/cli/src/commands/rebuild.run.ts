import { rebuildIndex } from "@detente/station";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { orTrouble } from "../trouble.ts";
import { amount } from "../ui/text.ts";

export async function run(cli: Cli): Promise<Answer> {
  const progress = cli.progress("rebuilding", undefined, (count) => amount(count, "statement"));
  const rebuilt = await rebuildIndex(cli.dir, progress.set);
  progress.clear();
  const { digest, statements } = orTrouble(rebuilt, cli.dir);
  return { json: { digest, statements }, text: [`Indexed ${amount(statements, "statement")}`, `digest ${digest}`] };
}

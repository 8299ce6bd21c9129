import { checkCopies } from "@detente/rla";
import type { Cli } from "../../cli.ts";
import type { Answer, CommonFlags } from "../../command.ts";
import { answerAbout } from "../../results/answer.ts";

export function run(cli: Cli, _flags: CommonFlags, ...paths: string[]): Promise<Answer> {
  return answerAbout(cli, paths, { alone: () => [], between: checkCopies, base: () => 0 });
}

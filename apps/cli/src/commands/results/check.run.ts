import { checkProgress, checkSnapshot } from "@detente/rla";
import type { Cli } from "../../cli.ts";
import type { Answer, CommonFlags } from "../../command.ts";
import { answerAbout } from "../../results/answer.ts";

export function run(cli: Cli, _flags: CommonFlags, ...paths: string[]): Promise<Answer> {
  return answerAbout(cli, paths, { alone: checkSnapshot, between: checkProgress, base: (at) => at - 1 });
}

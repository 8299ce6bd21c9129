import type { FileContent } from "@detente/record";
import { checkSnapshot } from "@detente/rla";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { observe } from "../../results/observed.ts";
import { saidLine, stateAbout } from "../../statements.ts";
import { amount } from "../../ui/text.ts";
import type { Flags } from "./post.ts";

export async function run(
  cli: Cli,
  { about, origin, via, obtained = cli.context.now(), precision, to }: Flags,
  path: string,
): Promise<Answer> {
  const { digest, size, results } = await observe({ path, observer: "", at: obtained });
  const findings = checkSnapshot(results);
  const file: FileContent = { digest, size, origin, via, obtained, precision: precision * 1000 };
  const check = {
    check: `results ${digest.slice(0, 16)}: sums, and votes against ballots`,
    outcome: findings.length === 0 ? "pass" : "fail",
    coverage: { from: obtained, to: obtained, source: origin },
  };
  const said = await cli.withStation(async (station) => {
    const exhibit = await stateAbout(station, [about], { type: "exhibit", kind: "file", content: { ...file }, to });
    const observed = await stateAbout(station, [about], { type: "observe", kind: "check", content: check, to });
    return { exhibit, observed };
  });
  return {
    json: { digest, findings, ...said },
    text: [
      saidLine("Exhibit", said.exhibit),
      saidLine("Check", said.observed),
      findings.length === 0 ? "Nothing found" : amount(findings.length, "finding"),
    ],
    isNo: findings.length > 0,
  };
}

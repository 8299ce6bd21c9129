import type { FileContent } from "@detente/record";
import { checkSnapshot } from "@detente/rla";
import { one, optional, required, seconds, time } from "../../args.ts";
import { command } from "../../command.ts";
import { observe } from "../../results/observed.ts";
import { saidLine, stateAbout, TO_FLAG } from "../../statements.ts";
import { amount } from "../../ui/text.ts";

type Flags = {
  readonly about: string;
  readonly origin: string;
  readonly via: string;
  readonly obtained?: number;
  readonly precision: number;
  readonly to?: readonly string[];
};

export const postResultsCommand = command<Flags, [string]>({
  brief: "Put published results on the record, as this party got them",
  about:
    "Says an exhibit (the file's digest, where and when it was got) about THING, and how the checks of `detente results " +
    "check` came out. The file itself stays here: whoever got other bytes from the same place has another digest, which " +
    "`detente results seen` shows.",
  examples: ["detente results post detail.xml --about 1a2b3c4d5e6f --origin https://results.example/detail.xml"],
  flags: {
    about: required(String, "thing", "what it is about: a statement's hash, or its first digits"),
    origin: required(String, "url", "where the results are published"),
    via: { ...required(String, "text", "how they were got"), default: "downloaded" },
    obtained: optional(time, "time", "when (default: now)"),
    precision: { kind: "parsed", parse: seconds, brief: "how sure that time is", placeholder: "time", default: "1m" },
    to: TO_FLAG,
  },
  args: one(String, "FILE", "CSV, Clarity's detail.xml, or NIST SP 1500-100"),
  async run(cli, { about, origin, via, obtained = cli.context.now(), precision, to }, path) {
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
  },
});

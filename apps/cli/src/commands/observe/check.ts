import type { CheckContent } from "@detente/record";
import { one, required, time } from "../../args.ts";
import { command } from "../../command.ts";
import { saidLine, stateAbout, TO_FLAG } from "../../statements.ts";

type Flags = {
  readonly check: string;
  readonly outcome: CheckContent["outcome"];
  readonly from: number;
  readonly until: number;
  readonly source: string;
  readonly to?: readonly string[];
};

export const checkCommand = command<Flags, [string]>({
  brief: "Say how a check of a thing came out, or that it could not be made",
  examples: [
    'detente observe check 1a2b3c4d5e6f --check "backups restore" --outcome no-access --from 2026-11-01 --until 2026-11-02 --source "site visit"',
  ],
  flags: {
    check: required(String, "text", "what was checked"),
    outcome: {
      kind: "enum",
      values: ["pass", "fail", "no-access", "not-run"],
      brief: "how it came out",
    },
    from: required(time, "time", "begin of what was looked at"),
    until: required(time, "time", "end of what was looked at"),
    source: required(String, "text", "what was looked at"),
    to: TO_FLAG,
  },
  args: one(String, "THING", "the statement's hash, or its first digits"),
  async run(cli, { check, outcome, from, until, source, to }, thing) {
    const content = { check, outcome, coverage: { from, to: until, source } };
    const said = { type: "observe", kind: "check", content, to } as const;
    const appended = await cli.withStation((station) => stateAbout(station, [thing], said));
    return { json: appended, text: [saidLine("Check", appended)] };
  },
});

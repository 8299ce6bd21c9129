import { one, optional, required } from "../../args.ts";
import { command } from "../../command.ts";
import { saidLine, stateAbout, TO_FLAG } from "../../statements.ts";

type Flags = {
  readonly party: string;
  readonly said: string;
  readonly source?: string;
  readonly to?: readonly string[];
};

export const accountCommand = command<Flags, [string]>({
  brief: "Report what somebody else has said about a thing",
  about: "It is kept apart as hearsay: it never counts as that party's own word.",
  examples: [
    'detente say account 1a2b3c4d5e6f --party charlie --said "they saw it too" --source "telephone, 3 November"',
  ],
  flags: {
    party: required(String, "name", "who is said to have said it"),
    said: required(String, "text", "what"),
    source: optional(String, "text", "how this party knows"),
    to: TO_FLAG,
  },
  args: one(String, "THING", "the statement's hash, or its first digits"),
  async run(cli, { party, said, source, to }, thing) {
    const content = { party, said, ...(source === undefined ? {} : { source }) };
    const statement = { type: "account", kind: "report", content, to } as const;
    const appended = await cli.withStation((station) => stateAbout(station, [thing], statement));
    return { json: appended, text: [saidLine("Account", appended)] };
  },
});

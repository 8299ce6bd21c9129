import type { Command } from "@stricli/core";
import { one } from "../../../args.ts";
import { type CommonFlags, command } from "../../../command.ts";
import type { Context } from "../../../context.ts";

export const revealMeetingCommand: Command<Context> = decision(
  "reveal",
  "Consent to both learning which items are common, now that both have said how many",
  "Consented to showing what is common in",
);

export const abortMeetingCommand: Command<Context> = decision(
  "abort",
  "Refuse or take back a proposal, break a meeting off, or leave it at the number",
  "Ended",
);

export const eraseMeetingCommand: Command<Context> = decision(
  "erase",
  "Erase what is known here of which items were common",
  "Erased what was common in",
);

function decision(verb: string, brief: string, done: string): Command<Context> {
  return command<CommonFlags, [string]>({
    brief,
    examples: [`detente match meet ${verb} 1a2b3c4d`],
    flags: {},
    args: one(String, "MEETING", "the meeting's hash, or its first digits"),
    load: async () => ({ run: (await import("./decide.run.ts")).deciding(verb, done) }),
  });
}

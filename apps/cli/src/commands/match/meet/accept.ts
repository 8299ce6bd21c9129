import { one, required } from "../../../args.ts";
import { command } from "../../../command.ts";

export type Flags = { readonly file: readonly string[] };

export const acceptMeetingCommand = command<Flags, [string]>({
  brief: "Answer a proposal with a list, and so consent to counting what both have",
  about:
    "The list is committed to on the record, and charged: the partner's list may test as many of your items as its size class says. " +
    "Neither side can choose its list by the other's.",
  examples: ["detente match meet accept 1a2b3c4d --file ours.csv"],
  flags: { file: { ...required(String, "file", "the list, in any form that `detente share` takes"), variadic: "," } },
  aliases: { f: "file" },
  args: one(String, "MEETING", "the meeting's hash, or its first digits"),
  load: () => import("./accept.run.ts"),
});

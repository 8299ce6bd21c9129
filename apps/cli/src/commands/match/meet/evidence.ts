import { one, required } from "../../../args.ts";
import { command } from "../../../command.ts";

export const meetingEvidenceCommand = command<{ readonly output: string }, [string]>({
  brief: "Write the messages into a file that show whether a complaint in a meeting is true",
  about:
    "Whoever has the record verifies it with no station (`detente verify FILE RECORD`): who is at fault, or that nobody is. " +
    "Messages are kept where either side has complained of what they show. They are under keys that are erased, so nobody " +
    "reads an item in them.",
  examples: ["detente match meet evidence 1a2b3c4d -o meeting.evidence"],
  flags: { output: required(String, "file", "where the messages go") },
  aliases: { o: "output" },
  args: one(String, "MEETING", "the meeting's hash, or its first digits"),
  load: () => import("./evidence.run.ts"),
});

import type { Question } from "@detente/station";
import { one } from "../../../args.ts";
import { type CommonFlags, command } from "../../../command.ts";
import { meetingNamed } from "../../../match/meeting.ts";
import { plain } from "../../../ui/text.ts";

export const showMeetingCommand = command<CommonFlags, [string]>({
  brief: "Show which items both lists have, where both officers consented",
  about: "Exit code 0: there are some, 1: none, 2: they were not shown, or are erased here.",
  examples: ["detente match meet show 1a2b3c4d", "detente match meet show 1a2b3c4d --json"],
  flags: {},
  args: one(String, "MEETING", "the meeting's hash, or its first digits"),
  async run(cli, _flags, name) {
    const { rows } = await cli.withStation(async (station) => {
      const meeting = await meetingNamed(station, name);
      return station.get<{ rows: readonly Question[] }>(`/api/meetings/${meeting}/common`);
    });
    const cells = rows.map(({ kind, value }) => [kind, plain(value)]);
    return {
      json: rows,
      text: rows.length === 0 ? ["The lists have nothing in common."] : cli.table(["kind", "indicator"], cells),
      isNo: rows.length === 0,
    };
  },
});

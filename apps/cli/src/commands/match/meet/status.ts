import { type CommonFlags, command, NO_ARGS } from "../../../command.ts";
import { meetingCells, meetingRows } from "../../../match/meeting.ts";

export const meetingStatusCommand = command<CommonFlags, []>({
  brief: "Show the meetings on the record, and where each stands",
  examples: ["detente match meet status", "detente match meet status --json"],
  flags: {},
  args: NO_ARGS,
  async run(cli) {
    const rows = await cli.withStation(meetingRows);
    const columns = ["meeting", "between", "sizes", "common", "until (UTC)", "standing", "purpose"];
    return {
      json: rows,
      text: rows.length === 0 ? ["There are no meetings on the record."] : cli.table(columns, rows.map(meetingCells)),
      isNo: rows.length === 0,
    };
  },
});

import type { Cli } from "../../../cli.ts";
import type { Answer } from "../../../command.ts";
import { meetingCells, meetingRows } from "../../../match/meeting.ts";

export async function run(cli: Cli): Promise<Answer> {
  const rows = await cli.withStation(meetingRows);
  const columns = ["meeting", "between", "sizes", "common", "until (UTC)", "standing", "purpose"];
  return {
    json: rows,
    text: rows.length === 0 ? ["There are no meetings on the record."] : cli.table(columns, rows.map(meetingCells)),
    isNo: rows.length === 0,
  };
}

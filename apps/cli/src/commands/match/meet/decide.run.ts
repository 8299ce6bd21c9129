import type { CommonFlags, Run } from "../../../command.ts";
import { meetingNamed } from "../../../match/meeting.ts";
import { short } from "../../../ui/text.ts";

/** @param verb the path of the interface  @param done what was done, before the meeting's name */
export function deciding(verb: string, done: string): Run<CommonFlags, [string]> {
  return async (cli, _flags, name) => {
    const { meeting, answer } = await cli.withStation(async (station) => {
      const named = await meetingNamed(station, name);
      return { meeting: named, answer: await station.post<object>(`/api/meetings/${verb}`, { meeting: named }) };
    });
    return { json: { meeting, ...answer }, text: [`${done} meeting ${short(meeting)}`] };
  };
}

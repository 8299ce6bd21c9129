import { type Bytes, err, type Fault, fromHex, ok, present, type Result } from "@detente/basics";
import { type Group, judgeMessages, type RecordedSide, type SentMessage } from "@detente/match";
import { type MeetingBlame, meetingBlame, type MeetingReport, type MeetingSide } from "@detente/unit";

/**
 * Who has done wrong in a meeting, by what the record says of it and messages of both sides: the same for everybody who
 * has both. Nobody where it is empty.
 * @param messages of `parseEvidence`; each must be the one that its author has put on the record
 */
export function judgeEvidence(
  group: Group,
  report: MeetingReport,
  messages: readonly SentMessage[],
): Result<readonly MeetingBlame[], Fault<"not-entered" | "not-committed">> {
  const [by, other] = [recorded(report.by), recorded(report.with)];
  if (by === undefined || other === undefined)
    return err("not-entered", "meeting: the record has one list of it alone, so nothing was ever sent");
  const judged = judgeMessages(group, { by, with: other }, messages);
  return judged.ok ? ok(meetingBlame(report, judged.value)) : judged;
}

function recorded({ list, counted, contents, count }: MeetingSide): RecordedSide | undefined {
  return (
    list && {
      publicKey: hex(list.content.key),
      count: list.content.count,
      digests: {
        list: hex(list.content.digest),
        ...(counted && { counted: hex(counted.content.digest) }),
        ...(contents && { contents: hex(contents.content.digest) }),
      },
      says: count?.content.count,
    }
  );
}

function hex(text: string): Bytes {
  return present(fromHex(text), "hexadecimal");
}

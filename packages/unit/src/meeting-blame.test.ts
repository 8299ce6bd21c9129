import { describe, expect, test } from "vitest";
import type { MeetingOutcome } from "@detente/record";
import { consent, count, end, message, Play } from "../test/meeting-play.ts";
import { type MeetingBlame, meetingBlame } from "./index.ts";

// What is expected is what docs/formats.md says of evidence of meetings.

/** Both go all the way; then Ann complains. @param bobs the digest of what Bob counted with */
function complaint(outcome: MeetingOutcome, bobs = "cd".repeat(32)): (...messages: Read[]) => readonly MeetingBlame[] {
  const play = new Play().enter();
  play.scene.say(play.ann, message(play.meeting, "counted"));
  play.scene.say(play.bob, message(play.meeting, "counted", bobs));
  play.both((of) => count(of, 2));
  play.both((of) => consent(of, "accept"));
  play.both((of) => message(of, "contents"));
  play.scene.say(play.ann, end(play.meeting, outcome));
  const report = play.report();
  return (...messages) => meetingBlame(report, messages);
}

type Read = Parameters<typeof meetingBlame>[1][number];

function read(author: Read["author"], step: Read["step"], what?: MeetingOutcome): Read {
  return { author, step, what };
}

describe("who is to blame by the messages of a meeting", () => {
  test("is who wrote what shows it, whether anybody has complained of that or not", () => {
    const shown = (party: string, outcome: MeetingOutcome): MeetingBlame => ({ party, why: "shown", outcome });
    const judge = complaint("bad-proof");
    expect(judge(read("by", "list"), read("with", "contents", "bad-proof"))).toEqual([shown("bob", "bad-proof")]);
    expect(complaint("done")(read("with", "list", "bad-element"))).toEqual([shown("bob", "bad-element")]);
    expect(complaint("wrong-count")(read("by", "counted", "wrong-count"), read("with", "counted"))).toEqual([
      shown("ann", "wrong-count"),
      { party: "ann", why: "false-complaint", outcome: "wrong-count" },
    ]);
  });

  test("is who complained of what is in order, where all that shows it is there", () => {
    const judge = complaint("bad-proof");
    const lie = { party: "ann", why: "false-complaint", outcome: "bad-proof" };
    expect(judge(read("by", "list"), read("with", "contents"))).toEqual([lie]);
    expect(judge(read("with", "contents"))).toEqual([]);
    expect(judge(read("with", "list"), read("by", "contents"))).toEqual([]);
    expect(complaint("bad-element")(read("with", "contents"))).toEqual([{ ...lie, outcome: "bad-element" }]);
    expect(complaint("done")(read("by", "list"), read("with", "contents"))).toEqual([]);
    expect(complaint("no-answer")(read("by", "list"), read("with", "contents"))).toEqual([]);
  });

  test("is neither where one side sent back what it got: the messages do not tell which", () => {
    const judge = complaint("wrong-count", "ab".repeat(32));
    expect(judge(read("by", "counted"), read("with", "counted"))).toEqual([]);
  });
});

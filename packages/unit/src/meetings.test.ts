import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MeetingOutcome } from "@detente/record";
import { type Actor, deliver, Scene, type Words, type Written } from "../test/scene.ts";
import { type MeetingReport, type MeetingStanding, meetingStanding } from "./index.ts";

// What is expected is what docs/formats.md says of meetings.

/** Of the times at which scenes play, one is after all of them and one before. */
const UNTIL = 1_900_000_000_000;
const PAST = 1_700_000_000_000;

function list(name: string, size = 1024): { key: string; count: number; digest: string } {
  return { key: `${name}a`.repeat(32), count: size, digest: `${name}b`.repeat(32) };
}

function proposal(by = "ann", partner = "bob", until = UNTIL): Words {
  const content = {
    suite: "ristretto255-SHA512",
    by,
    with: partner,
    purpose: "?",
    until,
    most: 2048,
    list: list("1"),
  };
  return { type: "open", kind: "meeting", content };
}

function answer(of: Written, its = list("2")): Words {
  return { type: "exhibit", kind: "meeting-list", of: [of.hash], content: its };
}

function message(of: Written, step: "counted" | "contents", digest = "ab".repeat(32)): Words {
  return { type: "exhibit", kind: "meeting-message", of: [of.hash], content: { step, digest } };
}

function count(of: Written, many: number): Words {
  return { type: "observe", kind: "meeting-count", of: [of.hash], content: { count: many } };
}

function end(of: Written, outcome: MeetingOutcome): Words {
  return { type: "observe", kind: "meeting-end", of: [of.hash], content: { outcome } };
}

function consent(of: Written, kind: "accept" | "deny"): Words {
  return { type: "position", kind, of: [of.hash], content: { clause: "contents" } };
}

class Play {
  readonly scene: Scene = new Scene("ann", "bob", "cem");
  readonly ann: Actor;
  readonly bob: Actor;
  readonly cem: Actor;
  readonly meeting: Written;

  constructor(until: number = UNTIL) {
    this.scene.found();
    [this.ann, this.bob, this.cem] = this.scene.actors as [Actor, Actor, Actor];
    this.meeting = this.scene.say(this.ann, proposal("ann", "bob", until));
  }

  /** Both say the same. */
  both(words: (of: Written) => Words): void {
    for (const actor of [this.ann, this.bob]) this.scene.say(actor, words(this.meeting));
  }

  enter(): this {
    this.scene.say(this.bob, answer(this.meeting));
    return this;
  }

  report(): MeetingReport {
    this.scene.settle();
    return this.scene.fold().meetings()[0] as MeetingReport;
  }

  standing(now: number): MeetingStanding {
    return meetingStanding(this.report(), now);
  }
}

describe("a meeting", () => {
  test("is what both say first of it, in whatever order the record comes", () => {
    const play = new Play().enter();
    const { scene, ann, bob, meeting } = play;
    scene.say(bob, answer(meeting, list("3")));
    play.both((of) => message(of, "counted"));
    scene.say(bob, message(meeting, "counted", "cd".repeat(32)));
    play.both((of) => count(of, 3));
    scene.say(ann, count(meeting, 4));
    scene.say(bob, consent(meeting, "deny"));
    scene.say(ann, end(meeting, "done"));
    scene.say(ann, end(meeting, "bad-proof"));
    const expected = play.report();
    expect(expected).toMatchObject({
      hash: meeting.hash,
      log: ann.origin,
      terms: { purpose: "?" },
      by: {
        party: "ann",
        list: { content: list("1") },
        count: { content: { count: 3 } },
        end: { content: { outcome: "done" } },
      },
      with: {
        party: "bob",
        list: { content: list("2") },
        counted: { content: { digest: "ab".repeat(32) } },
        consent: "deny",
      },
    });
    expect(expected.with.end).toBeUndefined();
    fc.assert(
      fc.property(fc.array(fc.nat(scene.actors.length - 1), { maxLength: 80 }), (order) => {
        const queues = scene.actors.map(({ written }) => [...written]);
        const fold = scene.emptyFold();
        const next = (entry: Written | undefined): void => {
          if (entry === undefined) return;
          deliver(fold, { entry });
          if (entry.body !== undefined) deliver(fold, { body: entry.body });
        };
        for (const i of order) next(queues[i]?.shift());
        for (const queue of queues) for (const entry of queue) next(entry);
        expect(fold.meetings()).toEqual([expected]);
        expect(fold.viewDigest()).toEqual(scene.fold().viewDigest());
      }),
      { numRuns: 15 },
    );
  });

  test("is spoken of by its two parties alone, each for itself, to all", () => {
    const { scene, ann, bob, cem, meeting } = new Play();
    const question = scene.say(ann, { type: "open", kind: "question", content: { title: "Who?", text: "" } });
    const other = scene.say(ann, proposal("ann", "cem"));
    const wrong = [
      scene.say(ann, answer(meeting)),
      scene.say(cem, answer(meeting)),
      scene.say(cem, count(meeting, 1)),
      scene.say(cem, end(meeting, "no-answer")),
      scene.say(cem, message(meeting, "counted")),
      scene.say(bob, answer(question)),
      scene.say(ann, { ...count(meeting, 1), of: [meeting.hash, other.hash] }),
      scene.say(ann, { ...count(meeting, 1), of: [] }),
    ];
    const copied = [
      scene.say(bob, proposal("ann", "cem")),
      scene.say(bob, answer(meeting, { ...list("2"), key: list("1").key })),
      scene.say(bob, answer(meeting, { ...list("2"), digest: list("1").digest })),
    ];
    const large = scene.say(bob, answer(meeting, list("2", 2049)));
    const sealed = [
      scene.say(ann, { ...proposal(), audience: ["ann", "bob"] }),
      scene.say(bob, { ...count(meeting, 1), audience: ["ann", "bob"] }),
    ];
    scene.settle();
    const fold = scene.fold();
    const reasons = [...wrong.map(() => "wrong-subject"), ...copied.map(() => "copied")];
    expect([...wrong, ...copied].map(({ log, index }) => fold.status(log, index))).toEqual(
      reasons.map((reason) => ({ state: "void", reason })),
    );
    expect(fold.status(large.log, large.index)).toEqual({ state: "void", reason: "too-many" });
    for (const { log, index } of sealed)
      expect(fold.status(log, index)).toEqual({ state: "void", reason: "must-be-unit-wide" });
    expect(fold.meetings().map(({ hash, with: { list: its } }) => [hash, its])).toEqual([
      [meeting.hash, undefined],
      [other.hash, undefined],
    ]);
  });
});

describe("where a meeting stands", () => {
  const before = UNTIL - 1;

  test("follows the steps of both", () => {
    const play = new Play();
    expect(play.standing(before)).toEqual({ phase: "proposed", fault: null });
    play.enter();
    expect(play.standing(before).phase).toBe("counting");
    play.both((of) => message(of, "counted"));
    play.both((of) => count(of, 2));
    expect(play.standing(before)).toEqual({ phase: "counted", fault: null });
    play.scene.say(play.ann, consent(play.meeting, "accept"));
    expect(play.standing(before).phase).toBe("counted");
    play.scene.say(play.bob, consent(play.meeting, "accept"));
    expect(play.standing(before).phase).toBe("showing");
    play.both((of) => message(of, "contents"));
    play.both((of) => end(of, "done"));
    expect(play.standing(before)).toEqual({ phase: "over", fault: null });
    expect(play.standing(UNTIL)).toEqual({ phase: "over", fault: null });
  });

  test("blames nobody for a proposal that is refused, taken back or not answered, nor for stopping at the number", () => {
    expect(new Play().standing(UNTIL).fault).toBeNull();
    const refused = new Play();
    refused.scene.say(refused.bob, { type: "position", kind: "deny", of: [refused.meeting.hash], content: {} });
    expect(refused.standing(before)).toEqual({ phase: "over", fault: null });
    const counted = new Play().enter();
    counted.both((of) => message(of, "counted"));
    counted.both((of) => count(of, 2));
    counted.scene.say(counted.ann, consent(counted.meeting, "accept"));
    counted.scene.say(counted.bob, end(counted.meeting, "done"));
    expect(counted.standing(UNTIL)).toEqual({ phase: "over", fault: null });
  });

  test("blames who owed a step when the time is over, and not who waited for it", () => {
    const stages: ((play: Play) => void)[] = [
      (play) => play.scene.say(play.ann, message(play.meeting, "counted")),
      (play) => play.scene.say(play.bob, message(play.meeting, "counted")),
      (play) => play.scene.say(play.ann, count(play.meeting, 2)),
      (play) => {
        play.scene.say(play.bob, count(play.meeting, 2));
        play.both((of) => consent(of, "accept"));
      },
      (play) => play.scene.say(play.bob, message(play.meeting, "contents")),
      (play) => play.scene.say(play.ann, message(play.meeting, "contents")),
    ];
    const silent = (party: string): unknown => ({ why: "silent", party, outcome: null });
    const blamed = stages.map((_, upto) => {
      const play = new Play().enter();
      for (const stage of stages.slice(0, upto + 1)) stage(play);
      expect(play.standing(before).fault).toBeNull();
      return play.standing(UNTIL).fault;
    });
    expect(blamed).toEqual([silent("bob"), null, silent("bob"), null, silent("ann"), null]);
  });

  test("tells a complaint that messages can show from one that is a word against another", () => {
    const complainBefore = (until: number, ...ends: readonly (readonly ["ann" | "bob", MeetingOutcome])[]): unknown => {
      const play = new Play(until).enter();
      play.scene.say(play.ann, message(play.meeting, "counted"));
      for (const [who, outcome] of ends) play.scene.say(play[who], end(play.meeting, outcome));
      return play.standing(UNTIL).fault;
    };
    const complain = complainBefore.bind(undefined, UNTIL);
    expect(complain(["ann", "bad-proof"])).toEqual({ why: "accused", party: "bob", outcome: "bad-proof" });
    const word = (outcome: MeetingOutcome | null): unknown => ({ why: "word-against-word", party: null, outcome });
    expect(complain(["bob", "no-answer"])).toEqual(word("no-answer"));
    expect(complain(["bob", "not-committed"])).toEqual(word("not-committed"));
    expect(complain(["ann", "bad-proof"], ["bob", "bad-message"])).toEqual(word(null));
    expect(complain(["bob", "withdrawn"])).toEqual({ why: "broke-off", party: "bob", outcome: null });
    const silent = { why: "silent", party: "bob", outcome: null };
    expect(complain(["bob", "over"])).toEqual(silent);
    // The one that is ahead complains after the time is over; where it does so before, it lets the other off.
    expect(complainBefore(PAST, ["ann", "no-answer"])).toEqual(silent);
    expect(complain(["ann", "no-answer"])).toEqual(word("no-answer"));
    expect(complain(["ann", "over"])).toBeNull();
    expect(complainBefore(PAST, ["ann", "no-answer"], ["bob", "no-answer"])).toEqual(word("no-answer"));
    const differ = new Play().enter();
    differ.scene.say(differ.ann, count(differ.meeting, 2));
    differ.scene.say(differ.bob, count(differ.meeting, 3));
    expect(differ.standing(before).fault).toEqual({ why: "counts-differ", party: null, outcome: null });
  });
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MeetingOutcome } from "@detente/record";
import { answer, consent, count, end, list, message, PAST, Play, proposal, UNTIL } from "../test/meeting-play.ts";

// What is expected is what docs/formats.md says of meetings.

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
        const fold = scene.fold(scene.interleaved(order));
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

  test("accuses where a complaint shows itself, by messages to which both had committed before it was made", () => {
    const steps: ((play: Play) => void)[] = [
      (play) => play.both((of) => message(of, "counted")),
      (play) => {
        play.both((of) => count(of, 2));
        play.both((of) => consent(of, "accept"));
      },
      (play) => play.both((of) => message(of, "contents")),
    ];
    const after = (upto: number, outcome: MeetingOutcome, late = upto): unknown => {
      const play = new Play().enter();
      for (const step of steps.slice(0, upto)) step(play);
      play.scene.say(play.ann, end(play.meeting, outcome));
      // What is said too late moves no complaint.
      for (const step of steps.slice(upto, late)) step(play);
      return play.standing(before).fault;
    };
    const outcomes = ["bad-message", "bad-element", "wrong-count", "not-as-counted", "bad-proof"] as const;
    const shown = outcomes.map((outcome) => [0, 1, 2, 3].map((upto) => after(upto, outcome)));
    // By docs/formats.md: of the list at once, of `counted` with both, of `contents` with both.
    const possible = [
      [true, true, false, true],
      [true, true, false, true],
      [false, true, true, true],
      [false, false, false, true],
      [false, false, false, true],
    ];
    expect(shown).toEqual(
      outcomes.map((outcome, i) =>
        possible[i]?.map((is) =>
          is ? { why: "accused", party: "bob", outcome } : { why: "word-against-word", party: null, outcome },
        ),
      ),
    );
    expect(after(0, "bad-proof", 3)).toEqual({ why: "word-against-word", party: null, outcome: "bad-proof" });
    const both = new Play().enter();
    both.both((of) => end(of, "bad-element"));
    expect(both.standing(before).fault).toEqual({ why: "word-against-word", party: null, outcome: null });
  });

  test("tells what is one word against another, and who was silent all the same", () => {
    const complainBefore = (until: number, ...ends: readonly (readonly ["ann" | "bob", MeetingOutcome])[]): unknown => {
      const play = new Play(until).enter();
      play.scene.say(play.ann, message(play.meeting, "counted"));
      for (const [who, outcome] of ends) play.scene.say(play[who], end(play.meeting, outcome));
      return play.standing(UNTIL).fault;
    };
    const complain = complainBefore.bind(undefined, UNTIL);
    const word = (outcome: MeetingOutcome | null): unknown => ({ why: "word-against-word", party: null, outcome });
    expect(complain(["bob", "no-answer"])).toEqual(word("no-answer"));
    expect(complain(["bob", "not-committed"])).toEqual(word("not-committed"));
    expect(complain(["bob", "bad-proof"])).toEqual(word("bad-proof"));
    expect(complain(["ann", "bad-proof"], ["bob", "bad-message"])).toEqual({
      why: "accused",
      party: "ann",
      outcome: "bad-message",
    });
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

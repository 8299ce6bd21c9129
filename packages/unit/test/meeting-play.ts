import type { MeetingOutcome } from "@detente/record";
import { type MeetingReport, type MeetingStanding, meetingStanding } from "../src/index.ts";
import { type Actor, Scene, type Words, type Written } from "./scene.ts";

/** Of the times at which scenes play, one is after all of them and one before. */
export const UNTIL = 1_900_000_000_000;
export const PAST = 1_700_000_000_000;

export function list(name: string, size = 1024): { key: string; count: number; digest: string } {
  return { key: `${name}a`.repeat(32), count: size, digest: `${name}b`.repeat(32) };
}

export function proposal(by = "ann", partner = "bob", until = UNTIL): Words {
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

export function answer(of: Written, its = list("2")): Words {
  return { type: "exhibit", kind: "meeting-list", of: [of.hash], content: its };
}

export function message(of: Written, step: "counted" | "contents", digest = "ab".repeat(32)): Words {
  return { type: "exhibit", kind: "meeting-message", of: [of.hash], content: { step, digest } };
}

export function count(of: Written, many: number): Words {
  return { type: "observe", kind: "meeting-count", of: [of.hash], content: { count: many } };
}

export function end(of: Written, outcome: MeetingOutcome): Words {
  return { type: "observe", kind: "meeting-end", of: [of.hash], content: { outcome } };
}

export function consent(of: Written, kind: "accept" | "deny"): Words {
  return { type: "position", kind, of: [of.hash], content: { clause: "contents" } };
}

export class Play {
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

import { present } from "@detente/basics";
import type { MeetingOutcome } from "@detente/record";
import type { Logger } from "pino";
import type { StatementInput } from "../api/contract.ts";
import type { Clock } from "../clock.ts";
import { intentOf, type Mouth, sayOnce } from "../speak/say-once.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { MeetingFolder } from "./folder.ts";
import { aboutMeeting } from "./words.ts";

export interface VoiceOptions {
  readonly folder: MeetingFolder;
  readonly mouth: Mouth;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  readonly logger: Logger;
}

/** Says this party's steps in one meeting: each the same to the byte, however often the station stops in between. */
export class MeetingVoice {
  readonly #options: VoiceOptions;

  constructor(options: VoiceOptions) {
    this.#options = options;
  }

  /**
   * Says a step.
   * @param step the name under which what was decided on is kept
   * @param said what is decided on now, where that was not before
   */
  async say(
    unit: UnitRuntime,
    step: "proposal" | "list" | "counted" | "count" | "contents" | "end",
    said?: Pick<StatementInput, "type" | "kind" | "content">,
  ): Promise<void> {
    const { folder, mouth, clock, random, logger } = this.#options;
    const kept = await folder.intended(step);
    const { input, intent } = kept ?? {
      input: aboutMeeting(folder.meeting, present(said, "a statement that was decided on, or is now")),
      intent: intentOf(clock.now(), random),
    };
    if (kept === undefined) await folder.keepIntended(step, { input, intent });
    const stated = await sayOnce(mouth, unit, input, intent);
    if (!stated.ok) throw new Error(stated.fault.message);
    logger.info({ meeting: folder.meeting, step }, "a step of a meeting is said");
  }

  /** @param digest of the message, in hex */
  commit(unit: UnitRuntime, step: "counted" | "contents", digest: string): Promise<void> {
    return this.say(unit, step, { type: "exhibit", kind: "meeting-message", content: { step, digest } });
  }

  count(unit: UnitRuntime, count: number): Promise<void> {
    return this.say(unit, "count", { type: "observe", kind: "meeting-count", content: { count } });
  }

  end(unit: UnitRuntime, outcome: MeetingOutcome): Promise<void> {
    return this.say(unit, "end", { type: "observe", kind: "meeting-end", content: { outcome } });
  }
}

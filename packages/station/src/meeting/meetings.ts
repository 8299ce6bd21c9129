import { err, ok, type Result } from "@detente/basics";
import type { Step } from "@detente/match";
import { type MeetingPhase, type MeetingReport, meetingStanding } from "@detente/unit";
import type { Logger } from "pino";
import type { MeetingInput, MeetingRow, ProposalInput } from "../api/meeting-contract.ts";
import { SetFiles } from "../matching/set-files.ts";
import type { Gate } from "../setup/gate.ts";
import { pendingPosition } from "../speak/pending-position.ts";
import type { OwnLog } from "../sync/own-log.ts";
import { Turns } from "../turns.ts";
import { acceptMeeting, type EnteringFault, type EnteringOptions, proposeMeeting } from "./entering.ts";
import { isMeetingHash, MeetingFolder, meetingFolders } from "./folder.ts";
import { indicatorOf } from "./own-list.ts";
import { servedPiece } from "./pieces.ts";
import { Results } from "./results.ts";
import { meetingRow } from "./row.ts";
import { MeetingRun } from "./run.ts";
import { boundReport, CONTENTS, sidesOf } from "./sides.ts";
import { MeetingVoice } from "./voice.ts";
import { aboutMeeting } from "./words.ts";
import { MeetingWork } from "./work.ts";

export interface MeetingsOptions extends EnteringOptions {
  readonly dir: string;
  readonly own: OwnLog;
  readonly gate: Gate;
  readonly logger: Logger;
}

export type MeetingFault = EnteringFault;

/** By the leaf hash of its proposal. */
type MeetingName = Pick<MeetingRow, "meeting">;

/** Where the meetings that are open have a directory each. @param dir of all meetings */
export function openMeetings(dir: string): string {
  return `${dir}/open`;
}

/** One-off intersections with other parties, by consent of both officers on the record: first the number, then which. */
export class Meetings {
  readonly #options: MeetingsOptions;
  readonly #files: SetFiles;
  readonly #results: Results;
  readonly #runs = new Map<string, MeetingRun>();
  readonly #progress = new Map<string, NonNullable<MeetingRow["progress"]>>();
  /** One list is made at a time: there is one key for a meeting, and nothing is spent twice. */
  readonly #turns: Turns = new Turns();

  constructor(options: MeetingsOptions) {
    this.#options = options;
    this.#files = new SetFiles(openMeetings(options.dir));
    this.#results = new Results(options.dir);
    options.gate.onChange(() => this.changed());
  }

  /** Goes on with the meetings whose files are here. */
  async start(): Promise<void> {
    for (const folder of await meetingFolders(this.#files)) this.#follow(folder);
  }

  /** The record may have changed. */
  changed(): void {
    for (const run of this.#runs.values()) run.wake();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.stop()));
  }

  /** Proposes a meeting with a list: it is committed to on the record; nothing of it is sent. */
  propose(input: ProposalInput): Promise<Result<MeetingName, MeetingFault>> {
    return this.#enter(() => proposeMeeting(this.#options, this.#files, input));
  }

  /** Answers a proposal with a list, which is this party's consent to count. */
  accept(input: MeetingInput): Promise<Result<MeetingName, MeetingFault>> {
    return this.#enter(async () => {
      const report = this.#report(input.meeting);
      if (report?.terms.with !== this.#options.party) return notFound(input.meeting);
      return acceptMeeting(this.#options, this.#files, report, input);
    });
  }

  /** Consents to both learning which items are common, now that both have said how many. */
  reveal(meeting: string): Promise<Result<unknown, MeetingFault>> {
    return this.#decide(meeting, (phase) => (phase === "counted" ? ["accept", { clause: CONTENTS }] : undefined));
  }

  /** Refuses or takes back a proposal, breaks a meeting off, or leaves it at the number. */
  abort(meeting: string): Promise<Result<unknown, MeetingFault>> {
    return this.#decide(meeting, (phase, isProposer) => {
      if (phase === "counted") return ["deny", { clause: CONTENTS }];
      if (phase === "over") return undefined;
      return [isProposer ? "withdraw" : "deny", {}];
    });
  }

  /** Every meeting on the record, those of others too. */
  async rows(): Promise<readonly MeetingRow[]> {
    const { clock } = this.#options;
    const reports = this.#options.unit()?.archive.fold.meetings() ?? [];
    return Promise.all(
      reports.map(async (report) => {
        const common = (await this.#results.common(report.hash))?.length ?? null;
        return meetingRow(report, { progress: this.#progress.get(report.hash) ?? null, common }, clock.now());
      }),
    );
  }

  /** The items that both have, where they were shown. */
  async common(meeting: string): Promise<Result<readonly { kind: string; value: string }[], MeetingFault>> {
    const inputs = isMeetingHash(meeting) ? await this.#results.common(meeting) : undefined;
    if (inputs === undefined) return err("not-found", `${meeting}: what is common was not shown, or is erased here`);
    return ok(inputs.map(indicatorOf));
  }

  /** Erases what is known here of which items were common. */
  async erase(meeting: string): Promise<Result<unknown, MeetingFault>> {
    const known = await this.common(meeting);
    if (!known.ok) return known;
    await this.#results.erase(meeting);
    return ok({ erased: known.value.length });
  }

  /** The messages that show whether a complaint in a meeting of this party is true, as a file: see `evidenceOf`. */
  async evidence(meeting: string): Promise<Result<Uint8Array, MeetingFault>> {
    const file = isMeetingHash(meeting) ? await this.#results.evidence(meeting) : undefined;
    if (file !== undefined) return ok(file);
    return err(
      "not-found",
      `${meeting}: no messages are kept: nobody has complained of what they show, or this party has not ended it yet`,
    );
  }

  /**
   * A piece of one of our messages for the other side of a meeting, once both have committed to theirs on the record.
   * Undefined for everybody and everything else.
   */
  async piece(member: string, meeting: string, step: Step, piece: number): Promise<Uint8Array | undefined> {
    const { party } = this.#options;
    const report = this.#report(meeting);
    const sides = report && sidesOf(report, party);
    if (sides?.me.party !== party || sides.them.party !== member) return undefined;
    return servedPiece(new MeetingFolder(this.#files, meeting), sides, step, piece);
  }

  #report(meeting: string): MeetingReport | undefined {
    const { party, own, unit } = this.#options;
    const fold = unit()?.archive.fold;
    const report = fold?.meetings().find(({ hash }) => hash === meeting);
    return fold && report && boundReport(fold, own.origin, report, party);
  }

  /** How far a meeting of this party's is for its officers: an end that was decided on is one before the record has it. */
  async #phaseOf(report: MeetingReport): Promise<MeetingPhase> {
    const { party, clock } = this.#options;
    const { phase } = meetingStanding(report, clock.now());
    const isLeft = phase === "counted" && sidesOf(report, party).me.consent === "deny";
    const isEnding = (await new MeetingFolder(this.#files, report.hash).intended("end")) !== undefined;
    return isLeft || isEnding ? "over" : phase;
  }

  /** How a meeting of this party's is for its officers, and who proposed it; `undefined` for those of others. */
  async #standingOf(
    meeting: string,
  ): Promise<{ readonly phase: MeetingPhase; readonly isProposer: boolean } | undefined> {
    const { party } = this.#options;
    const report = this.#report(meeting);
    if (report === undefined) return this.#unheard(meeting);
    if (report.terms.by !== party && report.terms.with !== party) return undefined;
    return { phase: await this.#phaseOf(report), isProposer: report.terms.by === party };
  }

  /** A proposal of this party's own that is said, and that no quorum has observed yet: it can be taken back already. */
  async #unheard(meeting: string): Promise<{ readonly phase: MeetingPhase; readonly isProposer: true } | undefined> {
    const { own, unit } = this.#options;
    const fold = unit()?.archive.fold;
    if (fold === undefined || !isMeetingHash(meeting)) return undefined;
    const isPending = fold.find(meeting).some(({ log, status }) => log === own.origin && status.state === "pending");
    const proposal = await new MeetingFolder(this.#files, meeting).intended("proposal");
    if (!isPending || proposal === undefined) return undefined;
    const isTakenBack = pendingPosition(fold, own.origin, meeting)?.body?.kind === "withdraw";
    return { phase: isTakenBack ? "over" : "proposed", isProposer: true };
  }

  async #decide(
    meeting: string,
    choose: (
      phase: MeetingPhase,
      isProposer: boolean,
    ) => readonly [string, Readonly<Record<string, string>>] | undefined,
  ): Promise<Result<unknown, MeetingFault>> {
    const standing = await this.#standingOf(meeting);
    if (standing === undefined) return notFound(meeting);
    const { phase, isProposer } = standing;
    const chosen = choose(phase, isProposer);
    if (chosen === undefined)
      return err("conflict", `${meeting} is ${phase}: that is no time for this; see \`detente match meet status\``);
    const [kind, content] = chosen;
    const said = await this.#options.speaker.state(aboutMeeting(meeting, { type: "position", kind, content }));
    return said.ok ? said : err("bad-statement", said.fault.message);
  }

  #enter(enter: () => Promise<Result<MeetingFolder, MeetingFault>>): Promise<Result<MeetingName, MeetingFault>> {
    return this.#turns.run(async () => {
      const entered = await enter();
      if (!entered.ok) return entered;
      this.#follow(entered.value);
      return ok({ meeting: entered.value.meeting });
    });
  }

  #follow(folder: MeetingFolder): void {
    const { party, unit, own, speaker, gate, random, clock, logger, threads } = this.#options;
    const { meeting } = folder;
    // What a crash left of it is followed already: two that take the same steps would be in each other's way.
    const known = this.#runs.get(meeting);
    if (known !== undefined) {
      known.wake();
      return;
    }
    const onProgress = (doing: string, done: number, total: number): void => {
      if (done < total) this.#progress.set(meeting, { doing, done, total });
      else this.#progress.delete(meeting);
    };
    const work = new MeetingWork({ threads, folder, onProgress });
    const mouth = { speaker, own: own.origin };
    const voice = new MeetingVoice({ folder, mouth, clock, random, logger });
    const onOver = (): void => void this.#runs.delete(meeting);
    const about = { folder, voice, work, results: this.#results, onOver };
    const run = new MeetingRun({ party, unit, own, gate, clock, logger, ...about });
    this.#runs.set(meeting, run);
    run.wake();
  }
}

function notFound(meeting: string): Result<never, MeetingFault> {
  return err("not-found", `${meeting}: no meeting that was proposed to this party; see \`detente match meet status\``);
}

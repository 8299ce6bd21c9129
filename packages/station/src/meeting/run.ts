import { present, toHex } from "@detente/basics";
import { messageBytes, type Step } from "@detente/match";
import type { MeetingReport, MeetingSide } from "@detente/unit";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Gate } from "../setup/gate.ts";
import { isBehind } from "../speak/say-once.ts";
import { Job, type StepOutcome } from "../sync/job.ts";
import type { OwnLog } from "../sync/own-log.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { endingOf } from "./ending.ts";
import { evidenceOf } from "./evidence.ts";
import type { MeetingFolder, OwnSide } from "./folder.ts";
import { fetchPieces } from "./pieces.ts";
import type { Results } from "./results.ts";
import { boundReport, type Sides, sidesOf } from "./sides.ts";
import type { MeetingVoice } from "./voice.ts";
import type { Lists, MeetingWork, WorkFault } from "./work.ts";

export interface RunOptions {
  readonly party: string;
  readonly folder: MeetingFolder;
  readonly results: Results;
  readonly unit: () => UnitRuntime | undefined;
  readonly own: OwnLog;
  readonly voice: MeetingVoice;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly work: MeetingWork;
  /** Told that nothing is left to do, nor any file of the meeting here. */
  readonly onOver: () => void;
}

const CATCH_UP_MS = 50;
/** Between two attempts to fetch what the other side does not give: at first, and at most. */
const RETRY_MS = 1000;
const MAX_RETRY_MS = 60_000;
/** A clock's sleep has an upper bound; a day is well within it. */
const DAY_MS = 86_400_000;
/** What is not what the record names may have been broken on the way: it is fetched so many times. */
const ATTEMPTS = 3;

/**
 * Takes this party's steps in one meeting, in the background, each when the record has what it builds on: the lists, the
 * number, by consent of both the contents, the end. Whatever is said or sent is on the disk before.
 */
export class MeetingRun {
  readonly #options: RunOptions;
  readonly #job: Job;
  #attempts = 0;
  /** How often, since it last gave something, the other side did not give what it owes. */
  #refusals = 0;

  constructor(options: RunOptions) {
    this.#options = options;
    const { clock, logger } = options;
    this.#job = new Job(
      clock,
      () => this.#step(),
      (error) => logger.error({ err: error }, "a meeting"),
    );
  }

  wake(): void {
    this.#job.wake({ hurry: true });
  }

  async stop(): Promise<void> {
    await this.#job.stop();
  }

  async #step(): Promise<StepOutcome> {
    const { gate, own, folder, voice, party, clock } = this.#options;
    const unit = this.#options.unit();
    if (unit === undefined || !gate.maySign || !unit.membership.isMember) return "done";
    if (isBehind(unit, own)) return { retryAfter: CATCH_UP_MS };
    const { fold } = unit.archive;
    const recorded = fold.meetings().find(({ hash }) => hash === folder.meeting);
    if (recorded === undefined) return this.#propose(unit);
    const report = boundReport(fold, own.origin, recorded, party);
    const sides = sidesOf(report, party);
    if (sides.me.end !== undefined) return this.#leave(report, sides, clock.now());
    const side = await folder.side();
    if (side === undefined) return "done";
    const moment = { now: clock.now(), until: report.terms.until, isLacking: this.#refusals > 0 };
    // What was decided on stays, whatever the record says of the other side meanwhile.
    if ((await folder.intended("end")) !== undefined) return this.#said(voice.say(unit, "end"));
    const ending = endingOf(sides, moment);
    if (ending !== undefined) return this.#said(voice.end(unit, ending));
    if (sides.me.list === undefined) return this.#said(voice.say(unit, "list"));
    if (sides.them.list === undefined) return waitUntil(report, clock.now());
    const lists = { ours: sides.me.list.content, theirs: sides.them.list.content };
    return this.#advance(unit, report, sides, lists, side);
  }

  /** The next step that is this party's, if what it builds on is there. */
  async #advance(
    unit: UnitRuntime,
    report: MeetingReport,
    { me, them }: Sides,
    lists: Lists,
    side: OwnSide,
  ): Promise<StepOutcome> {
    const { work, voice, results, folder, clock } = this.#options;
    if (me.counted === undefined) {
      if (!(await this.#fetch(unit, them, "list", lists.theirs.count))) return this.#retry();
      const doubled = await work.double(side, lists);
      if (!doubled.ok) return this.#complain(unit, doubled.fault, "list");
      return this.#said(voice.commit(unit, "counted", toHex(doubled.value)));
    }
    if (them.counted === undefined) return waitUntil(report, clock.now());
    if (me.count === undefined) {
      if (!(await this.#fetch(unit, them, "counted", lists.ours.count))) return this.#retry();
      const count = await work.count(lists, them.counted.content.digest);
      if (!count.ok) return this.#complain(unit, count.fault, "counted");
      return this.#said(voice.count(unit, count.value));
    }
    if (them.count === undefined) return waitUntil(report, clock.now());
    if (me.contents === undefined) {
      if (me.consent !== "accept" || them.consent !== "accept") return waitUntil(report, clock.now());
      return this.#said(voice.commit(unit, "contents", toHex(await work.prove(side, lists))));
    }
    if (them.contents === undefined) return waitUntil(report, clock.now());
    if (!(await this.#fetch(unit, them, "contents", lists.ours.count))) return this.#retry();
    const common = await work.learn(side, lists, them.contents.content.digest);
    if (!common.ok) return this.#complain(unit, common.fault, "contents");
    await results.keep(folder.meeting, common.value);
    return this.#said(voice.end(unit, "done"));
  }

  /** Fetches a message of the other's unless it is here. @returns whether it is */
  async #fetch(unit: UnitRuntime, { party }: MeetingSide, step: Step, count: number): Promise<boolean> {
    const { folder } = this.#options;
    const name = `their-${step}` as const;
    if ((await folder.size(name)) !== undefined) return true;
    const peer = unit.peers.list().find((one) => one.name === party);
    const file = { path: folder.path(name), length: messageBytes(step, count) };
    const fetched = peer !== undefined && (await fetchPieces(peer, `/meet/${folder.meeting}/${step}`, file)).ok;
    this.#refusals = fetched ? 0 : this.#refusals + 1;
    return fetched;
  }

  /** Another change of the record ends the pause: the other side may have seen less of it when it refused. */
  #retry(): StepOutcome {
    return { retryAfter: Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** this.#refusals) };
  }

  async #complain(unit: UnitRuntime, { code }: WorkFault, step: Step): Promise<StepOutcome> {
    if (code !== "not-committed" || ++this.#attempts >= ATTEMPTS)
      return this.#said(this.#options.voice.end(unit, code));
    await this.#options.folder.dropMessage(`their-${step}`);
    return { retryAfter: RETRY_MS };
  }

  /** The record wakes us when what was said is there. */
  async #said(saying: Promise<void>): Promise<StepOutcome> {
    await saying;
    return "done";
  }

  /** Says a proposal that is not on the record yet; one that was never whole, or has no effect, is forgotten. */
  async #propose(unit: UnitRuntime): Promise<StepOutcome> {
    const { folder, own, voice } = this.#options;
    const [statement] = unit.archive.fold.find(folder.meeting).filter(({ log }) => log === own.origin);
    const isWhole = await folder.isEntered();
    if (!isWhole || statement?.status.state === "void") await this.#forget();
    else if ((await folder.intended("proposal")) !== undefined) await voice.say(unit, "proposal");
    return "done";
  }

  /** Erases the key at once, the messages when nobody can want them any more; what shows a complaint is kept. */
  async #leave(report: MeetingReport, { me, them }: Sides, now: number): Promise<StepOutcome> {
    const { folder, results, party, work } = this.#options;
    await work.forget();
    const { outcome } = present(me.end, "an end that was said").content;
    const isWanted = outcome === "done" && them.end === undefined && !them.isOut && now < report.terms.until;
    if (isWanted) return waitUntil(report, now);
    const evidence = await evidenceOf(folder, report, party);
    if (evidence !== undefined) await results.keepEvidence(folder.meeting, evidence);
    await this.#forget();
    return "done";
  }

  async #forget(): Promise<void> {
    const { work, folder, onOver } = this.#options;
    await work.forget();
    await folder.forget();
    onOver();
  }
}

function waitUntil({ terms }: MeetingReport, now: number): StepOutcome {
  return { retryAfter: Math.min(DAY_MS, Math.max(1, terms.until - now)) };
}

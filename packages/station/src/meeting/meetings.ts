import { readdir } from "node:fs/promises";
import { err, type Fault, ok, type Result } from "@detente/basics";
import { MAX_LIST, messageBytes, setClass, type Step } from "@detente/match";
import { type MeetingReport, meetingStanding } from "@detente/unit";
import type { Logger } from "pino";
import type { MeetingInput, MeetingRow, ProposalInput } from "../api/meeting-contract.ts";
import type { Clock } from "../clock.ts";
import { inputOf } from "../matching/looked-up.ts";
import { SetFiles } from "../matching/set-files.ts";
import type { MatchThreads } from "../matching/threads.ts";
import type { Gate } from "../setup/gate.ts";
import { intentOf } from "../speak/say-once.ts";
import type { Speaker } from "../speak/speaker.ts";
import type { OwnLog } from "../sync/own-log.ts";
import { Turns } from "../turns.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { MeetingFolder } from "./folder.ts";
import { indicatorOf, makeList } from "./own-list.ts";
import { PIECE } from "./pieces.ts";
import { proposalOf, withinTime } from "./proposal.ts";
import { Results } from "./results.ts";
import { MeetingRun } from "./run.ts";
import { sidesOf } from "./sides.ts";
import { aboutMeeting } from "./words.ts";
import { MeetingWork } from "./work.ts";

export interface MeetingsOptions {
  readonly party: string;
  readonly dir: string;
  /** Once its record was read. */
  readonly unit: () => UnitRuntime | undefined;
  readonly own: OwnLog;
  readonly speaker: Speaker;
  readonly gate: Gate;
  readonly threads: MatchThreads;
  /** How many elements a partner's list may still have by this party's budgets; undefined where none names it. */
  readonly allowance: (partner: string) => Promise<number | undefined>;
  readonly random: (length: number) => Uint8Array;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type MeetingFault = Fault<
  "no-unit" | "not-found" | "conflict" | "bad-list" | "bad-time" | "budget-exhausted" | "bad-statement"
>;

interface Progress {
  readonly doing: string;
  readonly done: number;
  readonly total: number;
}

const MEETING = /^[0-9a-f]{64}$/;

/** One-off intersections with other parties, by consent of both officers on the record: first the number, then which. */
export class Meetings {
  readonly #options: MeetingsOptions;
  readonly #files: SetFiles;
  readonly #results: Results;
  readonly #runs = new Map<string, MeetingRun>();
  readonly #progress = new Map<string, Progress>();
  /** One list is made at a time: there is one key for a meeting, and nothing is spent twice. */
  readonly #turns: Turns = new Turns();

  constructor(options: MeetingsOptions) {
    this.#options = options;
    this.#files = new SetFiles(`${options.dir}/open`);
    this.#results = new Results(options.dir);
  }

  /** Goes on with the meetings whose files are here. */
  async start(): Promise<void> {
    const names = await readdir(`${this.#options.dir}/open`).catch((): string[] => []);
    for (const name of names) if (MEETING.test(name)) this.#follow(name);
  }

  /** The record may have changed. */
  changed(): void {
    for (const run of this.#runs.values()) run.wake();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.stop()));
  }

  /** Proposes a meeting with a list: it is committed to on the record; nothing of it is sent. */
  propose(input: ProposalInput): Promise<Result<{ readonly meeting: string }, MeetingFault>> {
    return this.#turns.run(async () => {
      const { party, clock, random, speaker, threads } = this.#options;
      const inputs = inputsOf(input.indicators);
      if (!inputs.ok) return inputs;
      const timely = withinTime(input.until, clock.now());
      if (!timely.ok) return timely;
      const others = this.#options.unit()?.membership.others() ?? [];
      if (!others.some(({ name }) => name === input.with))
        return err("not-found", `${input.with} is no other member of the unit; \`detente status\` names them`);
      const most = await this.#most(input.with, input.most ?? setClass(inputs.value.length));
      if (!most.ok) return most;
      const { side, message, committed } = await makeList(threads, random, inputs.value);
      const statement = proposalOf(party, input, most.value, committed);
      const intent = intentOf(clock.now(), random);
      const drafted = speaker.draft(statement, { at: intent.at, salt: Buffer.from(intent.salt, "hex") });
      if (!drafted.ok) return err("bad-statement", drafted.fault.message);
      const folder = new MeetingFolder(this.#files, drafted.value.leafHash);
      await folder.keepMessage("list", message);
      await folder.keepIntended("proposal", { input: statement, intent });
      await folder.keepSide(side);
      this.#follow(folder.meeting);
      return ok({ meeting: folder.meeting });
    });
  }

  /** Answers a proposal with a list, which is this party's consent to count. */
  accept({ meeting, indicators }: MeetingInput): Promise<Result<{ readonly meeting: string }, MeetingFault>> {
    return this.#turns.run(async () => {
      const { party, clock, random, threads } = this.#options;
      const report = this.#report(meeting);
      if (report?.terms.with !== party) return notFound(meeting);
      const folder = new MeetingFolder(this.#files, meeting);
      const isOpen = meetingStanding(report, clock.now()).phase === "proposed";
      if (!isOpen || (await folder.side()) !== undefined)
        return err("conflict", `${meeting} is answered, taken back or over; see \`detente match meet status\``);
      const inputs = inputsOf(indicators);
      if (!inputs.ok) return inputs;
      const { by, list, most } = report.terms;
      const affordable = await this.#most(by, list.count);
      if (!affordable.ok) return affordable;
      if (setClass(inputs.value.length) > most)
        return err(
          "bad-list",
          `the list has the class ${setClass(inputs.value.length)}, ${by} takes ${most}; shorten it`,
        );
      const { side, message, committed } = await makeList(threads, random, inputs.value);
      const words = { type: "exhibit", kind: "meeting-list", content: { ...committed } } as const;
      await folder.keepMessage("list", message);
      await folder.keepIntended("list", { input: aboutMeeting(meeting, words), intent: intentOf(clock.now(), random) });
      await folder.keepSide(side);
      this.#follow(meeting);
      return ok({ meeting });
    });
  }

  /** Consents to both learning which items are common, now that both have said how many. */
  reveal(meeting: string): Promise<Result<unknown, MeetingFault>> {
    return this.#decide(meeting, (phase) => (phase === "counted" ? ["accept", { clause: "contents" }] : undefined));
  }

  /** Refuses or takes back a proposal, breaks a meeting off, or leaves it at the number. */
  abort(meeting: string): Promise<Result<unknown, MeetingFault>> {
    return this.#decide(meeting, (phase, isProposer) => {
      if (phase === "counted") return ["deny", { clause: "contents" }];
      if (phase === "over") return undefined;
      return [isProposer ? "withdraw" : "deny", {}];
    });
  }

  /** Every meeting on the record, those of others too. */
  async rows(): Promise<readonly MeetingRow[]> {
    const { clock } = this.#options;
    const reports = this.#options.unit()?.archive.fold.meetings() ?? [];
    return Promise.all(
      reports.map(async (report): Promise<MeetingRow> => {
        const { hash, terms, by, with: other } = report;
        const { purpose, until, most } = terms;
        const { phase, fault } = meetingStanding(report, clock.now());
        const sides = [by, other].map(({ party, list, count, consent, end }) => ({
          party,
          size: list?.content.count ?? null,
          count: count?.content.count ?? null,
          consent: consent ?? null,
          outcome: end?.content.outcome ?? null,
        }));
        const common = await this.#results.common(hash);
        const known = { progress: this.#progress.get(hash) ?? null, common: common?.length ?? null };
        return { meeting: hash, purpose, until, most, phase, fault, sides, ...known };
      }),
    );
  }

  /** The items that both have, where they were shown. */
  async common(meeting: string): Promise<Result<readonly { kind: string; value: string }[], MeetingFault>> {
    const inputs = MEETING.test(meeting) ? await this.#results.common(meeting) : undefined;
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

  /**
   * A piece of one of our messages for the other side of a meeting, once both have committed to theirs on the record.
   * Undefined for everybody and everything else.
   */
  async piece(member: string, meeting: string, step: Step, piece: number): Promise<Uint8Array | undefined> {
    const report = this.#report(meeting);
    if (report === undefined || !isBetween(report, this.#options.party, member)) return undefined;
    const { me, them } = sidesOf(report, this.#options.party);
    if (them.isOut || me[step] === undefined || them[step] === undefined) return undefined;
    const { list } = step === "list" ? me : them;
    const length = messageBytes(step, list?.content.count ?? 0);
    const folder = new MeetingFolder(this.#files, meeting);
    if (PIECE * piece >= length || (await folder.size(step)) !== length) return undefined;
    return folder.readAt(step, PIECE * piece, Math.min(PIECE, length - PIECE * piece));
  }

  #report(meeting: string): MeetingReport | undefined {
    return this.#options
      .unit()
      ?.archive.fold.meetings()
      .find(({ hash }) => hash === meeting);
  }

  /** What this party's budgets leave for a partner's list, if that is so much at least as is wanted. */
  async #most(partner: string, wanted: number): Promise<Result<number, MeetingFault>> {
    const left = Math.min(MAX_LIST, (await this.#options.allowance(partner)) ?? MAX_LIST);
    if (wanted <= left) return ok(wanted);
    return err(
      "budget-exhausted",
      `${partner} has ${left} questions left of this party's budgets, its list would take ${wanted}; raise match.partners and match.pool, or shorten the lists`,
    );
  }

  async #decide(
    meeting: string,
    choose: (phase: string, isProposer: boolean) => readonly [string, Readonly<Record<string, string>>] | undefined,
  ): Promise<Result<unknown, MeetingFault>> {
    const { party, clock, speaker } = this.#options;
    const report = this.#report(meeting);
    if (report === undefined || (report.terms.by !== party && report.terms.with !== party)) return notFound(meeting);
    const { phase } = meetingStanding(report, clock.now());
    const chosen = choose(phase, report.terms.by === party);
    if (chosen === undefined)
      return err("conflict", `${meeting} is ${phase}: that is no time for this; see \`detente match meet status\``);
    const [kind, content] = chosen;
    const said = await speaker.state(aboutMeeting(meeting, { type: "position", kind, content }));
    return said.ok ? said : err("bad-statement", said.fault.message);
  }

  #follow(meeting: string): void {
    const { party, unit, own, speaker, gate, random, clock, logger, threads } = this.#options;
    const folder = new MeetingFolder(this.#files, meeting);
    const onProgress = (doing: string, done: number, total: number): void => {
      if (done < total) this.#progress.set(meeting, { doing, done, total });
      else this.#progress.delete(meeting);
    };
    const work = new MeetingWork({ threads, folder, onProgress });
    const mouth = { speaker, own: own.origin };
    const common = { party, unit, own, mouth, gate, random, clock, logger };
    const run = new MeetingRun({ ...common, folder, work, results: this.#results });
    this.#runs.set(meeting, run);
    run.wake();
  }
}

function isBetween({ terms }: MeetingReport, party: string, member: string): boolean {
  return (terms.by === party && terms.with === member) || (terms.by === member && terms.with === party);
}

function inputsOf(indicators: ProposalInput["indicators"]): Result<readonly string[], MeetingFault> {
  const inputs = [...new Set(indicators.map(inputOf))];
  if (inputs.length === 0) return err("bad-list", "the list is empty: a meeting would show nothing but the other's");
  return inputs.length <= MAX_LIST ? ok(inputs) : err("bad-list", `a list has at most ${MAX_LIST} items; split it`);
}

function notFound(meeting: string): Result<never, MeetingFault> {
  return err("not-found", `${meeting}: no meeting that was proposed to this party; see \`detente match meet status\``);
}

import { err, type Fault, ok, type Result } from "@detente/basics";
import { MAX_LIST, setClass } from "@detente/match";
import { type MeetingReport, meetingStanding } from "@detente/unit";
import type { MeetingInput, ProposalInput } from "../api/meeting-contract.ts";
import type { Clock } from "../clock.ts";
import type { Budgets } from "../matching/budgets.ts";
import { inputOf } from "../matching/looked-up.ts";
import type { SetFiles } from "../matching/set-files.ts";
import type { MatchThreads } from "../matching/threads.ts";
import { intentOf } from "../speak/say-once.ts";
import type { Speaker } from "../speak/speaker.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { MeetingFolder } from "./folder.ts";
import type { Granted } from "./granted.ts";
import { makeList } from "./own-list.ts";
import { proposalOf, withinTime } from "./proposal.ts";
import type { Grant } from "./spending.ts";
import { aboutMeeting } from "./words.ts";

export interface EnteringOptions {
  readonly party: string;
  /** Once its record was read. */
  readonly unit: () => UnitRuntime | undefined;
  readonly speaker: Speaker;
  readonly threads: MatchThreads;
  readonly budgets: Budgets;
  readonly granted: Granted;
  readonly random: (length: number) => Uint8Array;
  readonly clock: Clock;
}

export type EnteringFault = Fault<
  "no-unit" | "not-found" | "conflict" | "bad-list" | "bad-time" | "budget-exhausted" | "bad-statement"
>;

/**
 * Makes a list for a meeting with another party, and puts down the proposal that commits to it. The key is put down last: a
 * meeting without one was never entered, whatever else a crash has left of it.
 * @param files of the meetings that are open
 */
export async function proposeMeeting(
  options: EnteringOptions,
  files: SetFiles,
  input: ProposalInput,
): Promise<Result<MeetingFolder, EnteringFault>> {
  const { party, clock, random, speaker, threads } = options;
  const { with: partner } = input;
  const inputs = inputsOf(input.indicators);
  if (!inputs.ok) return inputs;
  const timely = withinTime(input.until, clock.now());
  if (!timely.ok) return timely;
  const others = options.unit()?.membership.others() ?? [];
  if (!others.some(({ name }) => name === partner))
    return err("not-found", `${partner} is no other member of the unit; \`detente status\` names them`);
  const most = input.most ?? setClass(inputs.value.length);
  return entering(options, { partner, count: most }, async (grant) => {
    const { side, message, committed } = await makeList(threads, random, inputs.value);
    const statement = proposalOf(party, input, most, committed);
    const intent = intentOf(clock.now(), random);
    const drafted = speaker.draft(statement, { at: intent.at, salt: Buffer.from(intent.salt, "hex") });
    if (!drafted.ok) return err("bad-statement", drafted.fault.message);
    const folder = new MeetingFolder(files, drafted.value.leafHash);
    await folder.keepMessage("list", message);
    await folder.keepIntended("proposal", { input: statement, intent });
    await folder.keepGrant(grant);
    await folder.keepSide(side);
    return ok(folder);
  });
}

/**
 * Makes a list that answers a proposal to this party, and puts down what commits to it, the key last.
 * @param report of the meeting
 */
export async function acceptMeeting(
  options: EnteringOptions,
  files: SetFiles,
  report: MeetingReport,
  { meeting, indicators }: MeetingInput,
): Promise<Result<MeetingFolder, EnteringFault>> {
  const { clock, random, threads } = options;
  const folder = new MeetingFolder(files, meeting);
  const isOpen = meetingStanding(report, clock.now()).phase === "proposed";
  if (!isOpen || (await folder.isEntered()))
    return err("conflict", `${meeting} is answered, taken back or over; see \`detente match meet status\``);
  const inputs = inputsOf(indicators);
  if (!inputs.ok) return inputs;
  const { by, list, most } = report.terms;
  const size = setClass(inputs.value.length);
  if (size > most) return err("bad-list", `the list has the class ${size}, ${by} takes ${most}; shorten it`);
  return entering(options, { partner: by, count: list.count }, async (grant) => {
    const { side, message, committed } = await makeList(threads, random, inputs.value);
    const words = { type: "exhibit", kind: "meeting-list", content: { ...committed } } as const;
    await folder.keepMessage("list", message);
    await folder.keepIntended("list", { input: aboutMeeting(meeting, words), intent: intentOf(clock.now(), random) });
    await folder.keepGrant(grant);
    await folder.keepSide(side);
    return ok(folder);
  });
}

/** Makes a list for what the budgets leave: that is taken before, and given back where the meeting was not entered. */
async function entering(
  { budgets, granted }: EnteringOptions,
  grant: Grant,
  enter: (grant: Grant) => Promise<Result<MeetingFolder, EnteringFault>>,
): Promise<Result<MeetingFolder, EnteringFault>> {
  const taken = await budgets.take(grant);
  if (!taken.ok) return taken;
  try {
    return await enter(grant);
  } finally {
    await granted.settle(grant);
  }
}

function inputsOf(indicators: ProposalInput["indicators"]): Result<readonly string[], EnteringFault> {
  const inputs = [...new Set(indicators.map(inputOf))];
  if (inputs.length === 0) return err("bad-list", "the list is empty: a meeting would show nothing but the other's");
  return inputs.length <= MAX_LIST ? ok(inputs) : err("bad-list", `a list has at most ${MAX_LIST} items; split it`);
}

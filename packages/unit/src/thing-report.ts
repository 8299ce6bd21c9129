import { compareText } from "@detente/basics";
import type { PositionContent } from "@detente/record";
import type { UnitState } from "./state.ts";
import type { Statement } from "./statement.ts";
import { type StatementReport, statementReport } from "./statement-report.ts";
import { isVisibleIn } from "./verdict.ts";
import type { View } from "./view.ts";
import type { Voice } from "./voice.ts";
import { type CheckTotals, type SightingTotals, Watch } from "./watch.ts";

/** Where a party stands, by its own word. */
export interface PositionReport {
  /** Undefined where it is about the thing as a whole. */
  readonly clause: string | undefined;
  readonly kind: string;
  readonly content: PositionContent;
  /** Where in the party's log it said so. */
  readonly index: number;
}

/** Hearsay: what one party reports that another said. */
export interface AccountReport {
  /** The name of the party reported on. */
  readonly party: string;
  readonly said: string;
  readonly source: string | undefined;
  readonly index: number;
  /**
   * Whether the reported party's own position on the thing says otherwise: its kind where `said` is one ("accept",
   * "deny"…), else its text where it has one. Words that cannot be compared contradict nothing.
   */
  readonly contradicted: boolean;
}

/** What one party has said about a thing. */
export interface VoiceReport {
  readonly origin: string;
  readonly name: string | undefined;
  readonly positions: readonly PositionReport[];
  readonly permille: number | undefined;
  readonly accounts: readonly AccountReport[];
  readonly exhibits: readonly StatementReport[];
  readonly sightings: SightingTotals | undefined;
  readonly falsePositives: number;
  readonly checks: CheckTotals;
  /** Milliseconds that the party watched, and that it had no access; spans that overlap count once. */
  readonly observed: number;
  readonly withoutAccess: number;
  readonly observations: readonly StatementReport[];
}

/** A statement that has taken effect, and what the parties have said about it in one view. */
export interface ThingReport {
  readonly hash: string;
  /** The statement itself: in its author's own log, since a leaf that somebody copies is void. */
  readonly statement: StatementReport;
  /** Whether its author has withdrawn it, by its own position. */
  readonly isWithdrawn: boolean;
  /** In order of the logs' origins. */
  readonly voices: readonly VoiceReport[];
}

const POSITIONS = new Set(["assert", "accept", "deny", "abstain", "recuse", "suspend", "withdraw"]);

/** `undefined` where no statement with this leaf hash has taken effect within sight of the view. */
export function thingReport(state: UnitState, hash: string, viewKey: string): ThingReport | undefined {
  const id = state.hashes.findHex(hash);
  const statement = (id === undefined ? [] : state.instances(id)).find(
    (instance) => instance.state === "effective" && instance.body !== undefined && isVisibleIn(instance, viewKey),
  );
  const view = state.views.get(viewKey);
  if (id === undefined || statement === undefined) return undefined;
  return {
    hash,
    statement: statementReport(state, statement),
    isWithdrawn: view?.voice(id, statement.log.origin)?.positions.get("")?.body?.kind === "withdraw",
    voices: view?.voices(id).map((voice) => voiceReport(state, view, id, voice)) ?? [],
  };
}

function voiceReport(state: UnitState, view: View, id: number, voice: Voice): VoiceReport {
  const { weighing, watch = new Watch() } = voice;
  return {
    origin: voice.origin,
    name: state.nameOf(voice.origin),
    positions: positionReports(voice),
    permille: weighing?.body?.name === "weigh/probability" ? weighing.body.content.permille : undefined,
    accounts: accountReports(state, view, id, voice),
    exhibits: inOrder(state, voice.exhibits),
    sightings: watch.sightings,
    falsePositives: watch.falsePositives,
    checks: watch.checks,
    observed: watch.observed.total,
    withoutAccess: watch.withoutAccess.total,
    observations: inOrder(state, watch.statements),
  };
}

function positionReports(voice: Voice): PositionReport[] {
  return [...voice.positions]
    .sort(([a], [b]) => compareText(a, b))
    .map(([clause, { index, body }]) => ({
      clause: clause === "" ? undefined : clause,
      kind: body?.kind ?? "",
      content: body?.content as PositionContent,
      index,
    }));
}

function accountReports(state: UnitState, view: View, id: number, voice: Voice): AccountReport[] {
  const accounts: AccountReport[] = [];
  for (const [party, { body, index }] of voice.accounts) {
    if (body?.name !== "account/report") continue;
    const { said, source } = body.content;
    const owner = view.voices(id).find(({ origin }) => state.nameOf(origin) === party);
    accounts.push({ party, said, source, index, contradicted: owner !== undefined && contradicts(owner, said) });
  }
  return accounts.sort((a, b) => compareText(a.party, b.party));
}

function contradicts(owner: Voice, said: string): boolean {
  const position = owner.positions.get("")?.body;
  if (position === undefined) return false;
  if (POSITIONS.has(said)) return position.kind !== said;
  const { text } = position.content as PositionContent;
  return text !== undefined && text !== said;
}

function inOrder(state: UnitState, statements: readonly Statement[]): StatementReport[] {
  return statements.toSorted((a, b) => a.index - b.index).map((statement) => statementReport(state, statement));
}

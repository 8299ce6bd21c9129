import type { StatementType } from "@detente/record";
import { compareText, type Json } from "@detente/basics";
import type { UnitState } from "./state.ts";
import type { Statement } from "./statement.ts";
import type { Status } from "./status.ts";
import { isVisibleIn } from "./verdict.ts";

/** One entry of one log, and what has become of it. */
export interface StatementReport {
  readonly log: string;
  readonly index: number;
  /** The leaf hash. */
  readonly hash: string;
  readonly form: Statement["form"];
  readonly status: Status;
  /** What it says, where its body is here and well formed. */
  readonly body:
    | {
        readonly type: StatementType;
        readonly kind: string;
        readonly content: Json;
        readonly of: readonly string[];
        /** `audienceKey` of its audience. */
        readonly view: string;
        /** The leaf hash of the seal that it opens. */
        readonly unseals: string | undefined;
      }
    | undefined;
}

/** How many statements have which status; observations of heads are no part of it. */
export interface StatementCounts extends Readonly<Record<Status["state"], number>> {
  readonly statements: number;
}

export function statementCounts(state: UnitState): StatementCounts {
  const counts = { statements: 0, pending: 0, waiting: 0, sealed: 0, effective: 0, void: 0 };
  for (const log of state.logs.values()) {
    for (const statement of log.entries) {
      if (statement.form === "heads") continue;
      counts.statements++;
      counts[statusOf(state, statement).state]++;
    }
  }
  return counts;
}

export function statementReport(state: UnitState, statement: Statement): StatementReport {
  const { log, index, form, body } = statement;
  return {
    log: log.origin,
    index,
    hash: state.hashes.hex(statement.id),
    form,
    status: statusOf(state, statement),
    body: body && {
      type: body.type,
      kind: body.kind,
      content: body.content as Json,
      of: body.of.map((id) => state.hashes.hex(id)),
      view: body.view,
      unseals: body.unseals?.seal,
    },
  };
}

/** The statements with this leaf hash, in order of their logs' origins, then of their indexes. */
export function statementsAt(state: UnitState, hash: string): StatementReport[] {
  const id = state.hashes.findHex(hash);
  return (id === undefined ? [] : state.instances(id))
    .map((statement) => statementReport(state, statement))
    .sort((a, b) => compareText(a.log, b.log) || a.index - b.index);
}

/** The entries of a log that are about a statement and not judged yet, in order. */
export function pendingAbout(state: UnitState, origin: string, hash: string): StatementReport[] {
  const log = state.logs.get(origin);
  const id = state.hashes.findHex(hash);
  if (log === undefined || id === undefined) return [];
  return log.entries
    .slice(log.passed)
    .filter(({ body }) => body?.of.includes(id))
    .map((statement) => statementReport(state, statement));
}

export function statusOf(state: UnitState, statement: Statement): Status {
  const { log, index, form, body, reason, waitsFor } = statement;
  if (form === "heads") {
    return log.memberships.length > 0
      ? { state: "effective", interpreted: true }
      : { state: "void", reason: "not-a-member" };
  }
  if (reason !== undefined) return { state: "void", reason };
  switch (statement.state) {
    case "delivered":
      return index < log.effectiveSize ? { state: "waiting", for: "body" } : { state: "pending" };
    case "outside":
      return { state: "void", reason: log.hasLeftAt(index) ? "party-left" : "not-a-member" };
    case "effective":
      return { state: "effective", interpreted: body?.name !== "unknown" };
    default:
      break;
  }
  if (body === undefined) return { state: "sealed" };
  if (waitsFor !== undefined && waitsFor !== "references") return { state: "waiting", for: waitsFor };
  const seal = body.unseals === undefined ? [] : [state.hashes.internHex(body.unseals.seal)];
  const references = [...body.of, ...seal].filter(
    (id) => !state.instances(id).some((instance) => instance.state === "effective" && isVisibleIn(instance, body.view)),
  );
  return { state: "waiting", for: "references", references: references.map((id) => state.hashes.hex(id)) };
}

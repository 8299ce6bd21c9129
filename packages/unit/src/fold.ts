import { assert, type Bytes, toHex, unwrap } from "@detente/basics";
import { type CharterDocument, charterDigest, checkCharter, parseCharter } from "@detente/record";
import { type CharterReports, charterReports } from "./charter-report.ts";
import { type ContestRecord, contestRecord } from "./contests/contest-record.ts";
import { Engine } from "./engine.ts";
import type { Entry } from "./intake.ts";
import type { KeyHistory } from "./key-ring.ts";
import { type LogReport, logReport, type MissingBody, missingBodies, sortedLogs } from "./log-report.ts";
import type { ConflictingObservation, RootAt } from "./observatory.ts";
import { type MatchSetReport, matchSetReports } from "./match-sets.ts";
import { type MeetingReport, meetingReports } from "./meetings.ts";
import { type MemberReport, memberReports } from "./member-report.ts";
import { UnitState } from "./state.ts";
import {
  pendingAbout,
  type StatementCounts,
  statementCounts,
  type StatementReport,
  statementReport,
  statementsAt,
  statusOf,
} from "./statement-report.ts";
import type { Status } from "./status.ts";
import { View } from "./view.ts";
import { type ThingReport, thingReport } from "./thing-report.ts";

export interface FoldOptions {
  /** The founding charter: the document, or its canonical bytes. */
  readonly genesis: CharterDocument | Bytes;
  /**
   * The RFC 6962 root of a log's first `size` entries. Asked only for sizes that have been delivered, the entry that is
   * being added included, and must answer for each.
   */
  readonly rootAt: RootAt;
}

/** A digest of one view, and up to where the record had to be judged for it. */
export interface ViewDigest {
  /** 64 hexadecimal digits. */
  readonly digest: string;
  /**
   * How many entries of each log have been judged, in order of the logs' origins. Stations with the same heads have
   * the same digest of the unit's view, and of an audience's view if they hold the same of its bodies.
   */
  readonly heads: readonly { readonly log: string; readonly size: number }[];
}

/**
 * The unit's state as a function of the record: of the *set* of entries and bodies delivered, not of their order. In
 * the terms of `fold(state, statement)`: the state is this object, each `add` and `addBody` joins one more element, and
 * since joining is commutative, associative and idempotent, any two sequences over the same set give the same state.
 * There is no clock and no randomness in it, and a delivery costs O(log n).
 *
 * A statement takes effect when a quorum of the other parties has logged observations that cover it (under any charter
 * that is or was in force, so effect is never lost) and all it refers to has taken effect. Observations of heads count
 * at once, whoever's they are; only a charter's parties are counted by that charter.
 *
 * A charter is accepted by `position/accept`, `of` its open/charter statement, with its digest; where it has newcomers,
 * they accept first, and the others' `of` also names their acceptances (see `charter().proposals[].acceptWith`).
 * A party leaves by `position/withdraw` with the unit's id as its digest; what it writes later is void, but for
 * accepting a charter that takes it in again.
 *
 * A log that has been proven to equivocate is frozen at what a quorum has observed: honest parties observe no more of
 * it (`observable` says so), and without them nothing more of it takes effect.
 */
export interface Fold {
  /** The unit's id. */
  readonly unit: string;
  /**
   * Takes in an entry. Entries of one log come in the order of their indexes; an entry may come again.
   * @throws where one is left out, or where another stands at the index already: logs are verified before
   */
  add(entry: Entry): void;
  /** Takes in the bytes of a body, before or after the entries that name it. */
  addBody(body: Bytes): void;

  status(log: string, index: number): Status | undefined;
  /** How many entries there are but observations of heads, and what has become of them. Looks at each. */
  counts(): StatementCounts;
  statement(log: string, index: number): StatementReport | undefined;
  /** The statements with this leaf hash, one for each log that holds it, in order of the logs' origins. */
  find(hash: string): StatementReport[];
  /** What a log says of a statement in entries that are not judged yet, in order: nobody but their author goes by it. */
  pending(log: string, about: string): StatementReport[];

  /** Everyone who is or was a party, in order of names. */
  members(): readonly MemberReport[];
  /** All that is known of charters; costs more the more of them were proposed. */
  charter(): CharterReports;
  /** The founding charter, and the one in force; `undefined` before the founding one is accepted by all. */
  charterInForce(): { readonly founding: CharterDocument; readonly current: CharterDocument | undefined };
  /** Of each log the newest charter that it proposes to follow the one in force, while not all have accepted it. */
  openProposals(): { readonly log: string; readonly document: CharterDocument }[];
  /** The keys of a party, by the origin of its log. */
  keys(origin: string): KeyHistory | undefined;

  /** What is on the table in a view (`audienceKey`), in order of leaf hashes. */
  things(view?: string): ThingReport[];
  /** A statement and what the parties have said about it within a view. */
  thing(hash: string, view?: string): ThingReport | undefined;
  /** The sets that partners may ask blindly, in order of logs, then of their indexes. */
  matchSets(): readonly MatchSetReport[];
  /** The meetings that were proposed, in order of the proposers' logs, then of their indexes. */
  meetings(): readonly MeetingReport[];
  /** `audienceKey` of every audience that has a view here. */
  views(): string[];
  /** Leaf hashes of the charters of audits, ascending. */
  contests(): string[];
  /** An audit and all that was said about it; `contestState` says what that comes to. */
  contest(hash: string): ContestRecord | undefined;

  /** What is known of each log: sizes, who has observed how much, whether it is frozen; in order of origins. */
  logs(): LogReport[];
  conflicts(): readonly ConflictingObservation[];
  /**
   * When an entry took effect, by the observers' own claims: the quorum-th smallest of them, the earliest of all
   * charters that measure. Milliseconds since 1970; for people, it orders nothing.
   */
  effectiveAt(log: string, index: number): number | undefined;
  /** Unit-wide bodies of a log's first `upto` entries that are not here: to be fetched before that size is observed. */
  missingBodies(log: string, upto: number): MissingBody[];
  /** As `missingBodies`, for sealed statements; some of them may be for others only. */
  missingSealedBodies(log: string, upto: number): MissingBody[];
  /**
   * Whether a head of `toSize` is worth observing after one of `fromSize`: it is here, it holds anything new but
   * observations of heads, and the log is not frozen.
   */
  observable(log: string, fromSize: number, toSize: number): boolean;
  viewDigest(view?: string): ViewDigest;
}

/** @throws where the genesis is no founding charter: read foreign ones with `parseCharter` first */
export function createFold(options: FoldOptions): Fold {
  return openFold(options).fold;
}

/** As `createFold`, and with what drives the fold, for whoever has read entries and bodies beforehand. */
export function openFold({ genesis, rootAt }: FoldOptions): { readonly fold: Fold; readonly engine: Engine } {
  const founding = unwrap(genesis instanceof Uint8Array ? parseCharter(genesis) : checkCharter(genesis));
  assert(founding.base === undefined, "a founding charter has no base");
  const unit = charterDigest(founding);
  const state = new UnitState(unit, founding, rootAt);
  const engine = new Engine(state);
  const at = (log: string, index: number): StatementReport | undefined => {
    const statement = state.logs.get(log)?.entries[index];
    return statement === undefined ? undefined : statementReport(state, statement);
  };
  const effectiveAt = (log: string, index: number): number | undefined => {
    const times = engine.measures.flatMap((measure) => state.observatory.effectiveAt(log, index, measure) ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  };
  const fold: Fold = {
    unit,
    add: (entry) => engine.add(entry),
    addBody: (body) => engine.addBody(body),
    status: (log, index) => {
      const statement = state.logs.get(log)?.entries[index];
      return statement && statusOf(state, statement);
    },
    counts: () => statementCounts(state),
    statement: at,
    find: (hash) => statementsAt(state, hash),
    pending: (log, about) => pendingAbout(state, log, about),
    members: kept(engine, () => memberReports(state)),
    charter: () => charterReports(state),
    charterInForce: () => ({
      founding: state.book.founding.document,
      current: state.book.chain().at(-1)?.document,
    }),
    openProposals: () => {
      const current = state.book.chain().at(-1);
      return [...state.proposals].flatMap(([log, { charter }]) =>
        current !== undefined && charter.base === current && !charter.complete
          ? [{ log, document: charter.document }]
          : [],
      );
    },
    keys: (origin) => state.keys.history(origin),
    things: (view = "unit") =>
      [...(state.views.get(view)?.things.keys() ?? [])]
        .map((id) => state.hashes.hex(id))
        .sort()
        .flatMap((hash) => thingReport(state, hash, view) ?? []),
    thing: (hash, view = "unit") => thingReport(state, hash, view),
    matchSets: kept(engine, () => matchSetReports(state)),
    meetings: kept(engine, () => meetingReports(state, effectiveAt)),
    views: () => [...state.views.keys()].sort(),
    contests: () =>
      state.contests
        .ids()
        .map((id) => state.hashes.hex(id))
        .sort(),
    contest: (hash) => contestRecord(state, hash),
    logs: () => sortedLogs(state).map((log) => logReport(state, log)),
    conflicts: () => state.observatory.conflicts,
    effectiveAt,
    missingBodies: (log, upto) => missingBodies(state, state.logs.get(log)?.missing, upto),
    missingSealedBodies: (log, upto) => missingBodies(state, state.logs.get(log)?.missingSealed, upto),
    observable: (origin, fromSize, toSize) => {
      const log = state.logs.get(origin);
      return (
        log !== undefined && toSize <= log.size && !state.equivocations.has(origin) && log.hasPlainIn(fromSize, toSize)
      );
    },
    viewDigest: (view = "unit") => ({
      digest: toHex((state.views.get(view) ?? new View(view, state.hashes)).digest()),
      heads: sortedLogs(state).map(({ origin, passed }) => ({ log: origin, size: passed })),
    }),
  };
  return { fold, engine };
}

/** Made anew only once something was delivered: each request between stations asks for these, and they grow with the record. */
function kept<T>(engine: Engine, make: () => T): () => T {
  let made: { readonly value: T; readonly deliveries: number } | undefined;
  return () => {
    if (made?.deliveries !== engine.deliveries) made = { value: make(), deliveries: engine.deliveries };
    return made.value;
  };
}

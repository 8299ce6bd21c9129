import { assert, type Bytes, fromBase64, present } from "@detente/basics";
import type { HeadsLeaf } from "@detente/record";
import type { Log } from "./log.ts";
import type { Missing } from "./missing.ts";
import type { LeafReading } from "./reading.ts";
import type { UnitState } from "./state.ts";
import type { Statement } from "./statement.ts";

/** A log entry as it stands in its log. The caller has verified that it does, and its leaf hash. */
export interface Entry {
  /** The log's origin. */
  readonly log: string;
  readonly index: number;
  readonly leaf: Bytes;
  /** RFC 6962: SHA-256(0x00 || leaf). */
  readonly leafHash: Bytes;
  /** The body, where it is at hand; `addBody` takes it later. */
  readonly body?: Bytes;
}

/** A log entry whose leaf was read before. */
export interface ReadEntry {
  readonly log: string;
  readonly index: number;
  readonly leafHash: Bytes;
  readonly reading: LeafReading;
}

/**
 * Enters a log entry into the state: counts what it observes, and asks for its body. Judges nothing.
 * @returns the logs of which somebody has now observed more
 * @throws where an entry is left out, or another stands at its index already
 */
export function takeIn(state: UnitState, { log: origin, index, leafHash, reading }: ReadEntry): readonly Log[] {
  const log = state.log(origin);
  const id = state.hashes.intern(leafHash);
  if (index < log.size) {
    assert(log.entries[index]?.id === id, `entry ${index} of ${origin} is the one delivered before`);
    return NOTHING_GREW;
  }
  assert(index === log.size, `entry ${log.size} of ${origin} comes before entry ${index}`);
  const statement: Statement = {
    log,
    index,
    id,
    form: "foreign",
    state: "delivered",
    reason: undefined,
    waitsFor: undefined,
    claim: undefined,
    body: undefined,
  };
  const isRepeated = state.instances(id).some((instance) => instance.log === log);
  log.entries.push(statement);
  // A leaf that its author repeats is nothing new, and must not make the search for it longer.
  if (!isRepeated) state.enter(statement);
  const observed = interpret(state, statement, reading, isRepeated);
  return state.observatory.reached(origin, log.size) ? [...observed, log] : observed;
}

function interpret(state: UnitState, statement: Statement, reading: LeafReading, isRepeated: boolean): readonly Log[] {
  if (reading !== undefined && "heads" in reading && reading.unit === state.unit) {
    statement.form = "heads";
    return observe(state, statement, reading);
  }
  statement.log.plain.push(statement.index);
  if (reading === undefined) statement.reason = "malformed-leaf";
  else if ("heads" in reading || !state.isOwnId(reading.hashes, 32)) statement.reason = "other-unit";
  else if (isRepeated) statement.reason = "duplicate";
  else {
    statement.form = reading.type === "sealed" ? "sealed" : "unit-wide";
    const claim = state.bodies.claimOf(reading);
    if (!state.bodies.request(statement, claim)) missingOf(statement).add(statement);
  }
  return NOTHING_GREW;
}

const NOTHING_GREW: readonly Log[] = [];

function observe({ observatory, logs }: UnitState, { log, index }: Statement, { at, heads }: HeadsLeaf): Log[] {
  const grown: Log[] = [];
  for (const head of heads) {
    // What one observes of one's own log witnesses nothing.
    if (head.log === log.origin) continue;
    const observed = logs.get(head.log);
    const root = present(fromBase64(head.root), "a root that the leaf's schema has checked");
    const observation = { observer: log.origin, index, at, log: head.log, size: head.size, root };
    const grew = observatory.observe(observation, observed?.size ?? 0);
    if (grew && observed !== undefined) grown.push(observed);
  }
  return grown;
}

function missingOf({ log, form }: Statement): Missing {
  return form === "sealed" ? log.missingSealed : log.missing;
}

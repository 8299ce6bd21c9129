import { compareText } from "@detente/basics";
import type { Log } from "./log.ts";
import type { Missing } from "./missing.ts";
import type { UnitState } from "./state.ts";

/** What is known of a log. */
export interface LogReport {
  readonly origin: string;
  /** The author's name, where it is or was a party. */
  readonly name: string | undefined;
  /** Entries delivered. */
  readonly size: number;
  /** Entries below are covered by a quorum of the others. */
  readonly effectiveSize: number;
  /** Entries below have been judged; smaller than `effectiveSize` where a body is missing. */
  readonly judgedSize: number;
  /** Who has observed how much of it, in order of the observers' origins. */
  readonly observers: readonly { readonly observer: string; readonly size: number }[];
  /**
   * Where the log has been proven to equivocate: the agreed prefix, and the leaf hashes of the statements that prove it.
   */
  readonly frozen: { readonly size: number; readonly proofs: readonly string[] } | undefined;
}

/** A body that an entry names and that is not here. */
export interface MissingBody {
  readonly index: number;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

export function logReport(state: UnitState, log: Log): LogReport {
  const proofs = state.equivocations.get(log.origin);
  return {
    origin: log.origin,
    name: state.nameOf(log.origin),
    size: log.size,
    effectiveSize: log.effectiveSize,
    judgedSize: log.passed,
    observers: state.observatory.observers(log.origin).sort((a, b) => compareText(a.observer, b.observer)),
    frozen: proofs && {
      size: log.effectiveSize,
      proofs: proofs.map(({ id }) => state.hashes.hex(id)).sort(compareText),
    },
  };
}

/** The logs in order of their origins. */
export function sortedLogs(state: UnitState): Log[] {
  return [...state.logs.values()].sort((a, b) => compareText(a.origin, b.origin));
}

/** The bodies that are missing of a log's first `upto` entries, in order of index. */
export function missingBodies({ bodies }: UnitState, missing: Missing | undefined, upto: number): MissingBody[] {
  const found = missing?.before(upto) ?? [];
  return found.map(({ index, claim }) => ({ index, digest: bodies.digestOf(claim), size: claim.size }));
}

import type { Json } from "@detente/basics";

/** A row of `GET /api/contests`: `{rows}`. */
export interface ContestRow {
  /** Leaf hash of the audit's charter. */
  readonly hash: string;
  readonly title: string;
  /** How far it has come, in words. */
  readonly stage: string;
}

/** `GET /api/contests/:hash`: what is in effect, in order of logs and their entries. */
export interface ContestSaid {
  readonly hash: string;
  readonly charter: Json;
  readonly statements: readonly {
    readonly party: string;
    readonly log: string;
    readonly index: number;
    readonly hash: string;
    /** When it took effect, by the observers' claims; milliseconds since 1970. */
    readonly since: number | null;
    readonly of: readonly string[];
    readonly unseals: string | null;
    /** `type/kind`, or `unknown`. */
    readonly name: string;
    readonly content: Json;
  }[];
}

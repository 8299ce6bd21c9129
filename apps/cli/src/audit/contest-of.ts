import type { ContestProgress } from "@detente/unit";
import { Trouble } from "../trouble.ts";
import type { AuditDesk } from "./desk.ts";

/** A contest of an audit that is being sampled, by its id. */
export async function contestOf(desk: AuditDesk, id: string): Promise<ContestProgress> {
  const { contests } = await desk.state(id);
  const [progress] = contests;
  if (progress === undefined) {
    const ids = desk.record.charter.contests.map((contest) => contest.id);
    throw new Trouble(id, "is no contest of this audit", `contests are ${ids.join(", ")}`);
  }
  if (progress.now === undefined) throw new Trouble(id, "has no cards drawn yet", "see `detente audit next`");
  return progress;
}

/** The positional arguments of commands about one contest. */
export const AUDIT_AND_CONTEST = [
  { parse: String, placeholder: "AUDIT", brief: "the audit's hash, or its first digits" },
  { parse: String, placeholder: "CONTEST", brief: "the contest's id" },
] as const;

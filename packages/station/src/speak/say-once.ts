import { type Bytes, fromHex, present, type Result, ok, toHex } from "@detente/basics";
import type { StatementInput } from "../api/contract.ts";
import type { OwnLog } from "../sync/own-log.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { Speaker } from "./speaker.ts";

/** Everything besides its content that makes a statement's bytes what they are, put down before it is said. */
export interface Intent {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** 32 bytes in hex. */
  readonly salt: string;
}

export interface Mouth {
  readonly speaker: Pick<Speaker, "draft" | "append">;
  /** The origin of this party's own log. */
  readonly own: string;
}

export function intentOf(now: number, random: (length: number) => Bytes): Intent {
  return { at: now, salt: toHex(random(32)) };
}

/**
 * Says a statement that was decided on before, once: after a crash this party's own log tells whether a statement of
 * these bytes is there, and if not, the same one is appended. The fold has read all of that log (`isBehind`).
 * @returns the statement's leaf hash
 */
export async function sayOnce(
  { speaker, own }: Mouth,
  unit: UnitRuntime,
  statement: StatementInput,
  { at, salt }: Intent,
): Promise<Result<string>> {
  const drafted = speaker.draft(statement, { at, salt: present(fromHex(salt), "a salt in hex") });
  if (!drafted.ok) return drafted;
  const { leafHash } = drafted.value;
  if (unit.archive.fold.find(leafHash).some(({ log }) => log === own)) return ok(leafHash);
  const appended = await speaker.append(drafted.value);
  return appended.ok ? ok(leafHash) : appended;
}

/** Whether the fold lacks something of this party's own log, so that it cannot tell what was said. */
export function isBehind({ archive }: UnitRuntime, own: OwnLog): boolean {
  return archive.foldedSize(own.origin) < own.reader.size;
}

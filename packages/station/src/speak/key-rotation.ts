import { type Bytes, ok, type Result } from "@detente/basics";
import type { KeyRole } from "@detente/record";
import type { RotateReport } from "../api/contract.ts";
import type { KeyKeeper } from "../setup/key-keeper.ts";
import type { Speaker } from "./speaker.ts";

export interface RotationOptions {
  readonly keeper: KeyKeeper;
  readonly speaker: Speaker;
  readonly random: (length: number) => Bytes;
}

/**
 * Replaces a key of this party by the one it had committed itself to, and commits it to another.
 * @param given the seed (32 bytes) of the new key, where it is not kept in this data directory
 */
export async function rotateKey(
  { keeper, speaker, random }: RotationOptions,
  role: KeyRole,
  given: Bytes | undefined,
): Promise<Result<RotateReport>> {
  const prepared = await keeper.prepare(role, given, random);
  if (!prepared.ok) return prepared;
  const stated = await speaker.rotate(prepared.value, () => keeper.announce());
  if (!stated.ok) {
    // After a failed write only the log on disk can tell, and it does when the station is started again.
    if (stated.fault.code !== "storage-failed") await keeper.discard();
    return stated;
  }
  keeper.noted(prepared.value, stated.value.index);
  const settled = await keeper.settle();
  return settled.ok ? ok({ ...stated.value, ...prepared.value }) : settled;
}

import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type Bytes, err, ok, type Result, toBase64 } from "@detente/basics";
import { KEY_ROLES, type KeyRole } from "@detente/record";
import { syncDirectory } from "./files.ts";
import { readSecret, seedOf, writeSecret } from "./keys.ts";

/** A rotation that is under way: what it takes to finish it, on disk before anyone hears of it. */
export interface PendingRotation {
  readonly role: KeyRole;
  readonly seed: Bytes;
  readonly next: Bytes;
}

function pathIn(dir: string): string {
  return `${dir}/keys/rotating.json`;
}

/** Durable when it resolves. */
export async function savePending(dir: string, { role, seed, next }: PendingRotation): Promise<void> {
  await writeSecret(pathIn(dir), { v: 1, role, seed: toBase64(seed), next: toBase64(next) });
}

export async function removePending(dir: string): Promise<void> {
  await rm(pathIn(dir), { force: true });
  await syncDirectory(dirname(pathIn(dir)));
}

/** Undefined where none is under way; `bad-keys` where the file is no rotation. */
export async function loadPending(dir: string): Promise<Result<PendingRotation | undefined>> {
  const file = await readSecret(pathIn(dir));
  if (!file.ok) return file.fault.code === "no-keys" ? ok(undefined) : file;
  const role = KEY_ROLES.find((candidate) => candidate === file.value["role"]);
  const seed = seedOf(file.value["seed"]);
  const next = seedOf(file.value["next"]);
  if (role === undefined || seed === undefined || next === undefined) {
    return err("bad-keys", `${pathIn(dir)} is no rotation; restore it from a backup`);
  }
  return ok({ role, seed, next });
}

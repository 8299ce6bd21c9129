import { err, type Fault, fromBase64, ok, type Result, toBase64 } from "@detente/basics";
import { type KeyRole, KEY_ROLES } from "@detente/record";
import { readJsonFile, writeFileDurably } from "./files.ts";

/** Ed25519 seeds (32 bytes), one a role. */
export type KeySeeds = Readonly<Record<KeyRole, Uint8Array>>;

/**
 * The keys in use and the ones committed to as their successors. The successors are named in the party file by
 * their digest only: whoever steals the keys in use cannot rotate them. They belong on paper or on a token until then.
 */
export interface Keys {
  readonly current: KeySeeds;
  readonly next: KeySeeds | undefined;
}

export type KeysFault = Fault<"no-keys" | "bad-keys">;

export function generateSeeds(random: (length: number) => Uint8Array): KeySeeds {
  return { log: random(32), witness: random(32), mirror: random(32), transport: random(32) };
}

export async function saveSeeds(path: string, seeds: KeySeeds): Promise<void> {
  const text = Object.fromEntries(KEY_ROLES.map((role) => [role, toBase64(seeds[role])]));
  await writeFileDurably(path, `${JSON.stringify({ v: 1, ...text }, null, 2)}\n`, 0o600);
}

export async function loadKeys(dir: string): Promise<Result<Keys, KeysFault>> {
  const current = await loadSeeds(`${dir}/keys/current.json`);
  if (!current.ok) return current;
  const next = await loadSeeds(`${dir}/keys/next.json`);
  if (!next.ok && next.fault.code !== "no-keys") return next;
  return ok({ current: current.value, next: next.ok ? next.value : undefined });
}

async function loadSeeds(path: string): Promise<Result<KeySeeds, KeysFault>> {
  const file = await readJsonFile(path);
  if (!file.ok) return err(file.fault.code === "no-file" ? "no-keys" : "bad-keys", file.fault.message);
  const text = file.value as Record<string, unknown>;
  const seeds: Partial<Record<KeyRole, Uint8Array>> = {};
  for (const role of KEY_ROLES) {
    const seed = typeof text[role] === "string" ? fromBase64(text[role]) : undefined;
    if (seed?.length !== 32) return err("bad-keys", `${path}: the ${role} key is not 32 bytes in base64`);
    seeds[role] = seed;
  }
  return ok(seeds as KeySeeds);
}

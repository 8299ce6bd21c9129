import { err, type Fault, fromBase64, ok, type Result, toBase64 } from "@detente/basics";
import { type KeyRole, KEY_ROLES } from "@detente/record";
import { readJsonFile, writeFileDurably } from "./files.ts";

/** Ed25519 seeds (32 bytes), one a role. */
export type KeySeeds = Readonly<Record<KeyRole, Uint8Array>>;

/**
 * The keys in use, those they have replaced and that some peer may still know, and the ones committed to as their
 * successors. The successors are named in the party file by their digest only: whoever steals the keys in use cannot
 * rotate them. They belong on paper or on a token until then.
 */
export interface Keys {
  readonly current: KeySeeds;
  /** The newest first. */
  readonly previous: Readonly<Partial<Record<KeyRole, readonly Uint8Array[]>>>;
  /** Undefined where they are kept elsewhere; single roles may be absent too. */
  readonly next: Partial<KeySeeds> | undefined;
}

export type KeysFault = Fault<"no-keys" | "bad-keys">;

export function generateSeeds(random: (length: number) => Uint8Array): KeySeeds {
  return { log: random(32), witness: random(32), mirror: random(32), transport: random(32) };
}

/** Writes the keys in use and those they replaced, in one file: they change together. */
export async function saveCurrent(
  dir: string,
  { current, previous }: Pick<Keys, "current" | "previous">,
): Promise<void> {
  const former = Object.entries(previous).filter(([, seeds]) => seeds.length > 0);
  const members =
    former.length === 0
      ? {}
      : { previous: Object.fromEntries(former.map(([role, seeds]) => [role, seeds.map(toBase64)])) };
  await writeSecret(`${dir}/keys/current.json`, { v: 1, ...encoded(current), ...members });
}

export async function saveNext(dir: string, next: Partial<KeySeeds>): Promise<void> {
  await writeSecret(`${dir}/keys/next.json`, { v: 1, ...encoded(next) });
}

export async function writeSecret(path: string, value: object): Promise<void> {
  await writeFileDurably(path, `${JSON.stringify(value, null, 2)}\n`, 0o600);
}

export async function loadKeys(dir: string): Promise<Result<Keys, KeysFault>> {
  const currentPath = `${dir}/keys/current.json`;
  const file = await readSecret(currentPath);
  if (!file.ok) return file;
  const current = seedsIn(file.value, currentPath);
  if (!current.ok) return current;
  const missing = KEY_ROLES.find((role) => current.value[role] === undefined);
  if (missing !== undefined) return err("bad-keys", `${currentPath}: the ${missing} key is missing`);
  const previous = previousIn(file.value["previous"], currentPath);
  if (!previous.ok) return previous;

  const nextPath = `${dir}/keys/next.json`;
  const nextFile = await readSecret(nextPath);
  if (!nextFile.ok && nextFile.fault.code !== "no-keys") return nextFile;
  const next = nextFile.ok ? seedsIn(nextFile.value, nextPath) : ok(undefined);
  return next.ok ? ok({ current: current.value as KeySeeds, previous: previous.value, next: next.value }) : next;
}

export async function readSecret(path: string): Promise<Result<Record<string, unknown>, KeysFault>> {
  const file = await readJsonFile(path);
  if (!file.ok) return err(file.fault.code === "no-file" ? "no-keys" : "bad-keys", file.fault.message);
  if (typeof file.value !== "object" || file.value === null) return err("bad-keys", `${path} holds no keys`);
  return ok(file.value as Record<string, unknown>);
}

/** A seed in base64; undefined where it is not one. */
export function seedOf(text: unknown): Uint8Array | undefined {
  const seed = typeof text === "string" ? fromBase64(text) : undefined;
  return seed?.length === 32 ? seed : undefined;
}

function seedsIn(members: Record<string, unknown>, path: string): Result<Partial<KeySeeds>, KeysFault> {
  const seeds: Partial<Record<KeyRole, Uint8Array>> = {};
  for (const role of KEY_ROLES) {
    if (members[role] === undefined) continue;
    const seed = seedOf(members[role]);
    if (seed === undefined) return err("bad-keys", `${path}: the ${role} key is not 32 bytes in base64`);
    seeds[role] = seed;
  }
  return ok(seeds);
}

function previousIn(value: unknown, path: string): Result<Keys["previous"], KeysFault> {
  const previous: Partial<Record<KeyRole, Uint8Array[]>> = {};
  const members = (value ?? {}) as Record<string, unknown>;
  for (const role of KEY_ROLES) {
    const texts: unknown[] = Array.isArray(members[role]) ? members[role] : [];
    const seeds = texts.flatMap((text) => seedOf(text) ?? []);
    if (seeds.length !== texts.length)
      return err("bad-keys", `${path}: a previous ${role} key is not 32 bytes in base64`);
    if (seeds.length > 0) previous[role] = seeds;
  }
  return ok(previous);
}

function encoded(seeds: Partial<KeySeeds>): Record<string, string> {
  return Object.fromEntries(
    KEY_ROLES.flatMap((role) => {
      const seed = seeds[role];
      return seed === undefined ? [] : [[role, toBase64(seed)]];
    }),
  );
}

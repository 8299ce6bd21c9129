import { err, type Fault, ok, type Result } from "@detente/basics";
import { KEY_TYPE, parseVkey, type Verifier } from "@detente/tlog";
import { isLoopbackHost } from "../wire/loopback.ts";

/** A C2SP witness that belongs to nobody in the unit. */
export interface OutsideWitness {
  readonly key: Verifier;
  /** The submission prefix, without a slash at its end. */
  readonly url: string;
}

export type OutsideFault = Fault<"bad-log" | "bad-witness">;

/** The keys of the logs that `witnessedLogs` of station.json names, by origin; several keys of one log add up. */
export function outsideLogs(
  entries: readonly (string | { readonly origin: string; readonly vkey: string })[],
): Result<ReadonlyMap<string, readonly Verifier[]>, OutsideFault> {
  const logs = new Map<string, Verifier[]>();
  for (const [i, entry] of entries.entries()) {
    const vkey = typeof entry === "string" ? entry : entry.vkey;
    const key = parseVkey(vkey);
    if (!key.ok) return err("bad-log", `/witnessedLogs/${i}: ${key.fault.message}`);
    if (key.value.type !== KEY_TYPE.ed25519 && key.value.type !== KEY_TYPE.mlDsa44) {
      return err("bad-log", `/witnessedLogs/${i}: a key of type ${key.value.type} is not a log's; types 1 and 6 are`);
    }
    const origin = typeof entry === "string" ? key.value.name : entry.origin;
    logs.set(origin, [...(logs.get(origin) ?? []), key.value]);
  }
  return ok(logs);
}

/** The witnesses that `witnesses` of station.json names. */
export function outsideWitnesses(
  entries: readonly { readonly vkey: string; readonly url: string }[],
): Result<readonly OutsideWitness[], OutsideFault> {
  const witnesses: OutsideWitness[] = [];
  for (const [i, { vkey, url }] of entries.entries()) {
    const key = parseVkey(vkey);
    if (!key.ok) return err("bad-witness", `/witnesses/${i}/vkey: ${key.fault.message}`);
    if (key.value.type !== KEY_TYPE.cosignature && key.value.type !== KEY_TYPE.mlDsa44) {
      return err(
        "bad-witness",
        `/witnesses/${i}/vkey: a key of type ${key.value.type} is not a witness's; types 4 and 6 are`,
      );
    }
    const flaw = urlFlaw(url);
    if (flaw !== undefined) return err("bad-witness", `/witnesses/${i}/url: ${flaw}`);
    witnesses.push({ key: key.value, url: url.replace(/\/+$/, "") });
  }
  return ok(witnesses);
}

function urlFlaw(url: string): string | undefined {
  if (!URL.canParse(url)) return "not a URL";
  const { protocol, hostname, username, password, search, hash } = new URL(url);
  if (username + password + search + hash !== "") return "a witness's URL has no user, password, query or fragment";
  if (protocol === "https:" || (protocol === "http:" && isLoopbackHost(hostname))) return undefined;
  return "a witness is asked over https, or over http on loopback";
}

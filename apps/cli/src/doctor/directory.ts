import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { KEY_ROLES } from "@detente/record/vocabulary";
import { loadConfig, loadKeys, publicKeyText } from "@detente/station/setup";
import { sizeText } from "@detente/telemetry/size-text";
import { ownPartyFile } from "../party.ts";
import { moment } from "../ui/text.ts";
import { bad, type Finding, good, note } from "./finding.ts";

/** What only the station's own user may read. */
const SECRETS = ["keys", "keys/current.json", "keys/next.json", "keys/tls-key.pem", "officer.token", "metrics.token"];
const LEAST_FREE: number = 2 ** 30;
const CLOCK_TOLERANCE_MS = 60_000;

export async function checkSettings(dir: string): Promise<Finding> {
  const config = await loadConfig(dir);
  if (!config.ok)
    return bad("settings", config.fault.message, "set it up with `detente init`, or restore station.json");
  const { name, listen, url } = config.value;
  return good("settings", `${name}, listening on ${listen.host}:${listen.port} for ${url}`);
}

export async function checkPermissions(dir: string): Promise<Finding> {
  const open: string[] = [];
  for (const name of [".", ...SECRETS]) {
    const path = join(dir, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && (found.mode & 0o077) !== 0) open.push(path);
  }
  if (open.length === 0) return good("permissions", "keys and token are for the station's user alone");
  return bad("permissions", `others may read ${open.join(", ")}`, `run chmod -R go-rwx ${dir}`);
}

export async function checkKeys(dir: string): Promise<Finding> {
  const keys = await loadKeys(dir);
  if (!keys.ok) return bad("keys", keys.fault.message, "restore keys/current.json from a backup; nobody else has it");
  const { current, next } = keys.value;
  const party = await ownPartyFile(dir);
  const other = KEY_ROLES.filter((role) => publicKeyText(role, current[role], party.origin) !== party[role]);
  if (other.length > 0) {
    return note(
      "keys",
      `${other.join(", ")} differ from party.json, as they do after a rotation`,
      "if none was made, restore keys/current.json",
    );
  }
  if (next !== undefined) {
    return note(
      "keys",
      "the successors of the keys are in keys/next.json",
      "move them to paper or a token until they are needed",
    );
  }
  return good("keys", "those of the party file");
}

export async function checkDisk(dir: string): Promise<Finding> {
  const { bavail, blocks, bsize } = await statfs(dir);
  const free = bavail * bsize;
  const detail = `${sizeText(free)} of ${sizeText(blocks * bsize)} free`;
  return free < LEAST_FREE
    ? bad("disk", detail, "make room: a station that cannot write stops signing")
    : good("disk", detail);
}

/** A clock that was set back shows in files from the future. */
export async function checkClock(dir: string, now: number): Promise<Finding> {
  let newest = 0;
  for (const name of await readdir(dir)) {
    const { mtimeMs } = await stat(join(dir, name));
    newest = Math.max(newest, mtimeMs);
  }
  if (newest <= now + CLOCK_TOLERANCE_MS) return good("clock", moment(now));
  return bad(
    "clock",
    `it is ${moment(now)}, but files were written at ${moment(newest)}`,
    "set the clock, for example with NTP",
  );
}

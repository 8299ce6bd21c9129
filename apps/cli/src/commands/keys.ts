import { utf8Decode } from "@detente/basics";
import { KEY_ROLES, type KeyRole } from "@detente/record";
import type { RotateReport } from "@detente/station";
import { one, optional } from "../args.ts";
import { command } from "../command.ts";
import { readWhole } from "../files.ts";
import { saidLine } from "../statements.ts";
import { Trouble } from "../trouble.ts";
import { plain } from "../ui/text.ts";

const MAX_KEYS: number = 16 * 1024;

function keyRole(text: string): KeyRole {
  const role = KEY_ROLES.find((candidate) => candidate === text);
  if (role === undefined) throw new Error(`"${text}" is no role; roles are ${KEY_ROLES.join(", ")}`);
  return role;
}

type Flags = { readonly next?: string };

export const rotateCommand = command<Flags, [KeyRole]>({
  brief: "Replace a key by the one that was committed to as its successor",
  about:
    "The successor is read from keys/next.json in the data directory, or from a copy of that file with --next. A successor of " +
    "the new key comes into keys/next.json: move it to paper or a token. `detente status` shows until when the old key is used too.",
  examples: ["detente keys rotate transport", "detente keys rotate log --next /media/token/next.json"],
  flags: { next: optional(String, "file", "a copy of keys/next.json that was kept elsewhere") },
  args: one(keyRole, "ROLE", KEY_ROLES.join(", ")),
  async run(cli, { next }, role) {
    const input = next === undefined ? { role } : { role, seed: await seedIn(next, role) };
    const report = await cli.withStation((station) => station.post<RotateReport>("/api/keys/rotate", input));
    return { json: report, text: [saidLine(`The ${role} key is replaced`, report), `key ${plain(report.key, 600)}`] };
  },
});

async function seedIn(path: string, role: KeyRole): Promise<string> {
  let seeds: unknown;
  try {
    seeds = JSON.parse(utf8Decode(await readWhole(path, MAX_KEYS)) ?? "");
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble(path, "is no key file", "give a copy of keys/next.json");
  }
  const seed = (seeds as { readonly [role: string]: unknown } | null)?.[role];
  if (typeof seed === "string") return seed;
  throw new Trouble(path, `holds no ${role} key`, "give the copy of keys/next.json that was made last");
}

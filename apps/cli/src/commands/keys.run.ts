import { utf8Decode } from "@detente/basics";
import type { KeyRole } from "@detente/record/vocabulary";
import type { RotateReport } from "@detente/station";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { readWhole } from "../files.ts";
import { saidLine } from "../statements.ts";
import { Trouble } from "../trouble.ts";
import { plain } from "../ui/text.ts";
import type { Flags } from "./keys.ts";

const MAX_KEYS: number = 16 * 1024;

export async function run(cli: Cli, { next }: Flags, role: KeyRole): Promise<Answer> {
  const input = next === undefined ? { role } : { role, seed: await seedIn(next, role) };
  const report = await cli.withStation((station) => station.post<RotateReport>("/api/keys/rotate", input));
  return { json: report, text: [saidLine(`The ${role} key is replaced`, report), `key ${plain(report.key, 600)}`] };
}

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

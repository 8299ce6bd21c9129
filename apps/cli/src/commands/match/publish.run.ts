import { resolve } from "node:path";
import { MAX_INDICATOR_FILE } from "@detente/intel";
import { INDICATOR_KINDS } from "@detente/record/vocabulary";
import type { MatchPolicy } from "@detente/station";
import { loadConfig, parseConfig, saveConfig, type StationConfig } from "@detente/station/setup";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { readWhole } from "../../files.ts";
import { membersOnly } from "../../match/members.ts";
import { orTrouble, Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";
import { takenUpText } from "../../watched-sources.ts";
import type { Flags } from "./publish.ts";

export async function runPublish(
  cli: Cli,
  { partners, budget, pool, epochDays, kinds, minConfidence, files, noShares, beyond }: Flags,
): Promise<Answer> {
  const policy = {
    partners: partners.map((party) => ({ party, budget })),
    pool: pool ?? budget,
    ...(epochDays === undefined ? {} : { epochDays }),
    ...(kinds === undefined ? {} : { kinds: kinds.map(kindOf) }),
    ...(minConfidence === undefined ? {} : { minConfidence }),
    ...(files === undefined ? {} : { files: files.map((file) => resolve(file)) }),
    ...(noShares ? { shares: false } : {}),
    ...(beyond === undefined ? {} : { exceptions: [...beyond] }),
  };
  // Without one of its files the station makes no set at all.
  for (const path of policy.files ?? []) await readWhole(path, MAX_INDICATOR_FILE);
  const takenUp = await savePolicy(cli, policy);
  return {
    json: { match: policy, takenUp },
    text: [`${amount(partners.length, "partner")} may ask; ${takenUpText(takenUp)}`],
  };
}

export async function runStop(cli: Cli): Promise<Answer> {
  const takenUp = await savePolicy(cli, undefined);
  return { json: { match: null, takenUp }, text: [`Nobody may ask; ${takenUpText(takenUp)}`] };
}

function kindOf(text: string): (typeof INDICATOR_KINDS)[number] {
  const kind = INDICATOR_KINDS.find((known) => known === text);
  if (kind === undefined) throw new Trouble("--kinds", `"${text}" is none`, `kinds are ${INDICATOR_KINDS.join(", ")}`);
  return kind;
}

function namesOf({ partners }: MatchPolicy): string[] {
  return partners.map(({ party }) => party);
}

/** Writes the policy into station.json, checked as the station checks it. A station that runs takes it up at once. */
async function savePolicy(cli: Cli, policy: MatchPolicy | undefined): Promise<"now" | "later"> {
  const { match: _before, ...others }: StationConfig = orTrouble(await loadConfig(cli.dir), cli.dir);
  const config = policy === undefined ? others : { ...others, match: policy };
  const checked = orTrouble(parseConfig(config, cli.dir), "match");
  return cli.withStation(async (station) => {
    const isRunning = await station.isRunning();
    // A slip of the pen would take the set from all who have it: other terms begin another epoch.
    if (isRunning && policy !== undefined) await membersOnly(station, namesOf(policy), "--partners");
    await saveConfig(cli.dir, checked);
    if (!isRunning) return "later";
    await station.post("/api/match/reload", {});
    return "now";
  });
}

import { resolve } from "node:path";
import { MAX_INDICATOR_FILE } from "@detente/intel";
import { INDICATOR_KINDS } from "@detente/record";
import {
  loadConfig,
  type MatchPolicy,
  parseConfig,
  saveConfig,
  type StationConfig,
  type StatusReport,
} from "@detente/station";
import { list, optional, required, wholeNumber, yes } from "../../args.ts";
import type { Cli } from "../../cli.ts";
import { type CommonFlags, command, NO_ARGS } from "../../command.ts";
import { readWhole } from "../../files.ts";
import { matchException } from "../../match/exception.ts";
import type { Station } from "../../station.ts";
import { orTrouble, Trouble } from "../../trouble.ts";
import { amount, plain } from "../../ui/text.ts";
import { takenUpText } from "../../watched-sources.ts";

type Flags = {
  readonly partners: readonly string[];
  readonly budget: number;
  readonly pool?: number;
  readonly epochDays?: number;
  readonly kinds?: readonly string[];
  readonly minConfidence?: number;
  readonly files?: readonly string[];
  readonly noShares: boolean;
  readonly beyond?: readonly ReturnType<typeof matchException>[];
};

export const publishCommand = command<Flags, []>({
  brief: "Let partners ask blindly for what this party knows",
  about:
    "A partner's set holds what this party has shared with it, what stands in --files, which is shared with nobody, and what " +
    "--beyond names: of what was shared with others alone a partner is told nothing, not even a yes, unless it is named " +
    "there. Nobody can read a set; a partner learns of each of its questions whether the set has it. A budget counts the questions of an " +
    "epoch: those of a partner, and those of all together (--pool), who may be working together. How much is asked is on the " +
    "record. What stands here replaces what was set before; other terms begin another epoch.",
  examples: [
    "detente match publish --partners bravo,charlie --budget 5000",
    "detente match publish --partners bravo --budget 1000 --pool 1000 --kinds domain,ipv4 --min-confidence 70",
    "detente match publish --partners bravo --budget 1000 --files private.csv --no-shares",
    "detente match publish --partners bravo --budget 1000 --beyond bravo:alpha+charlie:amber",
  ],
  flags: {
    partners: { ...required(String, "party", "who may ask"), variadic: "," },
    budget: required(wholeNumber, "n", "questions that each may ask in an epoch"),
    pool: optional(wholeNumber, "n", "questions that all may ask together (default: the budget)"),
    epochDays: optional(wholeNumber, "days", "how long an epoch lasts (default: 30)"),
    kinds: list("kind", "only these kinds of indicators"),
    minConfidence: optional(wholeNumber, "0-100", "only indicators of at least this confidence"),
    files: list("file", "indicators that are shared with nobody"),
    noShares: yes("leave out what this party has shared"),
    beyond: {
      ...optional(matchException, "partner:share", "what a partner finds though it was shared with others"),
      variadic: ",",
    },
  },
  args: NO_ARGS,
  async run(cli, { partners, budget, pool, epochDays, kinds, minConfidence, files, noShares, beyond }) {
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
  },
});

export const stopCommand = command<CommonFlags, []>({
  brief: "Let nobody ask any more: the set is taken back, its key forgotten",
  examples: ["detente match stop"],
  flags: {},
  args: NO_ARGS,
  async run(cli) {
    const takenUp = await savePolicy(cli, undefined);
    return { json: { match: null, takenUp }, text: [`Nobody may ask; ${takenUpText(takenUp)}`] };
  },
});

function kindOf(text: string): (typeof INDICATOR_KINDS)[number] {
  const kind = INDICATOR_KINDS.find((known) => known === text);
  if (kind === undefined) throw new Trouble("--kinds", `"${text}" is none`, `kinds are ${INDICATOR_KINDS.join(", ")}`);
  return kind;
}

/** Writes the policy into station.json, checked as the station checks it. A station that runs takes it up at once. */
async function savePolicy(cli: Cli, policy: MatchPolicy | undefined): Promise<"now" | "later"> {
  const { match: _before, ...others }: StationConfig = orTrouble(await loadConfig(cli.dir), cli.dir);
  const config = policy === undefined ? others : { ...others, match: policy };
  const checked = orTrouble(parseConfig(config, cli.dir), "match");
  return cli.withStation(async (station) => {
    const isRunning = await station.isRunning();
    // A slip of the pen would take the set from all who have it: other terms begin another epoch.
    if (isRunning && policy !== undefined) await othersOnly(station, policy);
    await saveConfig(cli.dir, checked);
    if (!isRunning) return "later";
    await station.post("/api/match/reload", {});
    return "now";
  });
}

async function othersOnly(station: Station, { partners }: MatchPolicy): Promise<void> {
  const { unit } = await station.get<StatusReport>("/api/status");
  const stranger = partners.find(({ party }) => unit?.members.every((name) => name !== party) === true);
  if (stranger === undefined) return;
  const what = `${plain(stranger.party)} is no member of the unit`;
  throw new Trouble("--partners", what, "`detente status` names them; nothing was changed");
}

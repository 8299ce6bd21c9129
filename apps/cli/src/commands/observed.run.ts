import {
  matchPattern,
  MAX_INDICATOR_FILE,
  observationsOf,
  parsePattern,
  readStixBundle,
  type StixObject,
} from "@detente/intel";
import type { PatternRow } from "@detente/station";
import type { Cli } from "../cli.ts";
import type { Answer, CommonFlags } from "../command.ts";
import { readWhole } from "../files.ts";
import { orTrouble, Trouble } from "../trouble.ts";
import { amount, plain, short } from "../ui/text.ts";

/** A pattern, and the observations that together match it: places among all of the files. */
interface Match {
  readonly row: PatternRow;
  readonly observations: readonly number[];
}

export async function run(cli: Cli, _flags: CommonFlags, ...paths: string[]): Promise<Answer> {
  const objects = (await Promise.all(paths.map(async (path) => readObjects(cli, path)))).flat();
  const observations = observationsOf(objects);
  if (observations.length === 0)
    throw new Trouble(paths.join(", "), "holds no observed-data", "give bundles that have some");
  const now = new Date(cli.context.now()).toISOString();
  const matches: Match[] = [];
  const failed: string[] = [];
  let looked = 0;
  await cli.withStation(async (station) => {
    for await (const line of await station.lines("/api/patterns")) {
      const row = JSON.parse(line) as PatternRow;
      if (row.validUntil !== null && Date.parse(row.validUntil) <= Date.parse(now)) continue;
      looked++;
      const pattern = parsePattern(row.pattern);
      const matched = pattern.ok ? matchPattern(pattern.value, observations) : pattern;
      if (!matched.ok) failed.push(`${plain(row.id)} of ${row.party}: ${matched.fault.message}`);
      else if (matched.value !== undefined) matches.push({ row, observations: matched.value });
    }
  });
  cli.remark(...failed);
  const rows = matches.map(({ row, observations: used }) => [
    row.party,
    `${short(row.share)}:${row.index}`,
    plain(row.name ?? row.id),
    plain(row.pattern, 200),
    used.length,
  ]);
  const summary = `${amount(matches.length, "pattern matches", "patterns match")}, of ${amount(looked, "pattern")} and ${amount(observations.length, "observation")}`;
  return {
    json: { matches, patterns: looked, observations: observations.length, failed: failed.length },
    text: [...cli.table(["party", "object", "indicator", "pattern", "observations"], rows), summary],
    isNo: matches.length === 0,
    isPartial: failed.length > 0,
  };
}

async function readObjects(cli: Cli, path: string): Promise<StixObject[]> {
  const { objects } = orTrouble(readStixBundle(await readWhole(path, MAX_INDICATOR_FILE)), path);
  return objects.flatMap((object, i) => {
    if (object.ok) return [object.value];
    cli.remark(`${path}: objects[${i}]: ${object.fault.message}`);
    return [];
  });
}

import { type Party, agreement, digestOf, startUnit } from "./unit.ts";
import { writeMaterial } from "./material.ts";
import { auditElection, type Verdict } from "./election/election.ts";
import { readSettings, type Settings, USAGE } from "./settings.ts";
import { tellStory } from "./story.ts";
import { SILENT, type Teller, tellerTo } from "./teller.ts";

/** npm forwards a Ctrl-C that the terminal has sent already, and reports it as ours if we are gone before it does. */
const FAREWELL = 200;

async function main(): Promise<number> {
  const settings = readSettings(process.argv.slice(2));
  if (settings === "help") {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const teller = settings.json ? SILENT : tellerTo(process.stdout);
  const tell = teller.line;
  const interrupted = new Promise<"interrupted">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve("interrupted"));
  });
  tell("Détente: three stations on this machine that do not trust one another\n");
  const { parties, stop, isNew } = await startUnit(settings);
  try {
    const told = await Promise.race([run(settings, parties, teller, isNew), interrupted]);
    if (told === "interrupted" || settings.once) return 0;
    tell("\nThe stations stay up; Ctrl-C stops them, and the next start goes on from here.");
    await interrupted;
    return 0;
  } finally {
    tell("\nStopping the stations…");
    await Promise.all(parties.map(({ station }) => station.close()));
    await stop();
    await new Promise((resolve) => setTimeout(resolve, FAREWELL));
  }
}

async function run(settings: Settings, parties: readonly Party[], teller: Teller, isNew: boolean): Promise<void> {
  const tell = teller.line;
  for (const { name, who, url } of parties) tell(`  ${name.padEnd(8)} ${url}  ${who}`);
  tell(
    isNew ? "\nThe charter is in force: all three have accepted it.\n" : "\nThe stations go on where they stopped.\n",
  );
  const material = await writeMaterial(settings.dir);
  await tellStory(settings.dir, parties, material, tell);
  const statuses = await agreement(parties);
  const sum = (of: (status: (typeof statuses)[number]) => number): number =>
    statuses.reduce((total, status) => total + of(status), 0);
  const most = (of: (unit: NonNullable<(typeof statuses)[number]["unit"]>) => number): number =>
    Math.max(...statuses.map(({ unit }) => (unit === null ? 0 : of(unit))));
  const digests = Object.fromEntries(statuses.map(({ station, unit }) => [station.party, digestOf(unit)]));
  const result = {
    parties: parties.length,
    statements: sum(({ own }) => own.recorded),
    witnessed: sum(({ own }) => own.witnessed),
    held: sum(({ own }) => own.held),
    shares: most(({ shares }) => shares),
    indicators: most(({ indicators }) => indicators),
    sightings: most(({ sightings }) => sightings),
    equal: new Set(Object.values(digests)).size === 1,
    digests,
  };
  tell(`
${result.statements} statements on three logs, all cosigned and mirrored by the others.
${result.shares} shares in force with ${result.indicators} indicators, ${result.sightings} sightings.
All three stations compute the same state: ${Object.values(digests)[0]?.slice(0, 16)}…

Look around, as any of the three (here isle):
  npx detente status  --data ${settings.dir}/isle/station
  npx detente log     --data ${settings.dir}/isle/station --party sudland
  npx detente intel   --data ${settings.dir}/isle/station ballot
  npx detente screen  --data ${settings.dir}/isle/station /var/log/nginx/access.log
  npx detente export  --data ${settings.dir}/isle/station -o record.detente.gz && npx detente verify record.detente.gz`);
  if (!result.equal) throw new Error("the stations see different states");
  const election =
    settings.election === undefined ? {} : { election: await elect(settings, settings.election, parties, teller) };
  if (settings.json) process.stdout.write(`${JSON.stringify({ ...result, ...election })}\n`);
}

/** Lets the parties audit an election while people look around. */
async function elect({ dir }: Settings, cards: number, parties: readonly Party[], teller: Teller): Promise<Verdict> {
  const tell = teller.line;
  tell(`
Meanwhile isle has held an election of ${cards.toLocaleString("en")} cards in two contests, and its rivals audit it together. Somebody has
got at the machines of one of them. It takes a minute; look around.
`);
  const verdict = await auditElection(dir, parties, cards, teller);
  const { audit, file, valid, contests } = verdict;
  tell("");
  for (const { id, verdict: outcome, winners, risk } of contests) {
    const how =
      outcome === "confirmed"
        ? `confirmed by the sample, at a risk of ${(100 * risk).toPrecision(2)} %`
        : `refuted by the sample (risk ${(100 * risk).toPrecision(2)} %), ${outcome} by hand`;
    tell(`  ${id.padEnd(10)} ${winners.join(", ").padEnd(10)} ${how}`);
  }
  tell(`
Anybody can compute all of it again, offline, from one file: ${valid ? "VALID" : "NOT VALID"}
  npx detente audit verify ${file}
  npx detente audit status ${audit.slice(0, 12)} --data ${dir}/sudland/station
  npx detente audit risk   ${audit.slice(0, 12)} treasurer --data ${dir}/norland/station`);
  if (!valid) throw new Error(`the audit does not hold; see detente audit verify ${file}`);
  return verdict;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`detente demo: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
process.exit();

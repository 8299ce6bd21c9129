import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { unwrap } from "@detente/basics";
import type { ContestRow, ContestSaid } from "@detente/station";
import { ISLE, NORLAND } from "../cast.ts";
import { detente } from "../detente.ts";
import type { Teller } from "../teller.ts";
import type { Party } from "../unit.ts";
import { charterOf, TITLE } from "./charter.ts";
import { Paper } from "./paper.ts";
import { type Office, type Stage, STAGES } from "./stages.ts";

/** What `detente audit verify` makes of the audit, from one file and offline. */
export interface Verdict {
  readonly audit: string;
  /** The bundle. */
  readonly file: string;
  readonly valid: boolean;
  readonly contests: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly winners: readonly string[];
    readonly risk: number;
  }[];
}

const PATIENCE = 120_000;

/**
 * Lets the three audit an election of so many cards together, of which one contest is honest and one is hacked. Tells
 * each stage as it begins, notes each command, and goes on once what was said is in effect everywhere. What is done is
 * read from the record, so it may be cut short.
 */
export async function auditElection(
  dir: string,
  parties: readonly Party[],
  cards: number,
  { line, note }: Teller,
): Promise<Verdict> {
  const run: Office["run"] = (party, args, fine) => {
    note(`            ${party}: detente ${args.map(shortened).join(" ")}`);
    return detente([...args, "--data", partyOf(parties, party).dir], fine);
  };
  const files = `${dir}/${ISLE.name}/election`;
  const audit = await openAudit(files, parties, cards, run);
  const office: Office = { paper: new Paper(cards), dir: files, audit, run };
  for (const [i, stage] of STAGES.entries()) {
    line(`  ${String(i + 1).padStart(2)} of ${STAGES.length}  ${stage.tells}`);
    await play(stage, office, parties);
    note("            waiting for the stations to observe what the others have said");
    await inEffect(stage, office, parties);
  }
  const file = `${dir}/election.detente.gz`;
  await rm(file, { force: true });
  await run(NORLAND.name, ["audit", "export", audit, "-o", file]);
  note(`            detente audit verify ${basename(file)}`);
  const verified = (await detente(["audit", "verify", file], [0, 1])) as unknown as Verified;
  const contests = verified.audits.find((each) => each.audit === audit)?.contests ?? [];
  return { audit, file, valid: verified.valid, contests };
}

interface Verified {
  readonly valid: boolean;
  readonly audits: readonly Pick<Verdict, "audit" | "contests">[];
}

/** The audit of the story, opened where it is not on the record yet. */
async function openAudit(dir: string, parties: readonly Party[], cards: number, run: Office["run"]): Promise<string> {
  const find = async ({ station }: Party): Promise<string | undefined> => {
    const { rows } = unwrap(await station.get<{ rows: readonly ContestRow[] }>("/api/contests"));
    return rows.find(({ title }) => title === TITLE)?.hash;
  };
  if ((await find(partyOf(parties, ISLE.name))) === undefined) {
    await mkdir(dir, { recursive: true });
    await writeFile(`${dir}/charter.json`, `${JSON.stringify(charterOf(cards, Date.now()), null, 2)}\n`);
    await run(ISLE.name, ["audit", "charter", `${dir}/charter.json`]);
  }
  const found = await everywhere(parties, "the charter of the audit", find);
  return found[0] ?? "";
}

/** All that is not on the record yet of a stage. */
async function play({ acts }: Stage, office: Office, parties: readonly Party[]): Promise<void> {
  await Promise.all(
    acts.map(async (act) => {
      const said = await saidAt(partyOf(parties, act.party), office);
      if (!act.isDone(said)) await act.does(office, said);
    }),
  );
}

async function inEffect({ acts, tells }: Stage, office: Office, parties: readonly Party[]): Promise<void> {
  await everywhere(parties, tells, async (party) => {
    const said = await saidAt(party, office);
    return acts.every((act) => act.isDone(said)) ? said : undefined;
  });
}

async function saidAt({ station }: Party, { audit }: Office): Promise<ContestSaid> {
  return unwrap(await station.get<ContestSaid>(`/api/contests/${audit}`));
}

/** A hash by its first digits, as people write it, and a file by its name. */
function shortened(arg: string): string {
  if (/^[0-9a-f]{64}$/.test(arg)) return arg.slice(0, 12);
  return arg.includes("/") ? basename(arg) : arg;
}

/** Asks all stations until each has an answer. @throws after two minutes */
async function everywhere<T>(
  parties: readonly Party[],
  what: string,
  ask: (party: Party) => Promise<T | undefined>,
): Promise<T[]> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const answers = await Promise.all(parties.map(ask));
    const there = answers.flatMap((answer) => (answer === undefined ? [] : [answer]));
    if (there.length === parties.length) return there;
    if (Date.now() > end) throw new Error(`waited in vain for this to take effect: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

function partyOf(parties: readonly Party[], name: string): Party {
  const party = parties.find((each) => each.name === name);
  if (party === undefined) throw new Error(`no party is called ${name}`);
  return party;
}

import { mkdir, rm, writeFile } from "node:fs/promises";
import { unwrap } from "@detente/basics";
import type { ContestRow, ContestSaid } from "@detente/station";
import { ISLE, NORLAND } from "../cast.ts";
import { detente } from "../detente.ts";
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
 * Lets the three audit an election of so many cards together, of which one contest is honest and one is hacked, and
 * tells each stage once it is in effect everywhere. What is done is read from the record, so it may be cut short.
 */
export async function auditElection(
  dir: string,
  parties: readonly Party[],
  cards: number,
  tell: (line: string) => void,
): Promise<Verdict> {
  const run: Office["run"] = (party, args, fine) => detente([...args, "--data", partyOf(parties, party).dir], fine);
  const files = `${dir}/${ISLE.name}/election`;
  const audit = await openAudit(files, parties, cards, run);
  const office: Office = { paper: new Paper(cards), dir: files, audit, run };
  for (const [i, stage] of STAGES.entries()) {
    await play(stage, office, parties);
    tell(`  ${String(i + 1).padStart(2)} of ${STAGES.length}  ${stage.tells}`);
  }
  const file = `${dir}/election.detente.gz`;
  await rm(file, { force: true });
  await run(NORLAND.name, ["audit", "export", audit, "-o", file]);
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

/** All that is not on the record yet of a stage; until it is in effect everywhere. */
async function play({ acts, tells }: Stage, office: Office, parties: readonly Party[]): Promise<void> {
  const saidAt = async ({ station }: Party): Promise<ContestSaid> =>
    unwrap(await station.get<ContestSaid>(`/api/contests/${office.audit}`));
  await Promise.all(
    acts.map(async (act) => {
      const said = await saidAt(partyOf(parties, act.party));
      if (!act.isDone(said)) await act.does(office, said);
    }),
  );
  await everywhere(parties, tells, async (party) => {
    const said = await saidAt(party);
    return acts.every((act) => act.isDone(said)) ? said : undefined;
  });
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

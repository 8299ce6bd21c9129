import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { randomInt } from "node:crypto";
import type { LogRow, MeetingRow, Question } from "@detente/station";
import { afterAll, beforeAll, expect, it } from "vitest";
import { detente, type Outcome, until } from "../../../testing/console.ts";
import { isBuilt, PATIENCE, ServedParties } from "../../../testing/served-parties.ts";

/*
 * Alpha and Bravo meet, each in a process of its own, and one of them is killed at any moment, in turn, while their
 * officers go on as people do: they look where it stands, and say again what was not taken.
 * `KILLS=100 npx vitest run apps/cli/src/commands/match/meet/killed.test.ts` is the long run.
 */

const KILLS = Number(process.env["KILLS"] ?? 2);
const PARTIES = ["alpha", "bravo"] as const;
type Party = (typeof PARTIES)[number];

let served: ServedParties<Party>;

beforeAll(async () => {
  if (isBuilt) served = await ServedParties.start(PARTIES);
}, 1000 * PATIENCE);

afterAll(async () => {
  if (isBuilt) await served.close();
});

function listOf(party: Party, round: number): string[] {
  return [`both.round${round}.example`, `more.round${round}.example`, `${party}.round${round}.example`];
}

async function row(party: Party, round: number): Promise<MeetingRow | undefined> {
  const { out } = await detente(served.line(party, "match", "meet", "status"));
  const rows = (out === "" ? [] : JSON.parse(out)) as readonly MeetingRow[];
  return rows.find(({ purpose }) => purpose === `round ${round}`);
}

function untilPhase(
  party: Party,
  round: number,
  ...phases: readonly MeetingRow["phase"][]
): Promise<MeetingRow | undefined> {
  return until(
    () => row(party, round),
    (one) => one !== undefined && phases.includes(one.phase),
    PATIENCE,
  );
}

/** Whether something lies on the disk of which a proposal is still to be made. */
async function isProposing(): Promise<boolean> {
  const open = served.path("alpha/match/meet/open");
  const names = await readdir(open).catch(() => []);
  return names.some((name) => existsSync(`${open}/${name}/side.json`));
}

async function propose(round: number): Promise<void> {
  const file = served.path(`alpha-${round}.txt`);
  const terms = ["--file", file, "--purpose", `round ${round}`, "--for", "1h"];
  await until(
    async () => {
      if ((await row("alpha", round)) !== undefined) return true;
      if (!(await isProposing())) await detente(served.line("alpha", "match", "meet", "propose", "bravo", ...terms));
      return false;
    },
    (isProposed) => isProposed,
    PATIENCE,
  );
}

/** An officer's word, again until it is taken, or the meeting is beyond it. */
async function say(party: Party, verb: string, meeting: string, ...argv: readonly string[]): Promise<void> {
  await until(
    () => detente(served.line(party, "match", "meet", verb, meeting, ...argv)),
    ({ code, err }: Outcome) => code === 0 || err.includes("that is no time for this") || err.includes("is answered"),
    PATIENCE,
  );
}

/** All of a meeting, from the proposal to what both have in common. */
async function meet(round: number): Promise<void> {
  await propose(round);
  const { meeting } = (await untilPhase("bravo", round, "proposed")) as MeetingRow;
  await say("bravo", "accept", meeting, "--file", served.path(`bravo-${round}.txt`));
  for (const party of PARTIES) await untilPhase(party, round, "counted", "showing");
  for (const party of PARTIES) await say(party, "reveal", meeting);
  for (const party of PARTIES) await untilPhase(party, round, "over");
}

it.skipIf(!isBuilt)(
  "ends with the same number and the same items, and nobody's fault, whoever is killed at whatever moment",
  async () => {
    let lasts = 0;
    for (let round = 0; round <= KILLS; round++) {
      for (const party of PARTIES) await served.write(`${party}-${round}.txt`, listOf(party, round));
      const begun = performance.now();
      const met = meet(round);
      if (round > 0) {
        // Whatever becomes of it is met where it is awaited.
        met.catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, randomInt(Math.ceil(lasts))));
        await served.killAndServe(PARTIES[round % 2] as Party);
      }
      await met;
      if (round === 0) lasts = performance.now() - begun;
      const common = listOf("alpha", round).slice(0, 2);
      for (const party of PARTIES) {
        const ended = (await row(party, round)) as MeetingRow;
        expect(ended).toMatchObject({ fault: null, common: 2 });
        expect(ended.sides).toMatchObject([
          { count: 2, consent: "accept", outcome: "done" },
          { count: 2, consent: "accept", outcome: "done" },
        ]);
        const shown = await served.as<readonly Question[]>(party, "match", "meet", "show", ended.meeting);
        expect(shown.map(({ value }) => value).toSorted()).toEqual(common);
      }
    }
    // Of a meeting each says each thing once: nobody has committed to two lists, or to two messages of a step.
    const { out } = await detente(served.line("alpha", "log", "--all"));
    const log = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as LogRow);
    const said = log
      .filter(({ kind }) => kind?.startsWith("meeting") === true)
      .map(({ party, kind, of, content }) => {
        const what = content as { readonly purpose?: string; readonly step?: string };
        return `${party} ${kind} ${of.join()} ${what.purpose ?? what.step ?? ""}`;
      });
    expect(new Set(said).size).toBe(said.length);
    // A proposal, a list in answer, and from each two messages, the number and the end.
    expect(said.length).toBe((KILLS + 1) * 10);
  },
  240_000 + 60_000 * KILLS,
);

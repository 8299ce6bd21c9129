import { randomInt } from "node:crypto";
import type { MatchReport } from "@detente/station";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { LookupResult } from "../../match/lookup.ts";
import { AnswersSeen } from "../../testing/answers-seen.ts";
import { detente, freePort, type Outcome, until } from "../../testing/console.ts";
import { commandOf, isBuilt, PATIENCE, ServedParties } from "../../testing/served-parties.ts";

/*
 * Bravo looks up what Alpha knows, from a list and from a log in turn, all three in processes of their own, and one of them
 * is killed at any moment: asker, answerer, command line, in turn.
 * `KILLS=100 npx vitest run apps/cli/src/commands/match/killed.test.ts` is the long run.
 */

const KILLS = Number(process.env["KILLS"] ?? 3);
/** Two requests, of 1,024 and of 64. */
const QUESTIONS = 1088;
const HITS = 40;
const VICTIMS = ["command", "alpha", "bravo"] as const;

let served: ServedParties<"alpha" | "bravo">;
let seen: AnswersSeen;

beforeAll(async () => {
  if (!isBuilt) return;
  const [before, own] = [await freePort(), await freePort()];
  seen = new AnswersSeen("/match/lookup", own);
  await seen.listen(before);
  const behind = ["--url", `http://127.0.0.1:${before}`, "--listen", `127.0.0.1:${own}`];
  served = await ServedParties.start(["alpha", "bravo"], { alpha: behind });
  const known = Array.from({ length: KILLS + 1 }, (_, round) => addressesOf(round).slice(0, HITS)).flat();
  const files = await served.write("known.txt", known);
  const budget = String(QUESTIONS * (KILLS + 1));
  await served.as("alpha", "match", "publish", "--partners", "bravo", "--budget", budget, "--files", files);
  await until(
    () => served.as<MatchReport>("bravo", "match", "list"),
    ({ partners }) => partners[0]?.isHere === true,
    PATIENCE,
  );
}, 1000 * PATIENCE);

afterAll(async () => {
  if (!isBuilt) return;
  await served.close();
  await seen.close();
});

/** Addresses: of a name those above it would be asked too. */
function addressesOf(round: number): string[] {
  return Array.from({ length: QUESTIONS }, (_, i) => `11.${round}.${i >> 8}.${i & 255}`);
}

/** A list is looked up, or what stands in a log. */
function lookUpLine(round: number): string[] {
  const file = served.path(`round-${round}.txt`);
  const line = round % 2 === 0 ? ["match", "lookup", "alpha", "--file", file] : ["screen", file, "--blind", "alpha"];
  return served.line("bravo", ...line);
}

/** Repeats a look-up as people do who are told that something could not be reached. */
async function finished(round: number): Promise<LookupResult> {
  const { out } = await until(
    () => detente(lookUpLine(round)),
    ({ code }: Outcome) => code !== 2,
    PATIENCE,
  );
  return JSON.parse(out) as LookupResult;
}

async function spent(): Promise<{ readonly charged: number; readonly paid: number; readonly epoch: number }> {
  const { own } = await served.as<MatchReport>("alpha", "match", "list");
  const [set] = (await served.as<MatchReport>("bravo", "match", "list")).partners;
  return { charged: own?.partners[0]?.spent ?? -1, paid: set?.spent ?? -1, epoch: own?.epoch ?? -1 };
}

it.skipIf(!isBuilt)(
  "pays once, loses no hit and gets the same answers, whoever is killed at whatever moment",
  async () => {
    let before = 0;
    let lasts = 0;
    const after: (Awaited<ReturnType<typeof spent>> & { readonly before: number })[] = [];
    for (let round = 0; round <= KILLS; round++) {
      await served.write(`round-${round}.txt`, addressesOf(round));
      const begun = performance.now();
      if (round > 0) {
        const command = commandOf(lookUpLine(round));
        await new Promise((resolve) => setTimeout(resolve, randomInt(Math.ceil(lasts))));
        const victim = VICTIMS[round % 3];
        if (victim === "command" || victim === undefined) await command.kill();
        else await served.killAndServe(victim);
        await command.ended;
        after.push({ before, ...(await spent()) });
      }
      const { hits } = await finished(round);
      // How long one takes that nobody disturbs, from the start of the command on.
      if (round === 0) lasts = 1.5 * (performance.now() - begun) + 500;
      expect(hits.map(({ value }) => value)).toEqual(addressesOf(round).slice(0, HITS));
      before = QUESTIONS * (round + 1);
      expect(await spent()).toEqual({ charged: before, paid: before, epoch: 1 });
    }
    // Neither counter fell, and what was answered and not taken was one request at most.
    for (const { before: least, charged, paid } of after) {
      expect(paid).toBeGreaterThanOrEqual(least);
      expect([0, 64, 1024]).toContain(charged - paid);
    }
    expect([...seen.answers.values()].filter(({ size }) => size > 1)).toEqual([]);
    const classes = [...seen.answers.keys()].map((request) => (request.length - 126) / 32);
    expect(classes.reduce((sum, count) => sum + count, 0)).toBe(before);
    // In the long run some are killed between an answer and its being taken.
    expect(seen.repeated).toBeGreaterThanOrEqual(KILLS >= 25 ? 1 : 0);
  },
  240_000 + 60_000 * KILLS,
);

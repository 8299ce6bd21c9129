import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import type { MatchReport, StatusReport } from "@detente/station";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { LookupResult } from "../../match/lookup.ts";
import { AnswersSeen } from "../../testing/answers-seen.ts";
import { detente, freePort, json, type Outcome, until } from "../../testing/console.ts";

/*
 * Bravo looks up what Alpha knows, all three in processes of their own, and one of them is killed at any moment: asker,
 * answerer, command line, in turn. `KILLS=100 npx vitest run apps/cli/src/commands/match/killed.test.ts` is the long run.
 */

const KILLS = Number(process.env["KILLS"] ?? 6);
/** Two requests, of 1,024 and of 64. */
const QUESTIONS = 1088;
const HITS = 40;
const PROGRAM = fileURLToPath(new URL("../../../bin/detente.js", import.meta.url));
const isBuilt = existsSync(fileURLToPath(new URL("../../../dist/main.js", import.meta.url)));
const PARTIES = ["alpha", "bravo"] as const;
type Party = (typeof PARTIES)[number];

let dir: string;
let seen: AnswersSeen;
const serving = new Map<Party, ChildProcess>();

beforeAll(async () => {
  if (!isBuilt) return;
  dir = await mkdtemp(`${tmpdir()}/detente-killed-`);
  const [before, own] = [await freePort(), await freePort()];
  seen = new AnswersSeen("/match/lookup", own);
  await seen.listen(before);
  await as("alpha", "init", "--name", "alpha", "--url", `http://127.0.0.1:${before}`, "--listen", `127.0.0.1:${own}`);
  await as("bravo", "init", "--name", "bravo", "--url", `http://127.0.0.1:${await freePort()}`);
  const charter = `${dir}/charter.json`;
  const draft = ["charter", "draft", "--title", "Desk", "--purpose", "Guard", `${dir}/bravo/party.json`, "-o", charter];
  await as("alpha", ...draft);
  for (const party of PARTIES) {
    await as(party, "charter", "accept", charter);
    await serve(party);
  }
  for (const party of PARTIES) {
    await until(
      () => as<StatusReport>(party, "status"),
      ({ unit, station }) => unit?.inForce === true && station.state === "ready",
    );
  }
  const known = Array.from({ length: KILLS + 1 }, (_, round) => addressesOf(round).slice(0, HITS)).flat();
  await writeFile(`${dir}/known.txt`, known.join("\n"));
  const budget = String(QUESTIONS * (KILLS + 1));
  await as("alpha", "match", "publish", "--partners", "bravo", "--budget", budget, "--files", `${dir}/known.txt`);
  await until(
    () => as<MatchReport>("bravo", "match", "list"),
    ({ partners }) => partners[0]?.isHere === true,
  );
});

afterAll(async () => {
  if (!isBuilt) return;
  for (const party of PARTIES) await kill(serving.get(party));
  await seen.close();
  await rm(dir, { recursive: true });
});

function as<T>(party: Party, ...argv: readonly string[]): Promise<T> {
  return json<T>([...argv, "--data", `${dir}/${party}`]);
}

async function serve(party: Party): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, "serve", "--quiet", "--data", `${dir}/${party}`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  serving.set(party, child);
  await new Promise<void>((resolve, reject) => {
    child.stderr?.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`${party} ended with ${code}`)));
  });
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

/** Addresses: of a name those above it would be asked too. */
function addressesOf(round: number): string[] {
  return Array.from({ length: QUESTIONS }, (_, i) => `11.${round}.${i >> 8}.${i & 255}`);
}

function lookUpArguments(round: number): string[] {
  return ["match", "lookup", "alpha", "--file", `${dir}/round-${round}.txt`, "--json", "--data", `${dir}/bravo`];
}

/** Repeats a look-up as people do who are told that something could not be reached. */
async function finished(round: number): Promise<LookupResult> {
  const { out } = await until(
    () => detente(lookUpArguments(round)),
    ({ code }: Outcome) => code !== 2,
  );
  return JSON.parse(out) as LookupResult;
}

async function spent(): Promise<{ readonly charged: number; readonly paid: number; readonly epoch: number }> {
  const { own } = await as<MatchReport>("alpha", "match", "list");
  const [set] = (await as<MatchReport>("bravo", "match", "list")).partners;
  return { charged: own?.partners[0]?.spent ?? -1, paid: set?.spent ?? -1, epoch: own?.epoch ?? -1 };
}

it.skipIf(!isBuilt)(
  "pays once, loses no hit and gets the same answers, whoever is killed at whatever moment",
  async () => {
    let before = 0;
    let lasts = 0;
    const after: (Awaited<ReturnType<typeof spent>> & { readonly before: number })[] = [];
    for (let round = 0; round <= KILLS; round++) {
      await writeFile(`${dir}/round-${round}.txt`, addressesOf(round).join("\n"));
      const begun = performance.now();
      if (round > 0) {
        const command = spawn(process.execPath, [PROGRAM, ...lookUpArguments(round)], { stdio: "ignore" });
        const ended = new Promise((resolve) => command.once("exit", resolve));
        await new Promise((resolve) => setTimeout(resolve, randomInt(Math.ceil(lasts))));
        const victim = (["alpha", "bravo", "command"] as const)[round % 3] as Party | "command";
        await kill(victim === "command" ? command : serving.get(victim));
        if (victim !== "command") await serve(victim);
        await ended;
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
  120_000 + 30_000 * KILLS,
);

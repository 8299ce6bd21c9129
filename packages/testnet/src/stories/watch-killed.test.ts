import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Json, present, unwrap } from "@detente/basics";
import type { SightingContent } from "@detente/record";
import { loadConfig, saveConfig } from "@detente/station";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mulberry32 } from "../random.ts";
import { startTestUnit, type TestUnit } from "../index.ts";

/* Bob's station is killed again and again while it watches a log, counts, and says what it counted. */

const KILLS = 3;
/** Milliseconds that it lives on at most after it has said something, so that it dies in the middle of its work. */
const LIVES_ON = 400;
const SEED = 4713;
const DOMAIN: Json = { kind: "domain", value: "evil.example" };

const built = fileURLToPath(new URL("../../../station/dist/index.js", import.meta.url));
const PROGRAM = `
  import { startStation } from ${JSON.stringify(built)};
  const started = await startStation({ dir: process.argv[1], logger: "silent" });
  if (!started.ok) throw new Error(started.fault.message);
  process.stdout.write("serves\\n");
`;

let unit: TestUnit;
let logs: string;

beforeAll(async () => {
  unit = await startTestUnit({ parties: ["ann", "bob"], seed: SEED, wire: "sockets" });
  logs = await mkdtemp(`${tmpdir()}/bobs-logs-`);
});
afterAll(async () => {
  await unit.close();
  await rm(logs, { recursive: true });
});

it.skipIf(!existsSync(built))("each hit is in exactly one sighting, wherever the station is killed", async () => {
  const [ann, bob] = [unit.station("ann"), unit.station("bob")];
  const { leafHash: share } = await ann.share({ items: [DOMAIN] });
  await unit.untilEffective(share);
  const source = { name: "dns", paths: [`${logs}/dns.log`], minimum: "embedded" as const, window: 1, round: 1 };
  await saveConfig(bob.dir, { ...unwrap(await loadConfig(bob.dir)), watch: [{ ...source, release: "policy" }] });
  // What was rotated away before the source was watched for the first time, was never asked for.
  await bob.restart();
  await unit.until("it is watched", () => existsSync(`${bob.dir}/watch/dns/state.json`));
  await bob.stop();
  const said = (): SightingContent[] =>
    (ann.fold.thing(share, "unit")?.voices ?? [])
      .flatMap(({ observations }) => observations)
      .flatMap(({ body }) => (body?.kind === "sighting" ? [body.content as unknown as SightingContent] : []));
  const total = (): number => said().reduce((sum, { count }) => sum + count, 0);

  const random = mulberry32(SEED);
  const writing = new AbortController();
  const written = write(random, writing.signal);
  for (let i = 0; i < KILLS; i++) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM, bob.dir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await serving(child);
    const before = said().length;
    await unit.until("it has said something", () => said().length > before);
    await sleep(LIVES_ON * random());
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
  }
  writing.abort();
  const lines = await written;
  await bob.start();
  await unit.until("all is said", () => total() >= lines);
  // Were something said twice, it would be by now: nothing is left to be said.
  await unit.until("nothing is left", async () => {
    const [watched] = (await bob.status()).watch;
    return watched?.open === 0 && watched.pending === 0;
  });
  await unit.untilAgreed();
  expect(total()).toBe(lines);
});

/** Writes lines that hit once each, and rotates the log now and then; resolves with their number when told to stop. */
async function write(random: () => number, signal: AbortSignal): Promise<number> {
  let lines = 0;
  for (let rotations = 0; !signal.aborted;) {
    const count = Math.floor(30 * random());
    const line = (_: unknown, i: number): string => `${new Date().toISOString()} query n${lines + i}.evil.example\n`;
    await appendFile(`${logs}/dns.log`, Array.from({ length: count }, line).join(""));
    lines += count;
    if (random() < 0.03) await rename(`${logs}/dns.log`, `${logs}/dns.log.${++rotations}`).catch(() => undefined);
    await sleep(15);
  }
  return lines;
}

function serving(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    present(child.stdout, "its output").once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`it ended with ${code}`)));
  });
}

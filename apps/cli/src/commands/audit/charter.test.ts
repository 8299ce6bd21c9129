import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { charterOf } from "../../testing/audit-scene.ts";
import { detente } from "../../testing/console.ts";

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-charter-"));
});
afterAll(() => rm(dir, { recursive: true }));

/** Round 27,946,612 of drand's quicknet comes out at midnight of 20 April 2026 (the Ruby client's documentation). */
it("refuses a round of a known beacon that comes out before the charter says", async () => {
  const out = Date.parse("2026-04-20T00:00:00Z");
  const tried = async (at: number): Promise<string> => {
    const charter = charterOf([{ round: 27_946_612, at }]);
    const named = {
      ...charter,
      seed: { dice: 4, beacon: { name: "drand quicknet", rounds: [{ round: 27_946_612, at }] } },
    };
    const path = join(dir, "charter.json");
    await writeFile(path, JSON.stringify(named));
    const { out: text, err } = await detente(["audit", "charter", path, "--dry-run"]);
    return text + err;
  };
  expect(await tried(out)).toContain("Would open");
  expect(await tried(out + 1)).toContain("round 27946612: comes out at 2026-04-20");
});

it.each(["Ada; Lind", "none", " Bob"])("refuses the candidate %j, whom no board could write down", async (name) => {
  const charter = charterOf([{ round: 1, at: 1 }]) as { readonly contests: readonly object[] };
  const path = join(dir, "candidates.json");
  await writeFile(
    path,
    JSON.stringify({ ...charter, contests: [{ ...charter.contests[0], candidates: [name, "Cy"] }] }),
  );
  const { code, err } = await detente(["audit", "charter", path, "--dry-run"]);
  expect([code, err]).toEqual([
    2,
    expect.stringContaining(`candidates.json: mayor: "${name}" cannot be written into a sheet`),
  ]);
});

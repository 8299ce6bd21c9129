import { unwrap } from "@detente/basics";
import { type Appended, connectStation } from "@detente/station";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AuditScene, charterOf, exportOfRecords, MANIFEST } from "../../testing/audit-scene.ts";
import { type Name, NAMES, ThreeStations } from "../../testing/three-stations.ts";

/* Two auditors close the contributions when the beacon's round has come out: they could know the seed. */

let scene: AuditScene;

beforeAll(async () => {
  scene = new AuditScene(await ThreeStations.start());
});
afterAll(() => scene.stations.close());

/** Says what no command of ours would say. */
async function sayRaw(name: Name, kind: string, content: object, of: readonly string[]): Promise<string> {
  const station = unwrap(await connectStation(scene.stations.path(name)));
  const input = { type: "observe", kind, of: [scene.audit, ...of], audience: "unit", content };
  const { leafHash } = unwrap(await station.post<Appended>("/api/statements", input as never));
  await station.close();
  return leafHash;
}

it("says nothing of dice and beacon of contributions that were closed late, and closes them anew", async () => {
  const { stations } = scene;
  const rounds = [
    { round: 11, at: 1_600_000_000_000 },
    { round: 12, at: Date.now() + 3_600_000 },
  ];
  const charter = await stations.write("contest.json", JSON.stringify(charterOf(rounds)));
  const opened = await stations.json<Appended>("alpha", "audit", "charter", charter);
  scene.audit = opened.leafHash;
  await scene.settled(scene.audit);
  const { audit } = scene;
  for (const name of NAMES) await scene.say(name, "say", "accept", audit);
  const cvr = await stations.write("cvr.csv", exportOfRecords());
  await scene.say("alpha", "audit", "commit", audit, cvr, "--manifest", await stations.write("m.csv", MANIFEST));
  for (const step of ["seal", "show"]) for (const name of NAMES) await scene.say(name, "audit", "seed", step, audit);
  const said = await stations.log("alpha");
  const shares = said.filter(({ kind }) => kind === "seed-share").map(({ leafHash }) => leafHash);
  const late: string[] = [];
  for (const name of ["alpha", "bravo"] as const) late.push(await sayRaw(name, "seed-closing", { attempt: 1 }, shares));
  await scene.settled(...late);
  const chance = ["audit", "seed", "chance", audit, "--dice", "3141", "--beacon", "c0ffee".repeat(8)];
  expect((await stations.as("charlie", ...chance)).err).toContain("closed after the beacon's round had come out");
  for (const name of NAMES) {
    expect(await scene.next(name)).toBe(`detente audit seed close ${audit.slice(0, 12)}`);
    await scene.say(name, "audit", "seed", "close", audit);
  }
  expect(await scene.next("charlie")).toBe(`detente audit seed chance ${audit.slice(0, 12)} --dice … --beacon …`);
  expect((await stations.as("charlie", "audit", "seed", "close", audit)).err).toContain("was closed in time");
  await scene.say("charlie", ...chance);
});

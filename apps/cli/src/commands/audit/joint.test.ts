import { readFile, writeFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Appended } from "@detente/station";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AuditScene, BATCHES, charterOf, exportOfRecords, MANIFEST } from "../../testing/audit-scene.ts";
import { detente } from "../../testing/console.ts";
import { type Name, NAMES, ThreeStations } from "../../testing/three-stations.ts";

/* One audit from its charter to a bundle that a stranger verifies; alpha holds the paper, bravo and charlie read it. */

let stations: ThreeStations;
let scene: AuditScene;
let audit: string;

const CHARTER = charterOf([{ round: 12, at: Date.now() + 3_600_000 }]);

beforeAll(async () => {
  stations = await ThreeStations.start();
  scene = new AuditScene(stations);
});
afterAll(() => stations.close());

it("opens an audit, and lets nobody go on before all have accepted", async () => {
  const path = await stations.write("contest.json", JSON.stringify({ ...CHARTER, boards: ["bravo"] }));
  expect((await stations.as("alpha", "audit", "charter", path)).err).toContain(
    "contest.json: boards: expected a list of 2 to 2",
  );
  await stations.write("contest.json", JSON.stringify({ ...CHARTER, boards: ["bravo", "delta"] }));
  expect((await stations.as("alpha", "audit", "charter", path)).err).toContain(
    'contest.json: boards: "delta" is no member',
  );
  const past = {
    ...CHARTER,
    seed: { dice: 4, beacon: { name: "drand", rounds: [{ round: 1, at: 1_600_000_000_000 }] } },
  };
  await stations.write("contest.json", JSON.stringify(past));
  expect((await stations.as("alpha", "audit", "charter", path)).err).toContain("has come out already");
  // As an editor on Windows saves it.
  await stations.write("contest.json", `\uFEFF${JSON.stringify(CHARTER)}`);
  const { leafHash } = await stations.json<Appended>("alpha", "audit", "charter", path);
  audit = scene.audit = leafHash;
  await scene.settled(audit);
  expect(await scene.next("bravo")).toBe(`detente say accept ${audit.slice(0, 12)}`);
  // Whoever is to accept sees what.
  const terms = await stations.as("bravo", "audit", "status", audit);
  expect(terms.out).toContain("holder alpha; auditors alpha, bravo, charlie; boards bravo, charlie");
  expect(terms.out).toMatch(/mayor {4}Mayor +Ada, Bob +1 seat, 1 mark +201 +30, 60/);
  expect((await stations.as("bravo", "audit", "seed", "seal", audit)).err).toContain(
    "is not accepted by alpha, bravo, charlie",
  );
  for (const name of NAMES) await scene.say(name, "say", "accept", audit);
  expect(await scene.next("bravo")).toBe("wait for alpha to commit to its records");
});

it("commits, and makes the seed together", async () => {
  const cvr = await stations.write("cvr.csv", `${exportOfRecords()}cut,off\r\n`);
  const manifest = await stations.write("manifest.csv", MANIFEST);
  expect((await stations.as("bravo", "audit", "commit", audit, cvr, "--manifest", manifest)).err).toContain(
    "is no holder of this audit",
  );
  const answer = await stations.as("alpha", "audit", "commit", audit, cvr, "--manifest", manifest, "--json");
  const committed = JSON.parse(answer.out) as Appended & {
    published: string[];
    contests: { totals: number[] }[];
    phantoms: number;
  };
  expect(committed.contests[0]?.totals).toEqual([120, 60]);
  // A row that could not be read is named, and counts as a phantom.
  expect(committed.phantoms).toBe(1);
  expect(answer.err).toContain("cvr.csv:205: has 2 cells");
  await scene.settled(committed.leafHash);
  for (const name of ["bravo", "charlie"] as const) {
    expect((await stations.as(name, "audit", "files", audit, cvr)).err).toContain("is no file that was committed");
    await stations.json(name, "audit", "files", audit, ...committed.published);
  }
  expect((await stations.as("alpha", "audit", "seed", "close", audit)).err).toContain("has not shown what it sealed");
  for (const step of ["seal", "show", "close"]) {
    // Two of three are a majority, and the third is not waited for.
    for (const name of step === "close" ? NAMES.slice(0, 2) : NAMES) {
      expect(await scene.next(name)).toBe(`detente audit seed ${step} ${audit.slice(0, 12)}`);
      await scene.say(name, "audit", "seed", step, audit);
    }
  }
  const chance = ["audit", "seed", "chance", audit, "--beacon", "c0ffee".repeat(8)];
  expect((await stations.as("alpha", ...chance)).err).toContain("the charter asks for 4");
  for (const name of ["alpha", "bravo"] as const) await scene.say(name, ...chance, "--dice", "3141");
});

/** The sheet of a board as the draw writes it, filled in from the paper. */
async function sheet(name: Name): Promise<string> {
  const empty = stations.path(`${name}-empty.csv`);
  await stations.json(name, "audit", "draw", audit, "--unread", "-o", empty);
  expect((await stations.as(name, "audit", "enter", audit, "mayor", "--read", empty)).err).toContain("has no votes");
  const filled = (await readFile(empty, "utf8")).replaceAll(/^mayor,5\/(\d),(\d+),/gm, (row, batch, place) => {
    const vote = BATCHES.find((each) => String(each.batch) === batch)?.cards[Number(place) - 1]?.vote;
    return `${row}${vote}`;
  });
  // Rows of another contest are not meant.
  return stations.write(`${name}.csv`, `${filled}council,5/1,1,Zed\r\n`);
}

it("draws the same for all, reads blind, opens, and closes the round", async () => {
  const draws = await Promise.all(
    NAMES.map(async (name) => (await stations.as(name, "audit", "draw", audit, "--json")).out),
  );
  expect(draws[1]).toBe(draws[0]);
  expect(draws[2]).toBe(draws[0]);
  const [bravo, charlie] = [await sheet("bravo"), await sheet("charlie")];
  const page = stations.path("round.html");
  const { cards } = await stations.json<{ cards: { batch: string | null }[] }>(
    "bravo",
    "audit",
    "draw",
    audit,
    "-o",
    page,
  );
  const html = await readFile(page, "utf8");
  // A row for each card of which there is paper, and the head.
  expect(html.match(/<tr>/g)).toHaveLength(1 + cards.filter(({ batch }) => batch !== null).length);
  expect(html).toContain(`<p>Audit ${audit}</p>`);
  await scene.say("bravo", "audit", "enter", audit, "mayor", "--read", bravo);
  expect((await stations.as("bravo", "audit", "enter", audit, "mayor")).err).toContain("charlie: has not sealed");
  expect((await stations.as("alpha", "audit", "open", audit, "mayor")).err).toContain(
    "no card that both boards have read",
  );
  await scene.say("charlie", "audit", "enter", audit, "mayor", "--read", charlie);
  for (const name of ["bravo", "charlie"] as const) await scene.say(name, "audit", "enter", audit, "mayor");
  expect(await scene.next("alpha")).toBe(`detente audit open ${audit.slice(0, 12)} mayor`);
  await scene.say("alpha", "audit", "open", audit, "mayor");
  const risk = await stations.json<{ risk: number; lacking: unknown[] }>("bravo", "audit", "risk", audit, "mayor");
  expect(risk.risk).toBeLessThan(0.05);
  expect(risk.lacking).toEqual([]);
  for (const name of ["alpha", "charlie"] as const) {
    expect((await stations.as(name, "audit", "next", audit)).out).toContain("--sign");
    const { signed } = await stations.json<{ signed: Appended }>(name, "audit", "risk", audit, "mayor", "--sign");
    await scene.settled(signed.leafHash);
  }
  expect(await scene.next("bravo")).toBe("nothing: every contest has its outcome");
  const { out } = await stations.as("bravo", "audit", "status", audit);
  expect(out).toContain("confirmed");
  expect(out).toContain("that the cards that were fetched are the cards that were drawn");
});

it("is verified offline from one file, and any change of it is seen", async () => {
  const bundle = stations.path("mayor.detente.gz");
  // Anybody may open another audit at any time, which nobody accepts: it must not spoil this one's bundle.
  const path = await stations.write("other.json", JSON.stringify({ ...CHARTER, title: "Another" }));
  const other = await stations.json<Appended>("charlie", "audit", "charter", path);
  await scene.settled(other.leafHash);
  await stations.json("charlie", "audit", "export", audit, "-o", bundle);
  const verified = await detente(["audit", "verify", bundle]);
  expect(verified.out).not.toContain("fails");
  expect(verified).toMatchObject({ code: 0, err: "" });
  expect(verified.out).toMatch(/holds {2}risk of mayor: round 1 closed by alpha, charlie/);
  expect(verified.out).toContain(`not recomputed: Another (${other.leafHash.slice(0, 12)})`);
  expect((await detente(["audit", "verify", bundle, "--audit", audit.slice(0, 12)])).code).toBe(0);
  const begun = await detente(["audit", "verify", bundle, "--audit", other.leafHash]);
  expect(begun.code).toBe(1);
  expect(begun.out).toContain("fails  charter: not accepted by alpha, bravo, charlie");
  expect((await detente(["audit", "verify", bundle, "--audit", "00000000"])).err).toContain("no audit of");
  expect((await detente(["verify", bundle])).code).toBe(0);
  const text = gunzipSync(await readFile(bundle)).toString();
  const without = text
    .split("\n")
    .filter((line) => !line.startsWith('{"blob"'))
    .join("\n");
  await writeFile(stations.path("without.gz"), gzipSync(without));
  const lacking = await detente(["audit", "verify", stations.path("without.gz")]);
  expect(lacking.code).toBe(1);
  expect(lacking.out).toContain("fails  files of mayor: the public files that were committed are not in the bundle");
  const lines = text.split("\n");
  const last = lines.findLastIndex((line) => line.startsWith('{"body"'));
  await writeFile(stations.path("changed.gz"), gzipSync(lines.toSpliced(last, 1).join("\n")));
  const changed = await detente(["audit", "verify", stations.path("changed.gz"), "--json"]);
  const { audits } = JSON.parse(changed.out) as { audits: { steps: { step: string; holds: boolean }[] }[] };
  expect(audits[0]?.steps[0]).toMatchObject({ step: "record", holds: false });
  expect(changed.code).toBe(1);
});

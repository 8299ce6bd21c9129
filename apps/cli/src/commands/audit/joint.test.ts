import { readFile, writeFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Appended } from "@detente/station";
import { afterAll, beforeAll, expect, it } from "vitest";
import { detente } from "../../testing/console.ts";
import { type Name, NAMES, ThreeStations } from "../../testing/three-stations.ts";

/* One audit from its charter to a bundle that a stranger verifies; alpha holds the paper, bravo and charlie read it. */

let stations: ThreeStations;
let audit: string;

beforeAll(async () => {
  stations = await ThreeStations.start();
}, 120_000);
afterAll(() => stations.close());

/** What is on the paper: of 200 cards in two batches 120 for Ada, 60 for Bob, 20 blank. */
const BATCHES = [1, 2].map((batch) => ({
  batch,
  cards: Array.from({ length: 100 }, (_, i) => ({
    place: i + 1,
    vote: i % 10 < 6 ? "Ada" : i % 10 < 9 ? "Bob" : "none",
  })),
}));

const CHARTER = {
  title: "Mayor of Smallville",
  holder: "alpha",
  auditors: NAMES,
  boards: ["bravo", "charlie"],
  riskLimit: 50_000,
  test: { name: "cobra", expected: { o1: 1000, o2: 10, u1: 1000, u2: 10 }, weight: 100 },
  seed: { dice: 4, beacon: { name: "drand", rounds: [{ round: 12, at: Date.now() + 3_600_000 }] } },
  leastStyle: 5,
  malformed: "phantom",
  contests: [
    {
      id: "mayor",
      name: "Mayor",
      candidates: ["Ada", "Bob"],
      rule: { method: "plurality", seats: 1, marks: 1 },
      bound: 201,
      rounds: [30, 60],
    },
  ],
};

/** Says something and waits until it is in effect everywhere. */
async function say(name: Name, ...argv: readonly string[]): Promise<void> {
  const answer = await stations.json<Partial<Appended> & Record<"said" | "sealed" | "shown", Appended[]>>(
    name,
    ...argv,
  );
  const hashes = [answer, ...(answer.said ?? []), ...(answer.sealed ?? []), ...(answer.shown ?? [])].flatMap(
    ({ leafHash }) => leafHash ?? [],
  );
  for (const hash of hashes) for (const at of NAMES) await stations.effective(at, hash);
}

async function next(name: Name): Promise<string> {
  return (await stations.as(name, "audit", "next", audit)).out.trim();
}

function exportOfRecords(): string {
  const rows = BATCHES.flatMap(({ batch, cards }) =>
    cards.map(
      ({ place, vote }) =>
        `${batch * 1000 + place},5,${batch},${place},5-${batch}-${place},Mail,P1,A,${vote === "Ada" ? 1 : 0},${vote === "Bob" ? 1 : 0}`,
    ),
  );
  return [
    '"Smallville",5.17.17.1,,,,,,,,',
    ',,,,,,,,"Mayor (Vote For=1)","Mayor (Vote For=1)"',
    ",,,,,,,,Ada,Bob",
    "CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType,,",
    ...rows,
    "",
  ].join("\r\n");
}

it("opens an audit, and lets nobody go on before all have accepted", { timeout: 60_000 }, async () => {
  const path = await stations.write("contest.json", JSON.stringify({ ...CHARTER, boards: ["bravo"] }));
  expect((await stations.as("alpha", "audit", "charter", path)).err).toContain(
    "contest.json: boards: expected a list of 2 to 2",
  );
  await stations.write("contest.json", JSON.stringify(CHARTER));
  const { leafHash } = await stations.json<Appended>("alpha", "audit", "charter", path);
  audit = leafHash;
  for (const at of NAMES) await stations.effective(at, audit);
  expect(await next("bravo")).toBe(`detente say accept ${audit.slice(0, 12)}`);
  expect((await stations.as("bravo", "audit", "seed", "seal", audit)).err).toContain(
    "is not accepted by alpha, bravo, charlie",
  );
  for (const name of NAMES) await say(name, "say", "accept", audit);
  expect(await next("bravo")).toBe("wait for alpha to commit to its records");
});

it("commits, and makes the seed together", { timeout: 120_000 }, async () => {
  const cvr = await stations.write("cvr.csv", exportOfRecords());
  const manifest = await stations.write("manifest.csv", "Tabulator,Batch Name,Number of Ballots\n5,1,100\n5,2,100\n");
  expect((await stations.as("bravo", "audit", "commit", audit, cvr, "--manifest", manifest)).err).toContain(
    "is no holder of this audit",
  );
  const committed = await stations.json<Appended & { published: string[]; contests: { totals: number[] }[] }>(
    "alpha",
    "audit",
    "commit",
    audit,
    cvr,
    "--manifest",
    manifest,
  );
  expect(committed.contests[0]?.totals).toEqual([120, 60]);
  for (const at of NAMES) await stations.effective(at, committed.leafHash);
  for (const name of ["bravo", "charlie"] as const) {
    expect((await stations.as(name, "audit", "files", audit, cvr)).err).toContain("is no file that was committed");
    await stations.json(name, "audit", "files", audit, ...committed.published);
  }
  expect((await stations.as("alpha", "audit", "seed", "close", audit)).err).toContain("has not shown what it sealed");
  for (const step of ["seal", "show", "close"]) {
    // Two of three are a majority, and the third is not waited for.
    for (const name of step === "close" ? NAMES.slice(0, 2) : NAMES) {
      expect(await next(name)).toBe(`detente audit seed ${step} ${audit.slice(0, 12)}`);
      await say(name, "audit", "seed", step, audit);
    }
  }
  const chance = ["audit", "seed", "chance", audit, "--beacon", "c0ffee".repeat(8)];
  expect((await stations.as("alpha", ...chance)).err).toContain("the charter asks for 4");
  for (const name of ["alpha", "bravo"] as const) await say(name, ...chance, "--dice", "3141");
});

/** The sheet of a board, read from the paper. */
async function sheet(name: Name): Promise<string> {
  const { cards } = await stations.json<{ cards: { batch: string | null; place: number }[] }>(
    name,
    "audit",
    "draw",
    audit,
    "--unread",
  );
  const rows = cards.map(({ batch, place }) => {
    const vote = BATCHES.find((each) => `5/${each.batch}` === batch)?.cards[place - 1]?.vote;
    return `${batch},${place},${vote}`;
  });
  return stations.write(`${name}.csv`, ["batch,place,votes", ...rows, ""].join("\n"));
}

it("draws the same for all, reads blind, opens, and closes the round", { timeout: 120_000 }, async () => {
  const draws = await Promise.all(
    NAMES.map(async (name) => (await stations.as(name, "audit", "draw", audit, "--json")).out),
  );
  expect(draws[1]).toBe(draws[0]);
  expect(draws[2]).toBe(draws[0]);
  const [bravo, charlie] = [await sheet("bravo"), await sheet("charlie")];
  await say("bravo", "audit", "enter", audit, "mayor", "--read", bravo);
  expect((await stations.as("bravo", "audit", "enter", audit, "mayor")).err).toContain("charlie: has not sealed");
  expect((await stations.as("alpha", "audit", "open", audit, "mayor")).err).toContain(
    "no card that both boards have read",
  );
  await say("charlie", "audit", "enter", audit, "mayor", "--read", charlie);
  for (const name of ["bravo", "charlie"] as const) await say(name, "audit", "enter", audit, "mayor");
  expect(await next("alpha")).toBe(`detente audit open ${audit.slice(0, 12)} mayor`);
  await say("alpha", "audit", "open", audit, "mayor");
  const risk = await stations.json<{ risk: number; lacking: unknown[] }>("bravo", "audit", "risk", audit, "mayor");
  expect(risk.risk).toBeLessThan(0.05);
  expect(risk.lacking).toEqual([]);
  for (const name of ["alpha", "charlie"] as const) {
    expect((await stations.as(name, "audit", "next", audit)).out).toContain("--sign");
    const { signed } = await stations.json<{ signed: Appended }>(name, "audit", "risk", audit, "mayor", "--sign");
    for (const at of NAMES) await stations.effective(at, signed.leafHash);
  }
  expect(await next("bravo")).toBe("nothing: every contest has its outcome");
  const { out } = await stations.as("bravo", "audit", "status", audit);
  expect(out).toContain("confirmed");
  expect(out).toContain("that the cards that were fetched are the cards that were drawn");
});

it("is verified offline from one file, and any change of it is seen", { timeout: 60_000 }, async () => {
  const bundle = stations.path("mayor.detente.gz");
  await stations.json("charlie", "audit", "export", audit, "-o", bundle);
  const verified = await detente(["audit", "verify", bundle]);
  expect(verified.out).not.toContain("fails");
  expect(verified).toMatchObject({ code: 0, err: "" });
  expect(verified.out).toMatch(/holds {2}risk of mayor: round 1 closed by alpha, charlie/);
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

import { unwrap } from "@detente/basics";
import { expect, it } from "vitest";
import { fileOf } from "../../testing/files.ts";
import { HAS_PYTHON, python } from "../../testing/python.ts";
import type { ReplayLine } from "../lines.ts";
import { publishedKind, replayAudit } from "../replay-audit.ts";

/*
 * Figures of Colorado's audit of the general election of 2024, as its Secretary of State published them: the seed, the
 * manifest of Bent County, rows of the last round's contest.csv, and the cards that were audited for one contest.
 */
const SEED = "53417960661093690826";
const MANIFEST = [
  "County,Tabulator ID,Batch,# of Ballot Cards,Location",
  ...Array.from(
    { length: 89 },
    (_, i) => `Bent,102,${i + 1},${[13, 20, 38][i - 86] ?? 25},Box ${Math.floor(i / 20) + 1}`,
  ),
].join("\n");
const CONTESTS = `contest_name,audit_reason,random_audit_status,winners_allowed,ballot_card_count,contest_ballot_card_count,winners,min_margin,risk_limit,audited_sample_count,two_vote_over_count,one_vote_over_count,one_vote_under_count,two_vote_under_count,disagreement_count,other_count,gamma,overstatements,optimistic_samples_to_audit,estimated_samples_to_audit
Bent County Commissioner-District 1,county_wide_contest,risk_limit_achieved,1,2221,2221,"""Jennifer Scofield""",537,0.03000000,32,0,0,0,0,0,0,1.03905000,0,31,31
Amendment 80 (CONSTITUTIONAL) - Rio Blanco,county_wide_contest,risk_limit_achieved,1,3728,3728,"""Yes/For""",474,0.03000000,59,0,0,0,0,0,0,1.03905000,0,58,58
Broomfield Ballot Question 2G,county_wide_contest,risk_limit_achieved,1,47543,47543,"""No/Against""",6780,0.03000000,53,0,0,0,0,0,0,1.03905000,0,52,52
17th Judicial District Ballot Question 7B,opportunistic_benefits,in_progress,1,516401,279529,"""No/Against""",37549,0.03000000,0,0,0,0,0,0,0,1.03905000,0,101,101
Amendment 80 (CONSTITUTIONAL),opportunistic_benefits,in_progress,1,4743138,3235954,"""No/Against""",42047,0.03000000,0,0,0,0,0,0,0,1.03905000,0,823,823
Adams County School District 14 Ballot Issue 4B,opportunistic_benefits,ended,1,468858,10619,"""Yes/For""",109,0.03000000,0,0,0,0,0,0,0,1.03905000,0,31345,31345
Bannock Ballot Issue 6A,opportunistic_benefits,ended,1,248173,23,"""Yes""",5,0.03000000,0,0,0,0,0,0,0,1.03905000,0,361687,361687
Approval of Multiple Year Financial Obligation with Gilpin County,opportunistic_benefits,ended,1,4183,66,"""Yes/For""",32,0.03000000,0,0,0,0,0,0,0,1.03905000,0,953,953
`;
const AUDITED =
  "11-7 12-24 13-1 15-19 23-25 24-24 27-20 3-15 3-25 3-4 33-10 33-13 34-2 35-13 36-1 44-13 46-5 49-12 5-25 55-21 66-10 68-13 68-22 68-24 69-10 70-12 70-4 72-5 73-1 80-6 83-3 84-14";
const listOf = (cards: string): string => ["imprinted_id", ...cards.split(" ").map((id) => `102-${id}`)].join("\n");

async function replayed(texts: Readonly<Record<string, string>>, seed: string): Promise<readonly ReplayLine[]> {
  const files = [];
  for (const [name, text] of Object.entries(texts)) {
    const file = fileOf(text, name);
    const kind = unwrap(await publishedKind(file));
    if (kind !== undefined) files.push({ file, kind, jurisdiction: undefined });
  }
  return unwrap(await replayAudit(files, seed)).lines;
}

const GENERAL_2024 = {
  "contest.csv": CONTESTS,
  "BentBallotManifest.csv": MANIFEST,
  "contestsByCounty.csv": "county_id,county_name,contest_name,contest_id\n6,Bent,Bent County Commissioner-District 1,1",
  "ballot_list_Bent.csv": listOf(AUDITED),
};

const FOREIGN = ["Amendment 80 (CONSTITUTIONAL) - Rio Blanco", "Broomfield Ballot Question 2G"];

it("Colorado's audit of 2024: every size, and every card that Bent County fetched", async () => {
  const lines = await replayed(GENERAL_2024, SEED);
  expect(lines.filter(({ verdict }) => verdict === "differs")).toEqual([]);
  expect(lines.filter(({ step, verdict }) => step === "size" && verdict === "agrees").length).toBeGreaterThanOrEqual(8);
  const cards = lines.filter(({ step, file }) => step === "draw" && file === "ballot_list_Bent.csv");
  expect(cards).toHaveLength(32);
  expect(cards.filter(({ verdict }) => verdict !== "agrees")).toEqual([]);
  // Nobody gave the manifests of these.
  const unchecked = lines.filter(({ verdict }) => verdict === "unchecked").map(({ contest }) => contest);
  expect(unchecked.filter((contest) => !FOREIGN.includes(contest ?? ""))).toEqual([]);
});

it("takes the cards of a county's list for the first draws from all its cards where no contest is published", async () => {
  const { "contest.csv": _none, "contestsByCounty.csv": _no, ...lists } = GENERAL_2024;
  const lines = await replayed(lists, SEED);
  expect(lines.map(({ verdict }) => verdict)).toEqual(Array(32).fill("agrees"));
  expect(lines.find(({ what }) => what === "Bent, 102-5-25")?.note).toBe("draw 1");
  expect(lines.find(({ what }) => what === "Bent, 102-44-13")?.note).toBe("draw 32");

  // The third draw is 102-15-19.
  const without = await replayed({ ...lists, "ballot_list_Bent.csv": listOf(AUDITED.replace(" 15-19", "")) }, SEED);
  expect(without.filter(({ verdict }) => verdict === "agrees")).toHaveLength(2);
  expect(without.find(({ verdict }) => verdict === "unchecked")?.note).toContain(
    "draw 3 is 102-15-19, which is not listed",
  );
});

it("counts a copy of a manifest once, and refuses another word on the same batches", async () => {
  const { "contest.csv": _none, "contestsByCounty.csv": _no, ...lists } = GENERAL_2024;
  const copied = await replayed({ ...lists, "observers/Bent.csv": MANIFEST }, SEED);
  expect(copied.filter(({ verdict }) => verdict !== "agrees")).toEqual([]);
  const other = MANIFEST.replace("Bent,102,7,25", "Bent,102,7,24");
  await expect(replayed({ ...lists, "observers/Bent.csv": other }, SEED)).rejects.toThrow(
    'says something else of "Bent" than BentBallotManifest.csv',
  );
});

it.skipIf(!HAS_PYTHON)("takes a seed for text: zeros in front count", async () => {
  // The seed of 2021, which began with a zero.
  const seed = "08772473296991897540";
  const script = `answer = [int(hashlib.sha256(f"{given},{i}".encode()).hexdigest(), 16) % 2221 for i in range(1, 4)]`;
  const numbers = python(script, seed) as number[];
  const list = listOf(numbers.map((number) => `${Math.floor(number / 25) + 1}-${(number % 25) + 1}`).join(" "));
  const files = { "BentManifest.csv": MANIFEST, "ballot_list_Bent.csv": list };
  expect((await replayed(files, seed)).map(({ verdict }) => verdict)).toEqual(["agrees", "agrees", "agrees"]);
});

import { unwrap, utf8 } from "@detente/basics";
import { expect, it } from "vitest";
import { fileOf } from "../../testing/files.ts";
import { HAS_PYTHON, python } from "../../testing/python.ts";
import { type ReplayLine, replayTotals } from "../lines.ts";
import { cardDiscrepancy, type Outcome } from "./discrepancy.ts";
import { type ColoradoFiles, replayColorado } from "./replay.ts";
import type { CardComparison } from "./tables.ts";

const SEED = "79868317266034310489";
const SIZES: Readonly<Record<string, number[]>> = { Adams: [20, 30], Broomfield: [25], Yuma: [10, 15] };

/** Cards in the order of Colorado's county numbers, drawn by a Python of its own. */
const DRAW = `
cards = [(c, f"{t + 1}-7-{p + 1}") for c in ["Adams", "Yuma", "Broomfield"] if c in given["sizes"] for t, n in enumerate(given["sizes"][c]) for p in range(n)]
answer = [cards[int(hashlib.sha256(f"{given['seed']},{i + 1}".encode()).hexdigest(), 16) % len(cards)] for i in range(given["count"])]`;

function drawn(counties: readonly string[], count: number): [string, string][] {
  const sizes = Object.fromEntries(counties.map((county) => [county, SIZES[county]]));
  return python(DRAW, { seed: SEED, sizes, count }) as [string, string][];
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const manifests = Object.entries(SIZES).map(([county, sizes]) => ({
  jurisdiction: undefined,
  file: fileOf(
    [
      "County,Scanner ID,Batch ID,# of Ballots,Storage Location",
      ...sizes.map((size, i) => `${county},${i + 1},7,${size},Bin`),
    ].join("\r\n"),
    `${county}.csv`,
  ),
}));

/** One contest in one county and one in three, as ColoradoRLA exports them. */
function audit(change: (contestList: string) => string = (text) => text): ColoradoFiles {
  const contests = [
    { name: "Mayor", counties: ["Adams"], count: 12 },
    { name: "Governor", counties: ["Adams", "Broomfield", "Yuma"], count: 30 },
  ].map((contest) => ({ ...contest, cards: drawn(contest.counties, contest.count) }));
  const ids = new Map<string, number>();
  for (const [county, imprint] of contests.flatMap(({ cards }) => cards)) {
    const card = `${county},${imprint}`;
    ids.set(card, ids.get(card) ?? 1000 + ids.size);
  }
  const idOf = ([county, imprint]: [string, string]): number => ids.get(`${county},${imprint}`) ?? 0;
  const selections = contests.map(({ name, cards, counties }) => {
    // The export lists county after county.
    const ordered = ["Yuma", "Adams", "Broomfield"]
      .filter((c) => counties.includes(c))
      .flatMap((c) => cards.filter(([county]) => county === c));
    return `10,${name},"[${ordered.map(idOf).join()}]"`;
  });
  const first = contests[0]!.cards[0]!;
  const comparisons = contests.flatMap(({ name, cards }) =>
    [...new Map(cards.map((card) => [card.join(), card])).values()].map((card) => {
      const found =
        name === "Mayor" && card.join() === first.join() ? '"Bob, B."' : '"Ada ""A"""'.replaceAll('""', '\\"');
      return [
        card[0],
        name,
        card[1],
        "1",
        quoted('"Ada \\"A\\""'),
        quoted(found),
        "YES",
        "uploaded",
        "",
        "2024-11-19",
        idOf(card),
        "",
      ].join();
    }),
  );
  const times = contests[0]!.cards.filter((card) => card.join() === first.join()).length;
  const standing = (name: string, cards: number, margin: number, over: number, sizes: string): string =>
    `${name},county_wide_contest,in_progress,1,${cards},${cards},${quoted('"Ada \\"A\\""')},${margin},0.03000000,12,${over},0,0,0,0,0,1.03905000,0,${sizes}`;
  const contestList = [
    "contest_name,audit_reason,random_audit_status,winners_allowed,ballot_card_count,contest_ballot_card_count,winners,min_margin,risk_limit,audited_sample_count,two_vote_over_count,one_vote_over_count,one_vote_under_count,two_vote_under_count,disagreement_count,other_count,gamma,overstatements,optimistic_samples_to_audit,estimated_samples_to_audit",
    standing("Mayor", 50, 10, times, SIZE_WITH_ERRORS[times] ?? ""),
    standing("Governor", 100, 10, 0, "73,73"),
  ].join("\n");
  return {
    contests: [fileOf(change(contestList), "contest.csv")],
    selections: [fileOf(["min_margin,contest_name,contest_cvr_ids", ...selections].join("\n"), "contestSelection.csv")],
    comparisons: [
      fileOf(
        [
          "county_name,contest_name,imprinted_id,ballot_type,choice_per_voting_computer,audit_board_selection,consensus,record_type,audit_board_comment,timestamp,cvr_id,audit_reason",
          ...comparisons,
        ].join("\n"),
        "contestComparison.csv",
      ),
    ],
    counties: [],
    lists: [],
    manifests,
    seed: SEED,
  };
}

/** By the formula of Lindeman and Stark, worked out in Python: ⌈−2γ(ln 0.03 + n·ln(1 − 1/γ))/0.2⌉, and it again. */
const SIZE_WITH_ERRORS: Readonly<Record<number, string>> = { 1: "71,71", 2: "105,105" };

const wrong = (lines: readonly ReplayLine[]): string[] =>
  lines
    .filter(({ verdict }) => verdict !== "agrees")
    .map(({ step, contest, what, verdict }) => `${step} ${verdict}: ${contest}, ${what}`);
const lined = async (files: ColoradoFiles): Promise<readonly ReplayLine[]> => unwrap(await replayColorado(files)).lines;

it.skipIf(!HAS_PYTHON)(
  "a comparison audit of Colorado's agrees, whether a contest is in one county or several",
  async () => {
    const lines = await lined(audit());
    expect(wrong(lines)).toEqual([]);
    expect(replayTotals(lines)).toContainEqual({ step: "draw", agrees: 42, differs: 0, unchecked: 0 });
  },
);

it.skipIf(!HAS_PYTHON)("lists of cards to fetch hold what was drawn, and nothing else", async () => {
  const files = audit();
  const [card] = drawn(["Adams"], 12);
  const all = [
    ...new Set(
      [...drawn(["Adams"], 12), ...drawn(["Adams", "Broomfield", "Yuma"], 30)]
        .filter(([c]) => c === "Adams")
        .map(([, id]) => id),
    ),
  ];
  const list = (imprints: readonly (string | undefined)[]): ColoradoFiles => ({
    ...files,
    lists: [
      {
        file: fileOf(
          ["scanner_id,batch_id,imprinted_id", ...imprints.map((id) => `1,7,${id}`)].join("\n"),
          "adams.csv",
        ),
        jurisdiction: "Adams County",
      },
    ],
  });
  expect(wrong(await lined(list(all)))).toEqual([]);
  const without = all.filter((id) => id !== card?.[1]);
  expect(wrong(await lined(list(without)))).toEqual(["size differs: undefined, different cards of Adams County"]);
  const drawnIds = new Set(all);
  const foreign = Array.from({ length: 30 }, (_, i) => `2-7-${i + 1}`).find((id) => !drawnIds.has(id));
  expect(wrong(await lined(list([...without, foreign])))).toEqual([
    `draw differs: undefined, Adams County, ${foreign}`,
  ]);
});

it.skipIf(!HAS_PYTHON)("says what is missing, and where a figure was changed", async () => {
  const files = audit();
  expect(wrong(await lined({ ...files, seed: undefined }))).toContain("draw unchecked: Mayor, all draws");
  expect(wrong(await lined({ ...files, manifests: manifests.slice(1) }))).toContain("draw unchecked: Mayor, all draws");
  expect(wrong(await lined({ ...files, seed: `${SEED}1` })).length).toBeGreaterThan(30);
  const changed = async (from: RegExp, to: string): Promise<string[]> =>
    wrong(await lined(audit((text) => text.replace(from, to))));
  expect(await changed(/,73,73$/, ",72,73")).toContain("size differs: Governor, samples to audit");
  expect(await changed(/1,100,100,/, "1,101,100,")).toContain("input differs: Governor, ballot cards");
  expect(await changed(/Governor,(.*?),in_progress/, "Governor,$1,risk_limit_achieved")).toContain(
    "risk differs: Governor, status",
  );
  expect(await changed(/0\.03000000,12,[12],/, "0.03000000,12,0,")).toContain(
    "overstatement differs: Mayor, overstatements of two votes",
  );
});

it.skipIf(!HAS_PYTHON)("leaves unchecked what a row says too little for, and what cannot be", async () => {
  const winner = quoted('"Ada \\"A\\""');
  const lines = await lined(audit((text) => text.replace(`50,${winner},10`, "50,,10").replace(",100,100,", ",5,5,")));
  expect(lines.filter(({ verdict }) => verdict === "unchecked").map(({ what, note }) => [what, note])).toEqual([
    ["samples to audit", "has no margin, or one above its cards, or no size is published"],
    ["overstatements of two votes", "the row names no winners"],
    ["overstatements of one vote", "the row names no winners"],
    ["understatements of one vote", "the row names no winners"],
    ["understatements of two votes", "the row names no winners"],
  ]);
});

it.skipIf(!HAS_PYTHON)("takes a county for the same, however its manifest and the exports write it", async () => {
  const called = manifests.map(({ file }) => ({ file, jurisdiction: undefined }));
  const named = called.map(({ file, jurisdiction }) => ({
    jurisdiction,
    file: {
      name: file.name,
      async *open(): AsyncGenerator<Uint8Array> {
        for await (const piece of file.open())
          yield utf8(new TextDecoder().decode(piece).replaceAll("Adams,", "ADAMS COUNTY,"));
      },
    },
  }));
  const choices = ["Adams", "ADAMS"].map((county) => `${county},Mayor,A`);
  const counties = [fileOf(["county_name,contest_name,choice", ...choices].join("\n"), "tabulate.csv")];
  const lines = await lined({ ...audit(), counties, manifests: named });
  expect(wrong(lines.filter(({ contest }) => contest === "Mayor"))).toEqual([]);
});

/* The rules of ColoradoRLA's ComparisonAudit.computeDiscrepancy, case by case. */
const outcome: Outcome = { winners: new Set(["W"]), losers: new Set(["L", "M"]) };
const card = (recorded: string, found: string, over: Partial<CardComparison> = {}): CardComparison => ({
  file: "f",
  line: 1,
  county: "c",
  contest: "k",
  imprint: "1-1-1",
  recorded: Array.from(recorded),
  found: Array.from(found),
  isAudited: true,
  hasConsensus: true,
  kind: "uploaded",
  isNotFound: false,
  record: "1",
  ...over,
});

it.each([
  ["the same", card("W", "W"), undefined],
  ["the winner's vote was a loser's", card("W", "L"), 2],
  ["the winner's vote was none", card("W", ""), 1],
  ["a loser's vote was missed", card("", "L"), 1],
  ["a loser's vote was another loser's", card("L", "M"), 1],
  ["a loser's vote was the winner's: one pair gained two, the other one", card("L", "W"), -1],
  ["the winner's vote was missed", card("", "W"), -1],
  ["one loser lost a vote, the other pair did not change", card("L", ""), 0],
  ["not found, a vote for the winner", card("W", "", { isNotFound: true }), 2],
  ["not found, a vote for a loser", card("L", "", { kind: "phantom_ballot" }), 1],
  ["no consensus", card("W", "W", { hasConsensus: false }), 2],
  ["no record", card("", "W", { kind: "phantom_record" }), 2],
])("a card's discrepancy: %s", (_what, of, expected) => {
  expect(cardDiscrepancy(of, outcome)).toBe(expected);
});

import { unwrap } from "@detente/basics";
import { drawConsistently, firstNumber, nextNumber, trimTicket } from "../../draw/consistent-sampler.ts";
import { pythonStr, type PythonValue } from "../../draw/python-str.ts";
import { checked, type ReplayLine } from "../lines.ts";
import { drawingRounds, ticketText } from "./batch-draw.ts";
import type { ArloContest, ArloReport, SampledRow } from "./report.ts";
import type { ArloBatch, Jurisdiction } from "./sources.ts";

const DIGITS = 18;

/** How Arlo called a batch when it drew ballots: that changed over the years. */
interface IdForm {
  readonly rule: string;
  readonly batch: (jurisdiction: string, batch: Pick<ArloBatch, "name" | "container" | "tabulator">) => PythonValue;
}

const FORMS: readonly IdForm[] = [
  {
    rule: "(jurisdiction, tabulator, batch)",
    batch: (jurisdiction, { tabulator, name }) => [jurisdiction, tabulator || null, name],
  },
  { rule: "(jurisdiction, batch)", batch: (jurisdiction, { name }) => [jurisdiction, name] },
  {
    rule: "(jurisdiction, container, tabulator, batch)",
    batch: (jurisdiction, { container, tabulator, name }) => [jurisdiction, container || null, tabulator || null, name],
  },
];

/** The form of which most published ballots have the ticket numbers. */
function formOf({ seed, sampled }: ArloReport): IdForm {
  const hits = FORMS.map((form) =>
    sampled.filter((row) => allTickets(row).includes(ticketAt(seed, idOf(form, row), 1)[0])),
  );
  const most = Math.max(...hits.map((rows) => rows.length));
  return FORMS[hits.findIndex((rows) => rows.length === most)] as IdForm;
}

function idOf(form: IdForm, row: SampledRow): string {
  const batch = { name: row.batch, container: row.container, tabulator: row.tabulator };
  return pythonStr([form.batch(row.jurisdiction, batch), row.position ?? 0]);
}

function allTickets(row: SampledRow): (string | undefined)[] {
  return [...row.contests.values()].flatMap(({ tickets }) => [...tickets.values()].flat());
}

/** The first ticket numbers of an id, as reports print them. */
function ticketAt(seed: string, id: string, count: number): (string | undefined)[] {
  const numbers: string[] = [];
  for (let number = firstNumber(seed, id); numbers.length < count; number = nextNumber(number)) numbers.push(number);
  return numbers.map((number) => trimTicket(number, DIGITS));
}

/**
 * The ballots that were drawn for a contest. With the manifests of all its jurisdictions the whole draw is repeated;
 * without, it is only seen whether ballots have the ticket numbers that they should, and the note says so.
 */
export function replayBallotDraw(
  report: ArloReport,
  contest: ArloContest,
  jurisdictions: readonly Jurisdiction[],
): ReplayLine[] {
  const form = formOf(report);
  const rows = report.sampled.filter(({ contests }) => (contests.get(contest.name)?.tickets.size ?? 0) > 0);
  const named = new Set(rows.map(({ jurisdiction }) => jurisdiction));
  const withManifest = jurisdictions.filter(({ batches }) => batches.length > 0);
  const isWhole =
    withManifest.length > 0 && [...named].every((name) => withManifest.some((each) => each.name === name));
  return isWhole ? wholeDraw(report, contest, form, withManifest) : ticketsAlone(report, contest, form, rows);
}

function ticketsAlone(
  report: ArloReport,
  contest: ArloContest,
  form: IdForm,
  rows: readonly SampledRow[],
): ReplayLine[] {
  const note = `ids are ${form.rule}; give all manifests along to see that no ballot was left out`;
  return rows.map((row) => {
    const tickets = row.contests.get(contest.name)?.tickets ?? new Map<number, readonly string[]>();
    const published = [...tickets.values()].flat();
    const computed = ticketAt(report.seed, idOf(form, row), published.length) as string[];
    return checked(
      { ...placeOf(report, contest, row), published: ticketText(new Map([[0, published]])).replace("Round 0: ", "") },
      ticketText(new Map([[0, computed]])).replace("Round 0: ", ""),
      note,
    );
  });
}

/** Far more than any audit drew: the count stands in a file. */
const MAX_DRAWS = 10_000_000;

function wholeDraw(
  report: ArloReport,
  contest: ArloContest,
  form: IdForm,
  jurisdictions: readonly Jurisdiction[],
): ReplayLine[] {
  const rounds = drawingRounds(report, contest);
  const cards = jurisdictions.flatMap(({ batches }) => batches).reduce((sum, batch) => sum + batch.cards, 0);
  const place = { contest: contest.name, file: report.file } as const;
  const input = {
    ...place,
    step: "input",
    line: contest.line,
    what: "ballots cast",
    published: String(contest.ballots),
  } as const;
  const count = rounds.reduce((sum, { size }) => sum + size, 0);
  if (count > MAX_DRAWS)
    return [checked(input, String(cards), `rounds of ${count} ballots, at most ${MAX_DRAWS} are drawn`)];
  const drawn = drawConsistently({ seed: report.seed, ids: idsOf(form, jurisdictions), count, withReplacement: true });
  if (!drawn.ok) return [checked(input, String(cards), drawn.fault.message)];
  const left = new Map<string, Map<number, string[]>>();
  let at = 0;
  for (const { round, size } of rounds) {
    for (const { id, number } of unwrap(drawn).slice(at, (at += size))) {
      const of = left.get(id) ?? new Map<number, string[]>();
      of.set(round.number, [...(of.get(round.number) ?? []), trimTicket(number, DIGITS)]);
      left.set(id, of);
    }
  }
  const lines: ReplayLine[] = [checked(input, String(cards), "cards of the manifests")];
  const note = `ids are ${form.rule}`;
  for (const row of report.sampled) {
    const id = idOf(form, row);
    const published = row.contests.get(contest.name)?.tickets ?? new Map<number, readonly string[]>();
    const computed = left.get(id) ?? new Map<number, readonly string[]>();
    left.delete(id);
    if (published.size === 0 && computed.size === 0) continue;
    lines.push(
      checked({ ...placeOf(report, contest, row), published: ticketText(published) }, ticketText(computed), note),
    );
  }
  for (const [id, computed] of left) {
    const [number] = computed.keys();
    const line = rounds.find(({ round }) => round.number === number)?.round.line ?? 1;
    lines.push(checked({ ...place, step: "draw", line, what: id, published: "not drawn" }, ticketText(computed), note));
  }
  return lines;
}

function* idsOf(form: IdForm, jurisdictions: readonly Jurisdiction[]): Generator<string> {
  for (const { name, batches } of jurisdictions) {
    for (const batch of batches) {
      const head = pythonStr([form.batch(name, batch), 0]).slice(0, -2);
      for (let position = 1; position <= batch.cards; position++) yield `${head}${position})`;
    }
  }
}

function placeOf(
  { file }: ArloReport,
  { name }: ArloContest,
  row: SampledRow,
): Omit<ReplayLine, "published" | "computed" | "verdict" | "note"> {
  const { jurisdiction, tabulator, batch, position, line } = row;
  const what = [jurisdiction, tabulator, batch, position]
    .filter((part) => part !== undefined && part !== "")
    .join(", ");
  return { step: "draw", contest: name, file, line, what };
}

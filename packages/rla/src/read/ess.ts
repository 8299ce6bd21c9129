import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import type { ContestVotes } from "../cvr.ts";
import type { CvrContest, CvrOptions, CvrReading } from "./cards.ts";
import { BlockBuilder } from "./block-builder.ts";
import { Contests } from "./contests.ts";
import { cardBlocks, type RowResult } from "./csv/card-blocks.ts";
import type { CsvRecords } from "./csv/csv-records.ts";
import { headOf, readCsv } from "./csv/read-csv.ts";
import { TextPool } from "./csv/text-pool.ts";
import { type EssBallot, essColumns, essPlace, readEssBallots } from "./ess-ballots.ts";
import { type ReadFault, refuse, type RowFault } from "./fault.ts";
import { type InputFile, LIMITS } from "./input.ts";
import { VotesPool } from "./votes-pool.ts";

/** Neighbouring columns of one contest: a place for each vote, or for each rank. */
interface Places {
  readonly title: string;
  readonly begin: number;
  end: number;
  readonly isRanked: boolean;
}

const NUMBERED = /^(.*\S)\s+([1-9]\d?)(?:st|nd|rd|th) choice\b\s*(?:\(\d+\))?$/i;

/** Columns that stand before the contests, of which a file has some. */
const ABOUT_CARDS = new Set([
  "Audit Number",
  "Ballot Status",
  "Ballot Style",
  "Batch",
  "Cast Vote Record",
  "Election ID",
  "Machine",
  "Precinct",
  "Tabulator CVR",
]);

/**
 * Reads the cast-vote records that ES&S's Electionware exports as CSV (RCTab's documentation, section 26; Arlo): columns
 * `Cast Vote Record`, `Precinct`, `Ballot Style`, then for each vote a column with the text of the choice, `undervote`,
 * `overvote`, or nothing where the contest is not on the card. Which choices there are is known only at the end of the
 * file, so it is read twice. Of an overvote it does not say whom it was for. In which batch a card lies, `lists` of ballots
 * say, or columns of the file as those have them; without either that is left empty. Where there are lists, a record that
 * is not in them is malformed, and so is a ballot of which there is no record.
 */
export async function readEss(
  file: InputFile,
  lists: readonly InputFile[],
  options: CvrOptions,
): Promise<Result<CvrReading, ReadFault>> {
  const head = await headOf(file, 1);
  if (!head.ok) return head;
  const [headings = []] = head.value;
  const [idAt, styleAt] = [headings.indexOf("Cast Vote Record"), headings.indexOf("Ballot Style")];
  if (idAt < 0 || styleAt < 0) {
    return refuse(
      file.name,
      1,
      "bad-header",
      "has no columns Cast Vote Record and Ballot Style; export the file with them",
    );
  }
  const places = placesOf(headings, headings.findLastIndex((heading) => ABOUT_CARDS.has(heading)) + 1);
  const twice = places.find(({ title }, i) => places.findIndex((other) => other.title === title) < i);
  if (twice !== undefined) return refuse(file.name, 1, "bad-header", `the contest ${quote(twice.title)} stands twice`);
  const contests = await contestsOf(file, places);
  if (!contests.ok) return contests;
  const listed = await readEssBallots(lists);
  if (!listed.ok) return listed;
  const ballots = listed.value;
  const found = contests.value;
  const columns = essColumns(headings);
  async function* blocks(): ReturnType<typeof cardBlocks> {
    const recorded = new Uint8Array(ballots.size);
    const placeOf = (row: CsvRecords, id: string, texts: TextPool): Result<Place, RowFault> => {
      if (lists.length === 0)
        return columns === undefined ? ok({ id, batch: "" }) : essPlace(columns, (cell) => texts.of(row, cell));
      const ballot = ballots.get(id);
      if (ballot === undefined)
        return refused(`has the number ${quote(id)}, which no list of ballots has; name all lists`);
      recorded[ballot.number] = 1;
      return ok(ballot);
    };
    for await (const block of cardBlocks(file, 1, options, cardReader(idAt, styleAt, places, found, placeOf))) {
      yield block;
      if (!block.ok) return;
    }
    const builder = new BlockBuilder(options);
    for (const [id, { file: list, line, number }] of ballots) {
      if (recorded[number] === 1) continue;
      builder.fail(list, line, {
        code: "bad-row",
        message: `lists the record ${quote(id)}, which ${file.name} does not have`,
      });
    }
    yield* builder.take();
    if (builder.refused !== undefined) yield { ok: false, fault: builder.refused };
  }
  return ok({ format: "ess", election: "", contests: found, blocks });
}

type Place = Pick<EssBallot, "id" | "batch">;

function placesOf(headings: readonly string[], first: number): Places[] {
  const places: Places[] = [];
  for (let i = first; i < headings.length; i++) {
    const heading = headings[i] as string;
    const [, ranked, rank] = NUMBERED.exec(heading) ?? [];
    const title = (ranked ?? heading).replace(/\s+/g, " ");
    const last = places.at(-1);
    const goesOn = last?.title === title && (ranked === undefined || Number(rank) === i - last.begin + 1);
    if (last !== undefined && goesOn) last.end = i + 1;
    else if (title !== "") places.push({ title, begin: i, end: i + 1, isRanked: ranked !== undefined });
  }
  return places;
}

async function contestsOf(
  file: InputFile,
  places: readonly Places[],
): Promise<Result<readonly CvrContest[], ReadFault>> {
  const choices = places.map(() => new Set<string>());
  const texts = new TextPool();
  for await (const read of readCsv(file)) {
    if (!read.ok) return read;
    const rows = read.value;
    while (rows.next()) {
      if (rows.fault !== undefined || rows.line === 1) continue;
      for (const [contest, { begin, end }] of places.entries()) {
        const seen = choices[contest] as Set<string>;
        for (let cell = begin; cell < end; cell++) {
          const text = texts.of(rows, cell);
          if (isChoice(text) && seen.size <= LIMITS.candidates) seen.add(text);
        }
      }
    }
  }
  const contests = new Contests();
  for (const [i, { title, begin, end, isRanked }] of places.entries()) {
    const contest = contests.add(title, title, isRanked ? 1 : end - begin);
    contest.isRanked = isRanked;
    for (const text of [...(choices[i] as Set<string>)].sort())
      contest.candidate(text, text.replace(/\s*\(\d+\)$/, ""));
  }
  const finished = contests.finish();
  return finished.ok ? finished : refuse(file.name, 1, finished.fault.code, finished.fault.message);
}

function isChoice(text: string): boolean {
  return text !== "" && !/^(?:under|over)vote$/i.test(text);
}

function cardReader(
  idAt: number,
  styleAt: number,
  places: readonly Places[],
  contests: readonly CvrContest[],
  placeOf: (row: CsvRecords, id: string, texts: TextPool) => Result<Place, RowFault>,
): (row: CsvRecords) => RowResult {
  const texts = new TextPool();
  const numbers = contests.map(({ candidates }) => new Map(candidates.map(({ id }, number) => [id, number])));
  const pools = contests.map(({ candidates }, contest) => {
    const { begin, end, isRanked } = places[contest] as Places;
    const marks = Array.from({ length: isRanked ? end - begin : 1 }, (_, i) =>
      candidates.map((_candidate, candidate) => ({ candidate, rank: i + 1 })),
    );
    return new VotesPool(contest, marks.flat());
  });
  const marked = new Int32Array(LIMITS.columns);

  /** How many marks the contest has; -1 where it is not on the card, -2 where a choice stands twice. */
  function marksOf(row: CsvRecords, contest: number): number {
    const { begin, end, isRanked } = places[contest] as Places;
    let count = 0;
    let isOnCard = false;
    for (let cell = begin; cell < end; cell++) {
      const text = texts.of(row, cell);
      if (text === "") continue;
      isOnCard = true;
      const candidate = numbers[contest]?.get(text);
      if (candidate === undefined) continue;
      const mark = isRanked ? (cell - begin) * (numbers[contest]?.size ?? 0) + candidate : candidate;
      if (!isRanked && marked.subarray(0, count).includes(mark)) return -2;
      marked[count++] = mark;
    }
    return isOnCard ? count : -1;
  }

  return (row) => {
    const id = row.text(idAt);
    if (id === "" || id.length > LIMITS.text) return refused("has no number in the column Cast Vote Record");
    const place = placeOf(row, id, texts);
    if (!place.ok) return place;
    const votes: ContestVotes[] = [];
    for (const [contest, { title }] of places.entries()) {
      const count = marksOf(row, contest);
      if (count === -2) return refused(`has a choice twice in the contest ${quote(title)}`);
      if (count >= 0) votes.push((pools[contest] as VotesPool).of(marked, count));
    }
    const style = texts.of(row, styleAt);
    return ok({
      id: place.value.id,
      batch: place.value.batch,
      position: undefined,
      style: style === "" ? undefined : style,
      votes,
    });
  };
}

function refused(message: string): { readonly ok: false; readonly fault: RowFault } {
  return { ok: false, fault: { code: "bad-row", message } };
}

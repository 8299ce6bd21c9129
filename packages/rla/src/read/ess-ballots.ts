import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import { batchName } from "./batch-name.ts";
import { readCsv } from "./csv/read-csv.ts";
import { TextPool } from "./csv/text-pool.ts";
import { type ReadFault, refuse, type RowFault } from "./fault.ts";
import { type InputFile, LIMITS } from "./input.ts";

/** The card of a cast-vote record, as ES&S lists it beside the records. */
export interface EssBallot {
  /** `Tabulator CVR`: imprinted, or the tabulator and the count of its cards. */
  readonly id: string;
  readonly batch: string;
  /** Its number among the listed ones, from 0, and where it is listed. */
  readonly number: number;
  readonly file: string;
  readonly line: number;
}

/** Rows before the headings: a title, the election, the county, the date, a blank one. */
const TITLES = 8;

/** Whether a file begins as a list of ballots does, and not as records do. */
export function isEssBallots(begin: string): boolean {
  return /^"?Ballots\b/.test(begin) || /\b(?:Ballot Exception|Results Report|Reporting Group)\b/.test(begin);
}

/**
 * Reads the lists of ballots that Electionware exports beside its cast-vote records, at most 20,000 a file (Arlo's
 * documentation): columns `Cast Vote Record`, `Batch`, `Tabulator CVR`, perhaps `Machine`, under some rows of titles; a row
 * `Total : N` must be their number. By the number of the cast-vote record.
 */
export async function readEssBallots(
  files: readonly InputFile[],
): Promise<Result<ReadonlyMap<string, EssBallot>, ReadFault>> {
  const ballots = new Map<string, EssBallot>();
  const texts = new TextPool();
  for (const file of files) {
    let at: EssColumns | undefined;
    let [rowsBefore, count] = [0, 0];
    for await (const read of readCsv(file)) {
      if (!read.ok) return read;
      const rows = read.value;
      while (rows.next()) {
        const { line, fault } = rows;
        if (fault !== undefined) return refuse(file.name, line, fault.code, fault.message);
        if (at === undefined) {
          at = essColumns(rows.texts());
          if (at === undefined && ++rowsBefore > TITLES) break;
          continue;
        }
        const cvr = rows.text(at.cvr);
        if (cvr === "") continue;
        if (/^total\b/i.test(cvr)) {
          const said = Number(cvr.replace(/\D/g, ""));
          if (said === count) continue;
          return refuse(file.name, line, "bad-row", `says ${quote(cvr)}, and ${count} stand above; export it whole`);
        }
        const place = essPlace(at, (cell) => texts.of(rows, cell));
        if (!place.ok) return refuse(file.name, line, place.fault.code, place.fault.message);
        const known = ballots.get(cvr);
        if (known !== undefined) {
          const where = `${known.file}:${known.line}`;
          return refuse(file.name, line, "duplicate-id", `lists the record ${quote(cvr)}, as ${where} does already`);
        }
        if (ballots.size >= LIMITS.rows)
          return refuse(file.name, line, "too-many", `lists more than ${LIMITS.rows} ballots`);
        ballots.set(cvr, { ...place.value, number: ballots.size, file: file.name, line });
        count++;
      }
    }
    if (at === undefined) {
      const what = "has no columns Cast Vote Record, Batch and Tabulator CVR; export the list with them";
      return refuse(file.name, 1, "bad-header", what);
    }
  }
  return ok(ballots);
}

/** Numbers of columns; `machine` is -1 where there is none. */
export interface EssColumns {
  readonly cvr: number;
  readonly batch: number;
  readonly imprint: number;
  readonly machine: number;
}

/** Where a row of headings has what says in which batch a card lies; `undefined` where it does not. */
export function essColumns(headings: readonly string[]): EssColumns | undefined {
  const [cvr = -1, batch = -1, imprint = -1, machine = -1] = [
    "Cast Vote Record",
    "Batch",
    "Tabulator CVR",
    "Machine",
  ].map((name) => headings.indexOf(name));
  return cvr < 0 || batch < 0 || imprint < 0 ? undefined : { cvr, batch, imprint, machine };
}

/**
 * The batch is the tabulator's and its own name: the tabulator is the column `Machine`, else the first four of the ten
 * digits of `Tabulator CVR`, which may also be sixteen hexadecimal digits that are printed on the card.
 */
export function essPlace(
  { batch: batchAt, imprint: imprintAt, machine: machineAt }: EssColumns,
  text: (cell: number) => string,
): Result<Pick<EssBallot, "id" | "batch">, RowFault> {
  const [batch, id, machine] = [text(batchAt), text(imprintAt), machineAt < 0 ? "" : text(machineAt)];
  const refused = (message: string): { readonly ok: false; readonly fault: RowFault } => {
    return { ok: false, fault: { code: "bad-row", message } };
  };
  if (batch === "" || batch.length > LIMITS.text) return refused("names no batch; fill it in");
  if (!/^(?:\d{10}|[0-9A-Fa-f]{16})$/.test(id)) {
    return refused(
      `has the Tabulator CVR ${quote(id)}, which is neither ten digits nor sixteen hexadecimal ones; export it again, and save it from no spreadsheet, which drops zeros`,
    );
  }
  if (machine === "" && id.length === 16)
    return refused("names no Machine, and its Tabulator CVR has none; export the list with the column Machine");
  return ok({ id, batch: batchName(machine === "" ? id.slice(0, 4) : machine, batch) });
}

import type { Lookup, LookedUp, LookupInput, Question, Spending } from "@detente/station";
import type { Cli } from "../cli.ts";
import type { Station } from "../station.ts";
import { Trouble } from "../trouble.ts";
import { amount, moment, plain, short } from "../ui/text.ts";

/** What was found in a partner's set, and what it cost. */
export interface LookupResult {
  readonly partner: string;
  /** Indicators of which the answer is known. */
  readonly asked: number;
  /** Those of which it is not: asking ended before them. */
  readonly unasked: number;
  readonly hits: readonly LookedUp[];
  /** What the partner's set has, with a label that belongs to something else: none where the partner is honest. */
  readonly unclear: readonly LookedUp[];
  readonly charged: number;
  readonly spent: number;
  readonly budget: number;
}

/** Four of the largest batches: the bar moves every second or so. */
const AT_ONCE = 4096;

/** Whether it is not known of all that was wanted whether the partner has it. */
export function isCut({ unclear, unasked }: LookupResult): boolean {
  return unclear.length > 0 || unasked > 0;
}

/** What of these is answered already, and what is spent; a trouble where the partner cannot be asked at all. */
export function known(station: Station, piece: LookupInput): Promise<Lookup> {
  return station.post<Lookup>("/api/match/known", { ...piece, indicators: piece.indicators.map(plainQuestion) });
}

/**
 * Looks all of it up, in order; what was answered stays known to the station, so that a run can be repeated for nothing.
 * Where asking ends before all is asked, what was paid for is looked up all the same.
 */
export async function lookUpAll(cli: Cli, partner: string, questions: readonly Question[]): Promise<LookupResult> {
  const progress = cli.progress(`asking ${partner}`, questions.length, (done) => amount(done, "indicator"));
  const rows: LookedUp[] = [];
  let trouble: Trouble | undefined;
  let [charged, spent, budget] = [0, 0, 0];
  try {
    await cli.withStation(async (station) => {
      const pieces = Array.from({ length: Math.ceil(questions.length / AT_ONCE) }, (_, i) => {
        const piece = questions.slice(AT_ONCE * i, AT_ONCE * (i + 1));
        return { partner, indicators: piece.map(plainQuestion) };
      });
      const before = (await known(station, { partner, indicators: [] })).spent;
      // All of it is asked before any of it is looked up: a pause for hits would tell the partner of them.
      for (const piece of pieces) {
        const asked = await station.post<Spending>("/api/match/ask", piece).catch(troubleOf);
        if (asked instanceof Trouble) {
          trouble = asked;
          break;
        }
        charged += asked.charged;
        progress.add(piece.indicators.length);
      }
      for (const piece of pieces) {
        const look = trouble === undefined ? station.post<Lookup>("/api/match/lookup", piece) : known(station, piece);
        const found = await look.catch((error: unknown) => {
          // Where the station is gone, what came first says more.
          throw trouble ?? error;
        });
        rows.push(...found.rows);
        ({ spent, budget } = found);
        progress.note(amount(rows.filter(({ hit }) => hit !== null).length, "hit"));
      }
      if (trouble !== undefined) charged = spent - before;
    });
  } finally {
    progress.clear();
  }
  if (trouble !== undefined) {
    if (rows.length === 0) throw trouble;
    cli.remark(`detente: ${trouble.message}`);
  }
  const unclear = rows.filter(({ fault }) => fault !== undefined);
  for (const { kind, value, fault } of unclear)
    cli.remark(`detente: ${kind} ${plain(value)}: ${plain(fault ?? "", 500)}`);
  const hits = rows.filter(({ hit }) => hit !== null);
  const unasked = questions.length - rows.length;
  return { partner, asked: rows.length, unasked, hits, unclear, charged, spent, budget };
}

/** What the station refuses is dealt with by whoever has something left to do; all else is thrown on. */
function troubleOf(error: unknown): Trouble {
  if (error instanceof Trouble) return error;
  throw error;
}

function plainQuestion({ kind, value }: Question): Question {
  return { kind, value };
}

/** Each question once, in the order in which they came first. */
export function distinct(questions: Iterable<Question>): Question[] {
  const seen = new Map<string, Question>();
  for (const question of questions) {
    const key = `${question.kind} ${question.value}`;
    if (!seen.has(key)) seen.set(key, question);
  }
  return [...seen.values()];
}

export function resultText(
  cli: Cli,
  { partner, asked, unasked, hits, charged, spent, budget }: LookupResult,
): string[] {
  const when = (time: number | undefined): string => (time === undefined ? "-" : moment(time));
  const rows = hits.map(({ kind, value, hit }) => [
    kind,
    plain(value),
    hit?.share === undefined ? "not shared" : `${short(hit.share)}:${hit.index ?? 0}`,
    hit?.confidence ?? "-",
    when(hit?.first),
    when(hit?.last),
    plain((hit?.labels ?? []).join(", ")),
  ]);
  return [
    ...(rows.length === 0
      ? []
      : [...cli.table(["kind", "indicator", "share", "confidence", "first", "last", "labels"], rows), ""]),
    `${amount(hits.length, "hit")} among ${amount(asked, "indicator")}: ${plain(partner)} was asked ${amount(charged, "question")} and told no hit; ${spent} of ${budget} are spent in this epoch`,
    ...(unasked === 0 ? [] : [cli.palette.bad(`${amount(unasked, "indicator")} were not asked`)]),
  ];
}

import type { Lookup, LookedUp, Question, Spending } from "@detente/station";
import type { Cli } from "../cli.ts";
import { amount, moment, plain, short } from "../ui/text.ts";

/** What was found in a partner's set, and what it cost. */
export interface LookupResult {
  readonly partner: string;
  readonly asked: number;
  readonly hits: readonly LookedUp[];
  /** What the partner's set has, with a label that belongs to something else: none where the partner is honest. */
  readonly unclear: readonly LookedUp[];
  readonly charged: number;
  readonly spent: number;
  readonly budget: number;
}

/** Four of the largest batches: the bar moves every second or so. */
const AT_ONCE = 4096;

/** Looks all of it up, in order; what was answered stays known to the station, so that a run can be repeated for nothing. */
export async function lookUpAll(cli: Cli, partner: string, questions: readonly Question[]): Promise<LookupResult> {
  const progress = cli.progress(`asking ${partner}`, questions.length, (done) => amount(done, "indicator"));
  const hits: LookedUp[] = [];
  const unclear: LookedUp[] = [];
  let [charged, spent, budget] = [0, 0, 0];
  try {
    await cli.withStation(async (station) => {
      const pieces = Array.from({ length: Math.ceil(questions.length / AT_ONCE) }, (_, i) => {
        const piece = questions.slice(AT_ONCE * i, AT_ONCE * (i + 1));
        return { partner, indicators: piece.map(({ kind, value }) => ({ kind, value })) };
      });
      // All of it is asked before any of it is looked up: a pause for hits would tell the partner of them.
      for (const piece of pieces) {
        charged += (await station.post<Spending>("/api/match/ask", piece)).charged;
        progress.add(piece.indicators.length);
      }
      for (const piece of pieces) {
        const found = await station.post<Lookup>("/api/match/lookup", piece);
        hits.push(...found.rows.filter(({ hit }) => hit !== null));
        unclear.push(...found.rows.filter(({ fault }) => fault !== undefined));
        charged += found.charged;
        ({ spent, budget } = found);
        progress.note(amount(hits.length, "hit"));
      }
    });
  } finally {
    progress.clear();
  }
  for (const { kind, value, fault } of unclear)
    cli.remark(`detente: ${kind} ${plain(value)}: ${plain(fault ?? "", 500)}`);
  return { partner, asked: questions.length, hits, unclear, charged, spent, budget };
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

export function resultText(cli: Cli, { partner, asked, hits, charged, spent, budget }: LookupResult): string[] {
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
    ...(hits.length === 0
      ? []
      : ["Nothing is said to anybody unless you say it: `detente observe sighting SHARE:INDEX …`"]),
  ];
}

import type { CorrelationReport, CorrelationRow, FindGroup, FindReport, FoundStatement } from "@detente/station";
import { FIND_RELATIONS, type FindRelation } from "@detente/station/vocabulary";
import { optional, wholeNumber } from "../args.ts";
import type { Cli } from "../cli.ts";
import { type Answer, command } from "../command.ts";
import { Trouble } from "../trouble.ts";
import { standingCell } from "../ui/standing.ts";
import type { Cell } from "../ui/table.ts";
import { amount, moment, plain, short } from "../ui/text.ts";

type Flags = {
  readonly relation?: FindRelation;
  readonly share?: string;
  readonly limit: number;
};

/** Rows that a station gives at once. */
const PAGE = 100;

export const findCommand = command<Flags, [string?]>({
  brief: "Find a value, what is related to it, or words: who said what, when, and what was taken back",
  about:
    "An indicator may be written defanged; with it come domains above and below it, networks around an address, and what " +
    "is within a network. Anything else is looked for as words of descriptions and titles, and inside values. Each " +
    "source's statement stands by itself. With --share: the items of that share whose values others state too.",
  examples: [
    "detente find hxxp://evil[.]example/x",
    "detente find 203.0.113.0/24 --relation within --limit 1000",
    'detente find "phishing wave"',
    "detente find --share 1a2b3c4d5e6f",
  ],
  flags: {
    relation: { kind: "enum", values: FIND_RELATIONS, brief: "only what is related in this way", optional: true },
    share: optional(String, "hash", "what others state too of this share"),
    limit: { kind: "parsed", parse: wholeNumber, placeholder: "n", default: "20", brief: "so many of each at most" },
  },
  args: {
    kind: "tuple",
    parameters: [{ parse: String, placeholder: "QUERY", brief: "an indicator, or words", optional: true }],
  },
  async run(cli, { share, relation, limit }, query) {
    const most = Math.max(1, limit);
    if (query !== undefined && query !== "" && share === undefined) return find(cli, query, relation, most);
    if (query === undefined && share !== undefined) return correlate(cli, share, most);
    throw new Trouble("arguments", "there is nothing to find", "give a QUERY, or a share with --share");
  },
});

async function find(cli: Cli, q: string, relation: FindRelation | undefined, limit: number): Promise<Answer> {
  const report = await cli.withStation(async (station) => {
    const ask = (only: FindRelation | undefined, rows: number, after?: string): Promise<FindReport> =>
      station.get<FindReport>("/api/find", { q, relation: only, limit: Math.min(PAGE, rows), after });
    const first = await ask(relation, limit);
    const groups: FindGroup[] = [];
    for (const group of first.groups) {
      const rows = [...group.rows];
      let { next } = group;
      while (next !== null && rows.length < limit) {
        const [page]: readonly FindGroup[] = (await ask(group.relation, limit - rows.length, next)).groups;
        rows.push(...(page?.rows ?? []));
        next = page?.next ?? null;
      }
      groups.push({ ...group, rows, next });
    }
    return { ...first, groups };
  });
  const lines = report.groups.flatMap(({ relation: related, rows }) =>
    rows.flatMap(({ kind, value, statements }) => statements.map((one) => cellsOf(cli, [related, kind, value], one))),
  );
  const more = [
    ...report.groups.flatMap(({ relation: related, next }) =>
      next === null ? [] : [`There is more: --relation ${related} --limit ${limit * 10}`],
    ),
    ...report.groups.flatMap(({ rows }) => rows.flatMap(beyond)),
    ...report.groups.flatMap(({ isCut }) => (isCut ? ["More words begin so: give the last one another letter"] : [])),
  ];
  const header = ["related", "kind", "value", "from", "said", "status", "sightings", "item", "title", "text"];
  return {
    json: report,
    text:
      lines.length === 0 ? ["Nothing like that was shared with this party"] : [...cli.table(header, lines), ...more],
    isNo: lines.length === 0,
  };
}

/** What is said of a value beyond what is shown. */
function beyond({ value, stated, withdrawn, statements }: FindGroup["rows"][number]): string[] {
  const rest = stated + withdrawn - statements.length;
  return rest > 0 ? [`${plain(value, 100)}: ${amount(rest, "more statement")}`] : [];
}

async function correlate(cli: Cli, share: string, limit: number): Promise<Answer> {
  const rows: CorrelationRow[] = [];
  const next = await cli.withStation(async (station) => {
    const { leafHash } = await station.statement(share);
    let after: number | undefined;
    do {
      const query = { share: leafHash, limit: PAGE, after };
      const page: CorrelationReport = await station.get<CorrelationReport>("/api/correlations", query);
      rows.push(...page.rows);
      after = page.next;
    } while (after !== undefined && rows.length < limit);
    return after;
  });
  const shown = rows.slice(0, limit);
  const isComplete = next === undefined && shown.length === rows.length;
  const lines = shown.flatMap(({ index, kind, value, others }) =>
    others.map((one) => cellsOf(cli, [`${short(share)}:${index}`, kind, value], one)),
  );
  const header = ["of", "kind", "value", "stated by", "said", "status", "sightings", "item", "title", "text"];
  return {
    json: { rows: shown, isComplete },
    text: [
      ...(lines.length === 0 ? ["Nobody else states any of it"] : cli.table(header, lines)),
      ...(isComplete ? [] : [`There is more: --limit ${limit * 10}`]),
    ],
    isNo: lines.length === 0,
  };
}

function cellsOf(cli: Cli, [first, kind, value]: readonly [string, string, string], said: FoundStatement): Cell[] {
  return [
    first,
    kind,
    plain(value, 100),
    said.party,
    said.at === null ? "-" : moment(said.at),
    standingCell(cli, said, said.withdrawal?.reason ?? null),
    said.sightings,
    said.index === null ? short(said.share) : `${short(said.share)}:${said.index}`,
    plain(said.title, 60),
    plain(said.text ?? "", 80),
  ];
}

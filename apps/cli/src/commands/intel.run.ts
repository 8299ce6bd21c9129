import type { Json } from "@detente/basics";
import { canonicalIndicator } from "@detente/intel/canonical";
import type { ObjectsContent } from "@detente/record";
import type { IntelRow } from "@detente/station";
import type { ItemName } from "../args.ts";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { orTrouble } from "../trouble.ts";
import { standingCell } from "../ui/standing.ts";
import type { Cell } from "../ui/table.ts";
import { amount, audienceText, plain, short } from "../ui/text.ts";
import { checkOpening, parseItemProof, type SharedContent } from "../verify/item-proof.ts";
import type { Flags } from "./intel.ts";

export async function run(cli: Cli, { proof, ...filter }: Flags, query: string | undefined): Promise<Answer> {
  return proof === undefined ? search(cli, filter, query) : prove(cli, proof);
}

async function search(
  cli: Cli,
  { kind, party, limit }: Omit<Flags, "proof">,
  query: string | undefined,
): Promise<Answer> {
  const rows: IntelRow[] = [];
  const next = await cli.withStation(async (station) => {
    let after: number | undefined;
    do {
      const page: { rows: IntelRow[]; next?: number } = await station.get("/api/intel", {
        q: canonicalQuery(query),
        kind,
        party,
        limit: Math.min(1000, Math.max(1, limit - rows.length)),
        after,
      });
      rows.push(...page.rows);
      after = page.next;
    } while (after !== undefined && rows.length < limit);
    return after;
  });
  const shown = rows.slice(0, limit);
  const isCut = next !== undefined || rows.length > shown.length;
  const more = isCut ? [`There is more: --limit ${limit * 10} shows up to ${amount(limit * 10, "indicator")}`] : [];
  return {
    json: { rows: shown, isComplete: !isCut },
    text:
      shown.length === 0
        ? ["Nothing like that was shared with this party"]
        : [
            ...cli.table(
              ["kind", "indicator", "from", "item", "for", "status", "sightings", "false positives", "share"],
              shown.map((row) => cellsOf(cli, row)),
            ),
            ...more,
          ],
    isNo: shown.length === 0,
  };
}

/** What a person writes as the shares have it: a whole indicator in canonical form, anything else as it stands. */
function canonicalQuery(query: string | undefined): string | undefined {
  if (query === undefined) return undefined;
  const canonical = canonicalIndicator(query);
  return canonical.ok ? canonical.value.value : query;
}

function cellsOf(cli: Cli, row: IntelRow): Cell[] {
  return [
    row.kind,
    plain(row.value, 100),
    row.party,
    `${short(row.share)}:${row.index}`,
    audienceText(row.audience),
    standingCell(cli, row),
    row.sightings,
    row.falsePositives,
    row.title,
  ];
}

async function prove(cli: Cli, { share, index }: ItemName): Promise<Answer> {
  const { row, file } = await cli.withStation(async (station) => {
    const found = await station.statement(share);
    const query = { share: found.leafHash, index };
    return { row: found, file: await station.get<{ readonly [member: string]: Json }>("/api/intel/proof", query) };
  });
  const { opening } = orTrouble(parseItemProof(file), "station");
  const content = row.content as unknown as ObjectsContent;
  const shared = { name: `open/${row.kind ?? ""}`, content } as SharedContent;
  const holds = orTrouble(checkOpening(shared, opening), "station");
  return {
    json: file,
    text: [
      `${holds};`,
      `the share "${plain(content.title)}" is entry ${row.index} of the log of ${plain(row.party)}, statement ${short(row.leafHash)}`,
      "",
      "Print it with --json to hand the proof on; `detente verify` checks it with a policy of the reader's own.",
    ],
  };
}

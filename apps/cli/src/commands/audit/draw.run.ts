import { toHex, utf8 } from "@detente/basics";
import { AuditDesk } from "../../audit/desk.ts";
import { roundCsv, roundPage } from "../../audit/round-sheet.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { writeNew } from "../../files.ts";
import { Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";
import type { Flags } from "./draw.ts";

export async function run(cli: Cli, { unread, output }: Flags, audit: string): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    const { record, party, seed } = desk;
    if (seed.seed === undefined) throw new Trouble(audit, "has no seed yet", "see `detente audit next`");
    const state = await desk.state();
    const unopened = state.contests.filter(
      ({ auditable, verdict }) => auditable === undefined && verdict === "not-begun",
    );
    if (unopened.length > 0) {
      throw new Trouble(
        audit,
        `lacks the public files of ${unopened.map(({ contest }) => contest.id).join(", ")}`,
        "take them over with `detente audit files`",
      );
    }
    const cards = state.contests.flatMap(({ contest, drawn }) => {
      const read = readBy(record, contest.id, party);
      return drawn.flatMap(({ card, ticket }, i) => {
        const name = card ?? null;
        if (unread && (name === null || read.has(JSON.stringify(name)))) return [];
        return [
          {
            contest: contest.id,
            number: i + 1,
            batch: name?.[0] ?? null,
            place: name?.[1] ?? null,
            ticket: toHex(ticket),
          },
        ];
      });
    });
    if (output !== undefined) {
      const paper = cards.flatMap(({ contest, batch, place }) =>
        batch === null || place === null ? [] : [{ contest, batch, place }],
      );
      const origin = [`Audit ${record.hash}`, `Seed ${toHex(seed.seed)}`];
      const isPage = /\.html?$/i.test(output);
      await writeNew(output, utf8(isPage ? roundPage(record.charter, origin, paper) : roundCsv(paper)));
      return { json: { file: output, cards }, text: [`${output}: ${amount(paper.length, "card")} to read`] };
    }
    const rows = cards.map(({ contest, number, batch, place, ticket }) => [
      contest,
      number,
      batch ?? "phantom",
      String(place ?? ""),
      ticket.slice(0, 12),
    ]);
    return { json: { cards }, text: cli.table(["contest", "number", "batch", "place", "ticket"], rows) };
  });
}

function readBy(record: AuditDesk["record"], contest: string, party: string): Set<string> {
  return new Set(
    record.statements.flatMap(({ party: by, said }) =>
      by === party && said.name === "observe/readings" && said.content.contest === contest
        ? said.content.readings.map(({ card }) => JSON.stringify(card))
        : [],
    ),
  );
}

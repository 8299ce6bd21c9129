import { toHex } from "@detente/basics";
import { one, yes } from "../../args.ts";
import { AuditDesk } from "../../audit/desk.ts";
import { command } from "../../command.ts";
import { Trouble } from "../../trouble.ts";

type Flags = { readonly unread: boolean };

export const drawCommand = command<Flags, [string]>({
  brief: "List the cards of the round under way, in the order of the draw",
  about:
    "A ticket is SHA-256(seed ‖ canonical id of the card), smallest first; a phantom stands for a card that must exist by the " +
    "bound and that nothing records. The table can be filled in as CSV: see `detente audit enter`.",
  examples: ["detente audit draw 1a2b3c4d5e6f", "detente audit draw 1a2b3c4d5e6f --unread --json"],
  flags: { unread: yes("only what this party's board has not read") },
  args: one(String, "AUDIT", "the audit's hash, or its first digits"),
  async run(cli, { unread }, audit) {
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
      const rows = cards.map(({ contest, number, batch, place, ticket }) => [
        contest,
        number,
        batch ?? "phantom",
        String(place ?? ""),
        ticket.slice(0, 12),
      ]);
      return { json: { cards }, text: cli.table(["contest", "number", "batch", "place", "ticket"], rows) };
    });
  },
});

function readBy(record: AuditDesk["record"], contest: string, party: string): Set<string> {
  return new Set(
    record.statements.flatMap(({ party: by, said }) =>
      by === party && said.name === "observe/readings" && said.content.contest === contest
        ? said.content.readings.map(({ card }) => JSON.stringify(card))
        : [],
    ),
  );
}

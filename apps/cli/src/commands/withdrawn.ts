import type { WithdrawalRow } from "@detente/station";
import { command, type CommonFlags, NO_ARGS } from "../command.ts";
import { moment, plain, short } from "../ui/text.ts";

export const withdrawnCommand = command<CommonFlags, []>({
  brief: "Show which shares were taken back, and whose stations have applied it",
  about:
    "A station that has applied it finds, screens for and hands on the share no more. The record keeps that it was shared.",
  examples: ["detente withdrawn"],
  flags: {},
  args: NO_ARGS,
  async run(cli) {
    const { rows } = await cli.withStation((station) =>
      station.get<{ readonly rows: readonly WithdrawalRow[] }>("/api/withdrawals"),
    );
    const header = ["share", "title", "by", "since", "applied by", "not yet by", "reason"];
    return {
      json: { rows },
      text: rows.length === 0 ? ["Nothing was withdrawn"] : cli.table(header, rows.map(cellsOf)),
    };
  },
});

function cellsOf({ share, title, party, at, applied, reason }: WithdrawalRow): string[] {
  const named = (whether: boolean): string => {
    const names = applied.filter((one) => one.applied === whether).map((one) => plain(one.party));
    return names.length === 0 ? "-" : names.join(", ");
  };
  return [
    short(share),
    plain(title),
    plain(party),
    at === null ? "-" : moment(at),
    named(true),
    named(false),
    plain(reason ?? ""),
  ];
}

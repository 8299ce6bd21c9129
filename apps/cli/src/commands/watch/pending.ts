import type { PendingSighting } from "@detente/station";
import type { Cli } from "../../cli.ts";
import { command, type CommonFlags, NO_ARGS } from "../../command.ts";
import type { Cell } from "../../ui/table.ts";
import { audienceText, moment, plain, short } from "../../ui/text.ts";

export const pendingCommand = command<CommonFlags, []>({
  brief: "Show the sightings that were not said yet",
  about:
    "count, first, last and the source are all that would be said, besides which item of which share it is, and the time " +
    "that it covers. The hits by class are for this party alone; the lines of those that the watch found are in " +
    "watch/SOURCE/hits.jsonl of the data directory; `detente screen --blind` leaves none. --json prints a line for each. Exit code 1: nothing is pending.",
  examples: ["detente watch pending", "detente watch pending --json | jq -r 'select(.says.count > 3).id'"],
  flags: {},
  args: NO_ARGS,
  async run(cli) {
    const pending = await cli.withStation(async (station) => {
      const rows: PendingSighting[] = [];
      for await (const line of await station.lines("/api/watch/pending"))
        rows.push(JSON.parse(line) as PendingSighting);
      return rows;
    });
    if (cli.isJson) for (const row of pending) cli.printJson(row);
    const header = ["id", "source", "indicator", "item", "count", "first", "last", "to", "hits by class", ""];
    return {
      text:
        pending.length === 0
          ? ["Nothing is pending"]
          : [
              ...cli.table(
                header,
                pending.map((row) => cellsOf(cli, row)),
              ),
              "",
              "`detente watch release ID…` says them, `detente watch drop ID…` forgets them",
            ],
      isNo: pending.length === 0,
    };
  },
});

function cellsOf({ palette }: Cli, pending: PendingSighting): Cell[] {
  const { id, source, indicator, share, says, audience, classes, isNoisy, releasedBy } = pending;
  const hits = Object.entries(classes).map(([as, count]) => `${count} ${as}`);
  const state = releasedBy === null ? (isNoisy ? "noisy" : "") : "released, waits";
  return [
    id,
    source,
    plain(indicator.value, 80),
    `${short(share)}:${says.item.index}`,
    says.count,
    moment(says.first),
    moment(says.last),
    audience === null ? "?" : audienceText(audience),
    hits.join(", "),
    { text: state, paint: palette.doubtful },
  ];
}

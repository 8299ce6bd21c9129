import type { PendingRelease } from "@detente/station";
import { command, type CommonFlags, NO_ARGS } from "../../command.ts";
import type { Cell } from "../../ui/table.ts";
import { amount, audienceText, moment, plain } from "../../ui/text.ts";

export const pendingReleaseCommand = command<CommonFlags, []>({
  brief: "Show what tools brought over TAXII and is not shared yet",
  about:
    "One line for each request of a tool, with the id of its token, the types of the objects, the labels of the gate, and " +
    "why no rule in station.json has released it. --json prints a line for each. Exit code 1: nothing is pending.",
  examples: ["detente release pending", "detente release pending --json | jq -r 'select(.tlp == \"clear\").id'"],
  flags: {},
  args: NO_ARGS,
  async run(cli) {
    const pending = await cli.withStation(async (station) => {
      const rows: PendingRelease[] = [];
      for await (const line of await station.lines("/api/release")) rows.push(JSON.parse(line) as PendingRelease);
      return rows;
    });
    if (cli.isJson) for (const row of pending) cli.printJson(row);
    const header = ["id", "token", "came", "to", "TLP", "objects", "gate", "why it waits"];
    return {
      text:
        pending.length === 0
          ? ["Nothing is pending"]
          : [
              ...cli.table(header, pending.map(cellsOf)),
              "",
              "`detente release show ID` prints the objects, `detente release share ID…` shares, `detente release drop ID…` forgets",
            ],
      isNo: pending.length === 0,
    };
  },
});

function cellsOf({ id, source, came, audience, tlp, objects, types, labels, why }: PendingRelease): Cell[] {
  const named = Object.entries(types).map(([type, count]) => `${count} ${plain(type, 40)}`);
  const gate = Object.entries(labels).map(([label, count]) => `${count} ${label}`);
  const shown = named.length > 4 ? [...named.slice(0, 4), "…"] : named;
  return [
    id,
    source,
    moment(came),
    audienceText(audience),
    tlp.toUpperCase(),
    `${amount(objects, "object")}: ${shown.join(", ")}`,
    gate.join(", "),
    plain(why ?? "released, waits"),
  ];
}

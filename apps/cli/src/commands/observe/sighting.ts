import { itemName, type ItemName, one, optional, required, time, wholeNumber } from "../../args.ts";
import { command } from "../../command.ts";
import { saidLine, stateAbout, TO_FLAG } from "../../statements.ts";

type Flags = {
  readonly count: number;
  readonly first: number;
  readonly last?: number;
  readonly from?: number;
  readonly until?: number;
  readonly source: string;
  readonly to?: readonly string[];
};

export const sightingCommand = command<Flags, [ItemName]>({
  brief: "Say that a shared indicator was seen",
  about: "`detente screen --post` says this of a whole log at once.",
  examples: [
    'detente observe sighting 1a2b3c4d5e6f:17 --count 3 --first 2026-11-03T18:00:00Z --last 2026-11-03T19:12:40Z --source "proxy log"',
  ],
  flags: {
    count: { ...required(wholeNumber, "n", "how often"), default: "1" },
    first: required(time, "time", "when it was seen first"),
    last: optional(time, "time", "when it was seen last (default: first)"),
    from: optional(time, "time", "begin of what was looked at (default: first)"),
    until: optional(time, "time", "end of what was looked at (default: last)"),
    source: required(String, "text", "which telemetry was looked at"),
    to: TO_FLAG,
  },
  args: one(itemName, "SHARE:INDEX", "the item, as `detente intel` prints it"),
  async run(cli, { count, first, last = first, from = first, until = last, source, to }, { share, index }) {
    const content = { item: { index }, count, first, last, coverage: { from, to: until, source } };
    const said = { type: "observe", kind: "sighting", content, to } as const;
    const appended = await cli.withStation((station) => stateAbout(station, [share], said));
    return { json: appended, text: [saidLine("Sighting", appended)] };
  },
});

import { one } from "../../args.ts";
import { command, type CommonFlags } from "../../command.ts";
import { plainJson } from "../../ui/text.ts";

export const showReleaseCommand = command<CommonFlags, [string]>({
  brief: "Print the objects of what is pending, as a list of STIX objects in JSON",
  about: "Each stands there as its source wrote it, but that characters which steer a terminal are escaped.",
  examples: ["detente release show 9c1f2a7b3d4e5f60 | jq -r '.[].type'"],
  flags: {},
  args: one(String, "ID", "as `detente release pending` shows it"),
  async run(cli, _flags, id) {
    let count = 0;
    await cli.withStation(async (station) => {
      for await (const line of await station.lines("/api/release/objects", { id })) {
        cli.print(`${count++ === 0 ? "[" : ","}${plainJson(JSON.parse(line) as string)}`);
      }
    });
    cli.print(count === 0 ? "[]" : "]");
    return { text: [] };
  },
});

import { one } from "../../args.ts";
import { command, type CommonFlags } from "../../command.ts";
import { Trouble } from "../../trouble.ts";
import { saveSources, takenUpText, watchedSources } from "../../watched-sources.ts";

export const removeCommand = command<CommonFlags, [string]>({
  brief: "Watch a source no longer",
  about:
    "What was counted becomes sightings that wait for an officer. How far its logs were read stays in the data directory " +
    "(watch/NAME), with the journal of hits: a source of the same name goes on from there.",
  examples: ["detente watch remove proxy"],
  flags: {},
  args: one(String, "NAME", "the source's name"),
  async run(cli, _flags, name) {
    const sources = await watchedSources(cli);
    const others = sources.filter((source) => source.name !== name);
    if (others.length === sources.length) {
      const names = sources.map((source) => source.name).join(", ");
      throw new Trouble(name, "is not watched", names === "" ? "nothing is" : `sources are ${names}`);
    }
    const { takenUp } = await saveSources(cli, others, name);
    return { json: { removed: name, takenUp }, text: [`${name} is removed; ${takenUpText(takenUp)}`] };
  },
});

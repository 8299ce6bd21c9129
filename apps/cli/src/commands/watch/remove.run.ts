import type { Cli } from "../../cli.ts";
import type { Answer, CommonFlags } from "../../command.ts";
import { Trouble } from "../../trouble.ts";
import { saveSources, takenUpText, watchedSources } from "../../watched-sources.ts";

export async function run(cli: Cli, _flags: CommonFlags, name: string): Promise<Answer> {
  const sources = await watchedSources(cli);
  const others = sources.filter((source) => source.name !== name);
  if (others.length === sources.length) {
    const names = sources.map((source) => source.name).join(", ");
    throw new Trouble(name, "is not watched", names === "" ? "nothing is" : `sources are ${names}`);
  }
  const { takenUp } = await saveSources(cli, others, name);
  return { json: { removed: name, takenUp }, text: [`${name} is removed; ${takenUpText(takenUp)}`] };
}

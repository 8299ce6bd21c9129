import type { WatchChoice, WatchDecision } from "@detente/station";
import { several, yes } from "../../args.ts";
import { command } from "../../command.ts";
import { Trouble } from "../../trouble.ts";
import { amount, plain, short } from "../../ui/text.ts";

type Flags = { readonly all: boolean };

export const releaseCommand = decision({
  path: "/api/watch/release",
  brief: "Say pending sightings on the record",
  about:
    "Each goes to whoever can read its share. Where the station may not sign yet, it is said as soon as it may; that " +
    "decision is kept. One about a share that was withdrawn meanwhile is dropped.",
  examples: ["detente watch release 9c1f2a7b3d4e5f60", "detente watch release --all"],
});

export const dropCommand = decision({
  path: "/api/watch/drop",
  brief: "Forget pending sightings: they are never said",
  about: "The journal of hits stays.",
  examples: ["detente watch drop 9c1f2a7b3d4e5f60", "detente watch drop --all"],
});

function decision({
  path,
  ...words
}: {
  readonly path: string;
  readonly brief: string;
  readonly about: string;
  readonly examples: readonly string[];
}): ReturnType<typeof command<Flags, string[]>> {
  return command<Flags, string[]>({
    ...words,
    flags: { all: yes("all that are pending") },
    args: several("ID", "as `detente watch pending` shows them", 0),
    async run(cli, { all: isAll }, ...ids) {
      if (isAll === ids.length > 0)
        throw new Trouble("ID", isAll ? "says less than --all" : "is missing", "give ids, or --all");
      const choice: WatchChoice = isAll ? { all: true } : { ids };
      const decided = await cli.withStation((station) => station.post<WatchDecision>(path, choice as never));
      return { json: decided, text: linesOf(decided), isPartial: decided.unknown.length > 0 };
    },
  });
}

function linesOf({ said, waiting, dropped, unknown }: WatchDecision): string[] {
  const lines = [
    ...said.map(({ id, leafHash }) => `${id}: statement ${short(leafHash)}`),
    ...waiting.map(({ id, why }) => `${id}: waits: ${plain(why)}`),
    ...dropped.map(({ id, why }) => `${id}: dropped: ${plain(why)}`),
    ...unknown.map((id) => `${plain(id)}: nothing of this id is pending`),
  ];
  return [...lines, `${amount(said.length, "sighting")} said, ${waiting.length} waiting, ${dropped.length} dropped`];
}

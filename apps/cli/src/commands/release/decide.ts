import type { ReleaseChoice, ReleaseDecision } from "@detente/station";
import { several, yes } from "../../args.ts";
import { command } from "../../command.ts";
import { Trouble } from "../../trouble.ts";
import { amount, plain, short } from "../../ui/text.ts";

type Flags = { readonly all: boolean };

export const shareReleaseCommand = decision({
  path: "/api/release/share",
  brief: "Share what tools brought with the audience of the collection that they put it into",
  about:
    "Each becomes a share of its own, in the very bytes that the tool sent. Where the station may not sign yet, it is " +
    "shared as soon as it may; that decision is kept.",
  examples: ["detente release share 9c1f2a7b3d4e5f60", "detente release share --all"],
});

export const dropReleaseCommand = decision({
  path: "/api/release/drop",
  brief: "Forget what tools brought: it is never shared",
  about: "Its objects are erased from this station.",
  examples: ["detente release drop 9c1f2a7b3d4e5f60", "detente release drop --all"],
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
    args: several("ID", "as `detente release pending` shows them", 0),
    async run(cli, { all: isAll }, ...ids) {
      if (isAll === ids.length > 0)
        throw new Trouble("ID", isAll ? "says less than --all" : "is missing", "give ids, or --all");
      const choice: ReleaseChoice = isAll ? { all: true } : { ids };
      const decided = await cli.withStation((station) => station.post<ReleaseDecision>(path, choice as never));
      return { json: decided, text: linesOf(decided), isPartial: decided.unknown.length > 0 };
    },
  });
}

function linesOf({ shared, waiting, dropped, unknown }: ReleaseDecision): string[] {
  const lines = [
    ...shared.map(({ id, leafHash }) => `${id}: statement ${short(leafHash)}`),
    ...waiting.map(({ id, why }) => `${id}: waits: ${plain(why)}`),
    ...dropped.map(({ id }) => `${id}: dropped`),
    ...unknown.map((id) => `${plain(id)}: nothing of this id is pending`),
  ];
  return [...lines, `${amount(shared.length, "share")} made, ${waiting.length} waiting, ${dropped.length} dropped`];
}

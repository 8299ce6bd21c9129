import type { Json } from "@detente/basics";
import { several, yes } from "./args.ts";
import { type Answer, command } from "./command.ts";
import { Trouble } from "./trouble.ts";
import { plain } from "./ui/text.ts";

type Flags = { readonly all: boolean };

/** What a station answers to a decision about what waits for one. */
interface Decision {
  readonly waiting: readonly { readonly id: string; readonly why: string }[];
  readonly unknown: readonly string[];
}

interface Decides<Decided> {
  readonly path: string;
  /** The command that lists what is pending. */
  readonly list: string;
  readonly brief: string;
  readonly about: string;
  readonly examples: readonly string[];
  /** What became of those that wait no longer, a line each, and a summary. */
  readonly tell: (decided: Decided) => {
    readonly done: readonly string[];
    readonly dropped: readonly string[];
    readonly summary: string;
  };
}

/** A command by which an officer decides about some or all of what waits at the station. */
export function pendingDecision<Decided extends Decision>({
  path,
  list,
  tell,
  ...words
}: Decides<Decided>): ReturnType<typeof command<Flags, string[]>> {
  return command<Flags, string[]>({
    ...words,
    flags: { all: yes("all that are pending") },
    args: several("ID", `as \`${list}\` shows them`, 0),
    async run(cli, { all: isAll }, ...ids): Promise<Answer> {
      if (isAll === ids.length > 0)
        throw new Trouble("ID", isAll ? "says less than --all" : "is missing", "give ids, or --all");
      const choice: Json = isAll ? { all: true } : { ids };
      const decided = await cli.withStation((station) => station.post<Decided>(path, choice));
      const { done, dropped, summary } = tell(decided);
      const waiting = decided.waiting.map(({ id, why }) => `${id}: waits: ${plain(why)}`);
      const unknown = decided.unknown.map((id) => `${plain(id)}: nothing of this id is pending`);
      return {
        json: decided,
        text: [...done, ...waiting, ...dropped, ...unknown, summary],
        isPartial: decided.unknown.length > 0,
      };
    },
  });
}

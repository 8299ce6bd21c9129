import type { Json } from "@detente/basics";
import { audienceKey } from "@detente/record/audience";
import type { Appended, AudienceInput, LogRow, StatementInput } from "@detente/station";
import { list } from "./args.ts";
import type { Station } from "./station.ts";
import { Trouble } from "./trouble.ts";
import { plain, short } from "./ui/text.ts";

/** The flag that says who may read a statement. */
export const TO_FLAG = list(
  "party",
  "only for these parties, separated by commas (default: the readers of what it is about)",
);

/** Who may read a statement about these things, unless its author says otherwise: whoever can read all of them. */
export function audienceOf(things: readonly LogRow[]): AudienceInput {
  const narrow = new Map(
    things.flatMap(({ audience, leafHash }) => {
      if (audience === null) {
        throw new Trouble(
          short(leafHash),
          "is sealed for others",
          "a statement can only be about what this party can read",
        );
      }
      return audience === "unit" ? [] : [[audienceKey(audience), audience]];
    }),
  );
  if (narrow.size > 1) {
    throw new Trouble("audience", "the things are for different readers", "make one statement about each");
  }
  const [only] = narrow.values();
  return only ?? "unit";
}

/** Makes a statement about things named by the beginnings of their hashes. */
export async function stateAbout(
  station: Station,
  names: readonly string[],
  said: Pick<StatementInput, "type" | "kind"> & { readonly content: Json; readonly to?: readonly string[] | undefined },
): Promise<Appended> {
  const things = await Promise.all(names.map((name) => station.statement(name)));
  const { type, kind, content, to } = said;
  const of = things.map(({ leafHash }) => leafHash);
  const audience = to === undefined || to.length === 0 ? audienceOf(things) : to;
  return station.post<Appended>("/api/statements", { type, kind, of, audience, content });
}

/** What every command that says something ends with. */
export function saidLine(what: string, { log, index, leafHash }: Appended): string {
  return `${what}: statement ${short(leafHash)}, entry ${index} of ${plain(log)}`;
}

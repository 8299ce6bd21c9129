import type { Command } from "@stricli/core";
import { one, optional } from "../../args.ts";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { saidLine, stateAbout, TO_FLAG } from "../../statements.ts";

const POSITIONS = {
  assert: "stands behind it",
  accept: "accepts it",
  deny: "denies it",
  abstain: "takes no side on it",
  recuse: "takes no part in it, being partial",
  suspend: "suspends its part in it",
  withdraw: "takes back what it has opened or said",
} as const;

type Position = keyof typeof POSITIONS;

type Flags = {
  readonly clause?: string;
  readonly text?: string;
  readonly digest?: string;
  readonly to?: readonly string[];
};

/** One command for each position that a party can take; a position is only ever about oneself. */
export const positionCommands = Object.fromEntries(
  (Object.keys(POSITIONS) as Position[]).map((position) => [position, positionCommand(position)]),
) as Record<Position, Command<Context>>;

function positionCommand(position: Position): Command<Context> {
  return command<Flags, [string]>({
    brief: `Say that this party ${POSITIONS[position]}`,
    examples: [`detente say ${position} 1a2b3c4d5e6f`, `detente say ${position} 1a2b3c4d5e6f --clause 4.2 --text "…"`],
    flags: {
      clause: optional(String, "clause", "the clause of it that is meant"),
      text: optional(String, "text", "in words"),
      digest: optional(String, "hex", "the digest of the exact document that is meant"),
      to: TO_FLAG,
    },
    args: one(String, "THING", "the statement's hash, or its first digits"),
    async run(cli, { clause, text, digest, to }, thing) {
      const content = {
        ...(clause === undefined ? {} : { clause }),
        ...(text === undefined ? {} : { text }),
        ...(digest === undefined ? {} : { digest }),
      };
      const said = { type: "position", kind: position, content, to } as const;
      const appended = await cli.withStation((station) => stateAbout(station, [thing], said));
      return { json: appended, text: [saidLine(`Said ${position}`, appended)] };
    },
  });
}

import { parseArgs } from "node:util";

export interface Settings {
  /** Where the three stations and their files live. */
  readonly dir: string;
  /** The first station's port; the others take the next ones. */
  readonly port: number;
  /** Tell the story and end. */
  readonly once: boolean;
  /** Audit an election of so many cards after the story; undefined where none is asked for. */
  readonly election: number | undefined;
  /** End with one line of JSON, and nothing else on standard output. */
  readonly json: boolean;
}

export const USAGE = `npm start -- [--once] [--json] [--election] [--cards N] [--dir DIR] [--port PORT]

  Runs three stations on this machine and lets them tell a story and audit an election, then stays up until Ctrl-C.

  --once      end after the story
  --election  audit the election also with --once or --json
  --cards     of the election (100000)
  --json      print one JSON line with the result instead of the story
  --dir       where the stations keep their data (demo-data); remove it to begin anew
  --port      the first of three ports (7301)`;

/** Fewer would not fill the sample, and a contest on so few cards is counted by hand. */
const FEWEST_CARDS = 200;
const MOST_CARDS = 1_000_000;

/** @throws on what is no option of ours; the message says which */
export function readSettings(args: readonly string[]): Settings | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: "boolean", default: false },
      election: { type: "boolean", default: false },
      cards: { type: "string", default: "100000" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      dir: { type: "string", default: "demo-data" },
      port: { type: "string", default: "7301" },
    },
  });
  if (values.help) return "help";
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_533)
    throw new Error(`--port ${values.port}: a number from 1 to 65533`);
  const cards = Number(values.cards);
  if (!Number.isInteger(cards) || cards < FEWEST_CARDS || cards > MOST_CARDS)
    throw new Error(`--cards ${values.cards}: a number from ${FEWEST_CARDS} to ${MOST_CARDS}`);
  const isAudited = values.election || !(values.once || values.json);
  const election = isAudited ? cards : undefined;
  return { dir: values.dir, port, once: values.once, election, json: values.json };
}

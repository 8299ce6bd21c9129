import { parseArgs } from "node:util";

export interface Settings {
  /** Where the three stations and their files live. */
  readonly dir: string;
  /** The first station's port; the others take the next ones. */
  readonly port: number;
  /** Tell the story and end. */
  readonly once: boolean;
  /** End with one line of JSON, and nothing else on standard output. */
  readonly json: boolean;
}

export const USAGE = `npm start -- [--once] [--json] [--dir DIR] [--port PORT]

  Runs three stations on this machine and lets them tell a story, then stays up until Ctrl-C.

  --once   end after the story
  --json   print one JSON line with the result instead of the story
  --dir    where the stations keep their data (demo-data); remove it to begin anew
  --port   the first of three ports (7301)`;

/** @throws on what is no option of ours; the message says which */
export function readSettings(args: readonly string[]): Settings | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: "boolean", default: false },
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
  return { dir: values.dir, port, once: values.once, json: values.json };
}

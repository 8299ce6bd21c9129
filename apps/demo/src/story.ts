import { readFile, writeFile } from "node:fs/promises";
import type { Json } from "@detente/basics";
import { ISLE, NORLAND, SUDLAND } from "./cast.ts";
import { detente } from "./detente.ts";
import type { Material } from "./material.ts";
import { agreement, type Party } from "./unit.ts";

/** What has happened so far, by step: kept, so that a story that was cut short goes on where it stopped. */
type Done = Record<string, { readonly [member: string]: Json }>;

interface Step {
  readonly id: string;
  readonly party: string;
  /** Says it in words once it is done. */
  readonly tells: (result: { readonly [member: string]: Json }) => string;
  /** The arguments of the command, without `--data`. */
  readonly command: (done: Done, material: Material) => readonly string[];
  /** Exit codes that are no trouble: `screen` ends with 1 when it finds nothing. */
  readonly fine?: readonly number[];
}

const STEPS: readonly Step[] = [
  {
    id: "phishing",
    party: NORLAND.name,
    command: (_, { shares }) => [
      "share",
      shares.phishing,
      "--title",
      "Phishing against poll workers",
      "--tlp",
      "green",
    ],
    tells: ({ indicators }) => `shares ${shown(indicators)} indicators of phishing with the whole unit`,
  },
  {
    id: "infrastructure",
    party: SUDLAND.name,
    command: (_, { shares }) => [
      "share",
      shares.infrastructure,
      "--title",
      "Command infrastructure, autumn",
      "--tlp",
      "amber",
    ],
    tells: ({ indicators }) => `answers with ${shown(indicators)} of its own, from a STIX bundle`,
  },
  {
    id: "hasty",
    party: SUDLAND.name,
    command: (_, { shares }) => ["share", shares.hasty, "--title", "Unverified list", "--tlp", "green"],
    tells: ({ indicators }) => `adds ${shown(indicators)} more in a hurry, from a MISP event`,
  },
  {
    id: "confidential",
    party: NORLAND.name,
    command: (_, { shares }) => [
      "share",
      shares.confidential,
      "--title",
      "For the election office",
      "--tlp",
      "red",
      "--to",
      ISLE.name,
    ],
    tells: ({ indicators }) =>
      `seals ${shown(indicators)} for isle alone: sudland sees that something was said, and nothing of it`,
  },
  ...[SUDLAND, ISLE, NORLAND].map(({ name }): Step => ({
    id: `screen-${name}`,
    party: name,
    command: (_, { telemetry }) => ["screen", ...(telemetry[name] ?? []), "--post"],
    fine: [0, 1],
    tells: ({ summary }) => {
      const { hits, posted } = summary as { readonly hits: number; readonly posted: readonly Json[] };
      return `screens its own logs: ${hits} hits, of which it posts ${posted.length} sightings`;
    },
  })),
  {
    id: "false-positive",
    party: ISLE.name,
    command: (done) => [
      "observe",
      "false-positive",
      `${shown(done["phishing"]?.["leafHash"])}:3`,
      "--reason",
      "our own mail relay",
    ],
    tells: () => "finds that one of norland's indicators is its own mail relay, and says so",
  },
  {
    id: "withdraw",
    party: SUDLAND.name,
    command: (done) => ["withdraw", shown(done["hasty"]?.["leafHash"]), "--reason", "unverified after all"],
    tells: () => "withdraws its hasty list: it stops counting everywhere, and stays on the record",
  },
];

/** Lets the parties act, each through its own station, and tells what they do. */
export async function tellStory(
  dir: string,
  parties: readonly Party[],
  material: Material,
  tell: (line: string) => void,
): Promise<void> {
  const path = `${dir}/story.json`;
  const done: Done = JSON.parse(await readFile(path, "utf8").catch(() => "{}")) as Done;
  for (const step of STEPS) {
    if (done[step.id] !== undefined) continue;
    const party = parties.find(({ name }) => name === step.party);
    if (party === undefined) throw new Error(`no party is called ${step.party}`);
    const result = (await detente([...step.command(done, material), "--data", party.dir], step.fine)) as
      | Done[string]
      | null;
    done[step.id] = result ?? {};
    await writeFile(path, `${JSON.stringify(done, null, 2)}\n`);
    tell(`${step.party.padEnd(8)} ${step.tells(result ?? {})}`);
    // Whoever screens or answers next does so with what has taken effect.
    await agreement(parties);
  }
}

/** A number or a text of a command's result. */
function shown(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

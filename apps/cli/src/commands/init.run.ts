import { initStation } from "@detente/station/setup";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { fingerprint } from "../party.ts";
import { orTrouble } from "../trouble.ts";
import type { Flags } from "./init.ts";

export async function run(cli: Cli, { name, url, origin, listen, publicLog }: Flags): Promise<Answer> {
  const { random, now } = cli.context;
  const made = await initStation(cli.dir, {
    name,
    url,
    ...(origin === undefined ? {} : { origin }),
    ...(listen === undefined ? {} : { listen }),
    ...(publicLog ? { logAccess: "public" as const } : {}),
    random,
    now: now(),
  });
  const party = orTrouble(made, cli.dir);
  return {
    json: { party, fingerprint: fingerprint(party), partyFile: `${cli.dir}/party.json` },
    text: [
      `${party.name} is set up in ${cli.dir}; its log is ${party.origin}`,
      `fingerprint  ${fingerprint(party)}`,
      "",
      `Next: give ${cli.dir}/party.json to the other parties, read the fingerprint to them by another way,`,
      "and draft a charter with `detente charter draft`, or accept theirs with `detente charter accept`.",
    ],
  };
}

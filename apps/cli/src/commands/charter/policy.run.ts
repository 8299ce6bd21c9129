import { compareText } from "@detente/basics";
import type { CharterDocument } from "@detente/record";
import type { CharterReport } from "@detente/station";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { readCharter } from "../../party.ts";
import { Trouble } from "../../trouble.ts";

export async function run(cli: Cli, { charter }: { readonly charter?: string }, name: string): Promise<Answer> {
  const document =
    charter === undefined
      ? await cli.withStation(async (station) => (await station.get<CharterReport>("/api/charter")).document)
      : await readCharter(charter);
  const policy = policyLines(document as unknown as CharterDocument, name);
  return { json: { party: name, policy: `${policy.join("\n")}\n` }, text: policy };
}

function policyLines({ parties, quorum }: CharterDocument, name: string): string[] {
  const party = parties.find((candidate) => candidate.name === name);
  if (party === undefined) {
    throw new Trouble(
      name,
      "is no party of the charter",
      `its parties are ${parties.map((one) => one.name).join(", ")}`,
    );
  }
  const others = parties.filter((other) => other !== party).sort((a, b) => compareText(a.name, b.name));
  return [
    `log ${party.log} ${party.url}/log`,
    ...others.flatMap(({ name: other, witness, mirror, url }) => [
      `witness ${other}-witness ${witness} ${url}/witness`,
      `witness ${other}-mirror ${mirror} ${url}/mirror`,
      `group ${other} any ${other}-witness ${other}-mirror`,
    ]),
    `group others ${quorum} ${others.map((other) => other.name).join(" ")}`,
    "quorum others",
  ];
}

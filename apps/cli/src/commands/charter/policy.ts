import { compareText } from "@detente/basics";
import type { CharterDocument } from "@detente/record";
import type { CharterReport } from "@detente/station";
import { optional } from "../../args.ts";
import { command } from "../../command.ts";
import { readCharter } from "../../party.ts";
import { Trouble } from "../../trouble.ts";

export const policyCommand = command<{ readonly charter?: string }, [string]>({
  brief: "Print the policy under which a single statement of a party is verified",
  about:
    "The policy (c2sp.org/tlog-policy) names the party's log and asks for cosignatures of the charter's quorum of other " +
    "parties, by their witness or their mirror. Whoever verifies a .tlog-proof must have it from somebody he trusts, not with the proof. It knows " +
    "the keys of the charter: after a rotation, print it anew.",
  examples: ["detente charter policy bravo > bravo.policy", "detente charter policy bravo --charter charter.json"],
  flags: { charter: optional(String, "file", "a charter document (default: the running station's charter)") },
  args: {
    kind: "tuple",
    parameters: [{ parse: String, placeholder: "PARTY", brief: "whose statements are to be verified" }],
  },
  async run(cli, { charter }, name) {
    const document =
      charter === undefined
        ? await cli.withStation(async (station) => (await station.get<CharterReport>("/api/charter")).document)
        : await readCharter(charter);
    const policy = policyLines(document as unknown as CharterDocument, name);
    return { json: { party: name, policy: `${policy.join("\n")}\n` }, text: policy };
  },
});

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

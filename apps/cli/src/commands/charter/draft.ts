import { canonicalJson, type Json, toHex, utf8 } from "@detente/basics";
import { charterDigest, type CharterDocument, checkCharter, leastQuorum } from "@detente/record";
import { optional, required, several, wholeNumber } from "../../args.ts";
import { command } from "../../command.ts";
import { writeNew } from "../../files.ts";
import { charterLines, ownPartyFile, readPartyFile, sortedParties } from "../../party.ts";
import { orTrouble } from "../../trouble.ts";

type Flags = {
  readonly title: string;
  readonly purpose: string;
  readonly quorum?: number;
  readonly output: string;
};

export const draftCommand = command<Flags, string[]>({
  brief: "Draft the founding charter of a unit from party files",
  about: "This station's own party file is added. The file that comes out goes to every party; each accepts it.",
  examples: [
    'detente charter draft --title "Joint election desk" --purpose "Guard the November election" bravo.json charlie.json -o charter.json',
  ],
  flags: {
    title: required(String, "text", "the unit's name"),
    purpose: required(String, "text", "what the unit is for"),
    quorum: optional(
      wholeNumber,
      "n",
      "how many others must have observed a statement before it counts (default: their majority)",
    ),
    output: required(String, "file", "where the charter document goes"),
  },
  aliases: { o: "output" },
  args: several("FILE", "party files of the other parties"),
  async run(cli, { title, purpose, quorum, output }, ...paths) {
    const own = await ownPartyFile(cli.dir);
    const others = await Promise.all(paths.map(readPartyFile));
    const parties = sortedParties([own, ...others]);
    const document: CharterDocument = {
      v: 1,
      title,
      purpose,
      nonce: toHex(cli.context.random(32)),
      quorum: quorum ?? leastQuorum(parties.length),
      attempt: 1,
      parties,
    };
    orTrouble(checkCharter(document), output);
    await writeNew(output, utf8(`${canonicalJson(document as unknown as Json)}\n`));
    return {
      json: { file: output, digest: charterDigest(document), document },
      text: [
        ...charterLines(cli, document),
        "",
        `Written to ${output}. Compare each fingerprint with its party, then every party runs \`detente charter accept\` on it.`,
      ],
    };
  },
});

import { canonicalIndicator } from "@detente/intel";
import { coveringIndicators } from "@detente/match";
import type { Question } from "@detente/station";
import { list } from "../../args.ts";
import { command } from "../../command.ts";
import { readIndicatorFiles } from "../../indicators.ts";
import { distinct, isCut, lookUpAll, resultText } from "../../match/lookup.ts";
import { orTrouble, Trouble } from "../../trouble.ts";
import { amount, plain } from "../../ui/text.ts";

type Flags = { readonly file?: readonly string[] };

const NOTHING_SAID = "Nothing is said to anybody unless you say it: `detente observe sighting SHARE:INDEX …`";

export const lookupCommand = command<Flags, [string, ...string[]]>({
  brief: "Ask a partner whether it knows indicators, without telling it which",
  about:
    "The partner learns that you ask, and for how many (1, 16, 64, 256 or 1,024 at a time), neither what nor whether it hits: " +
    "that is looked up here. It proves that it used the key on the record. Of a name those above it are asked too, of a URL " +
    "and an address of mail those of its host. What was answered is kept: it costs nothing again, and a run that was broken " +
    "off is gone on with by repeating it. Exit code 0: hits, 1: none, 2: trouble.",
  examples: [
    "detente match lookup bravo evil.example",
    "detente match lookup bravo 203.0.113.7 hxxps://evil[.]example/login",
    "detente match lookup bravo --file suspicious.csv --json",
  ],
  flags: { file: list("file", "indicators in any form that `detente share` takes") },
  args: {
    kind: "array",
    parameter: { parse: String, placeholder: "PARTNER VALUE", brief: "the partner, then what is looked up" },
    minimum: 1,
  },
  async run(cli, { file }, partner, ...values) {
    const files = file === undefined ? undefined : await readIndicatorFiles(file);
    if (files !== undefined) cli.remark(...files.findings);
    const given: Question[] = values.map((value) =>
      orTrouble(canonicalIndicator(value), value === "" ? "VALUE" : value),
    );
    const wanted = [...given, ...(files?.items ?? [])];
    if (wanted.length === 0) throw new Trouble("VALUE", "is missing", "name what is to be looked up, or a --file");
    const networks = wanted.filter((one) => coveringIndicators(one).length === 0);
    if (networks.length > 0) cli.remark(networksText(networks));
    const questions = distinct(wanted.flatMap((one) => coveringIndicators(one)));
    if (questions.length === 0) throw new Trouble("VALUE", "holds nothing to be asked", "name single addresses");
    const result = await lookUpAll(cli, partner, questions);
    return {
      json: result,
      text: [...resultText(cli, result), ...(result.hits.length === 0 ? [] : [NOTHING_SAID])],
      isNo: result.hits.length === 0,
      isPartial: isCut(result),
    };
  },
});

function networksText([first, ...others]: readonly Question[]): string {
  const more = others.length === 0 ? "" : ` and ${amount(others.length, "more network")}`;
  return `${plain(first?.value ?? "")}${more}: left out, since no set holds networks; ask for single addresses`;
}

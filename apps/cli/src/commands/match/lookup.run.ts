import { canonicalIndicator } from "@detente/intel/canonical";
import { coveringIndicators } from "@detente/match";
import type { Question } from "@detente/station";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { readIndicatorFiles } from "../../indicators.ts";
import { distinct, isCut, lookUpAll, resultText } from "../../match/lookup.ts";
import { orTrouble, Trouble } from "../../trouble.ts";
import { amount, plain } from "../../ui/text.ts";
import type { Flags } from "./lookup.ts";

const NOTHING_SAID = "Nothing is said to anybody unless you say it: `detente observe sighting SHARE:INDEX …`";

export async function run(cli: Cli, { file }: Flags, partner: string, ...values: string[]): Promise<Answer> {
  const files = file === undefined ? undefined : await readIndicatorFiles(file);
  if (files !== undefined) cli.remark(...files.findings);
  const given: Question[] = values.map((value) => orTrouble(canonicalIndicator(value), value === "" ? "VALUE" : value));
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
}

function networksText([first, ...others]: readonly Question[]): string {
  const more = others.length === 0 ? "" : ` and ${amount(others.length, "more network")}`;
  return `${plain(first?.value ?? "")}${more}: left out, since no set holds networks; ask for single addresses`;
}

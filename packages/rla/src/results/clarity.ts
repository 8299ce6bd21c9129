import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import { wholeCount } from "../read/csv/headed-rows.ts";
import { type ReadFault, refuse } from "../read/fault.ts";
import { type InputFile, LIMITS } from "../read/input.ts";
import { childrenOf, childOf, readXml } from "../read/xml/read-xml.ts";
import type { XmlElement } from "../read/xml/xml-parser.ts";
import { ContestTable } from "./builder.ts";
import type { ContestResults, ResultsSnapshot, Turnout } from "./snapshot.ts";

const WANTED = ["ElectionName", "Timestamp", "VoterTurnout", "Contest"];

/**
 * Reads the `detail.xml` that Clarity Election Night Reporting publishes: for each `Contest` its `Choice`s with
 * `totalVotes`, for each `VoteType` the votes of each `Precinct` (in a state's file of each `County`); ballots cast under
 * `VoterTurnout`. Over- and undervotes, which Clarity lists beside the choices, are no votes for anybody.
 */
export async function readClarity(file: InputFile): Promise<Result<ResultsSnapshot, ReadFault>> {
  const contests: ContestResults[] = [];
  let turnout: Turnout[] = [];
  let [election, time, ballots] = ["", "", undefined as number | undefined];
  const reader = new ClarityReader(file.name);
  let isClarity = false;
  for await (const read of readXml(file.name, file.open(), WANTED, LIMITS.results)) {
    if (!read.ok) return read;
    for (const element of read.value) {
      if (element.name === "ElectionName") election = element.text;
      else if (element.name === "Timestamp") time = element.text;
      else if (element.name === "VoterTurnout") {
        ballots = element.attributes.has("ballotsCast") ? reader.count(element, "ballotsCast") : undefined;
        turnout = unitsOf(childOf(element, "Precincts") ?? childOf(element, "Counties")).map((unit) => ({
          precinct: unit.attributes.get("name") ?? "",
          ballots: reader.count(unit, "ballotsCast"),
        }));
      } else {
        isClarity = true;
        contests.push(reader.contest(element));
      }
      if (reader.fault !== undefined) return { ok: false, fault: reader.fault };
    }
  }
  if (!isClarity) return refuse(file.name, 1, "unknown-format", "has no Contest; is it a detail.xml of Clarity's?");
  return ok({ format: "clarity", election, time, contests, turnout, ballots });
}

class ClarityReader {
  fault: ReadFault | undefined;
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  contest(element: XmlElement): ContestResults {
    const { attributes, line } = element;
    const name = attributes.get("text") ?? attributes.get("name") ?? "";
    const voteFor = attributes.has("voteFor") ? this.count(element, "voteFor") : undefined;
    const table = new ContestTable(attributes.get("key") ?? name, name, voteFor);
    if (name === "") this.#fail(line, "a Contest has no text");
    const seen = new Set<string>();
    for (const choice of childrenOf(element, "Choice")) {
      const text = choice.attributes.get("text") ?? choice.attributes.get("name") ?? "";
      if (text === "" || seen.has(text))
        this.#fail(choice.line, `the choice ${quote(text)} of ${quote(name)} stands twice`);
      seen.add(text);
      if (choice.attributes.has("totalVotes")) table.setTotal(text, this.count(choice, "totalVotes"));
      for (const type of childrenOf(choice, "VoteType")) {
        for (const unit of unitsOf(type)) table.add(text, unit.attributes.get("name") ?? "", this.count(unit, "votes"));
      }
    }
    return table.finish();
  }

  count({ attributes, line, name }: XmlElement, attribute: string): number {
    const text = attributes.get(attribute) ?? "";
    const value = wholeCount(text);
    if (value === undefined) this.#fail(line, `${name} has ${quote(text)} for ${attribute}, which is no whole number`);
    return value ?? 0;
  }

  #fail(line: number, message: string): void {
    this.fault ??= refuse(this.#file, line, "bad-row", message).fault;
  }
}

function unitsOf(element: XmlElement | undefined): readonly XmlElement[] {
  return element?.children.filter(({ name }) => name === "Precinct" || name === "County") ?? [];
}

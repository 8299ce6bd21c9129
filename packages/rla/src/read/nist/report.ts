import type { Contests } from "../contests.ts";
import type { XmlElement } from "../xml/xml-parser.ts";

/** All values of a member that is a list in JSON and repeated elements in XML; one alone counts as a list of one. */
export function all(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return [];
  const found = (value as Readonly<Record<string, unknown>>)[name];
  return Array.isArray(found) ? (found as unknown[]) : found === undefined ? [] : [found];
}

/** The first value of a member as text; numbers and booleans as XML writes them. */
export function word(value: unknown, name: string): string {
  const [first] = all(value, name);
  if (typeof first === "string") return first.trim();
  if (typeof first === "number" || typeof first === "boolean") return String(first);
  return typeof first === "object" && first !== null ? textOf(first) : "";
}

/** NIST's InternationalizedText: the first of its languages. */
function textOf(value: unknown): string {
  const [text] = all(value, "Text");
  return typeof text === "string" ? text : word(text, "Content") || word(text, "#text");
}

/** An XML element in the shape that the same report has in JSON. */
export function objectOf(element: XmlElement): unknown {
  const { attributes, children, text } = element;
  if (children.length === 0 && attributes.size === 0) return text;
  const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const type = attributes.get("type");
  if (type !== undefined) object["@type"] = type;
  const id = attributes.get("ObjectId");
  if (id !== undefined) object["@id"] = id;
  if (text !== "") object["#text"] = text;
  for (const child of children) {
    const list = (object[child.name] ??= []) as unknown[];
    list.push(objectOf(child));
  }
  return object;
}

/** Adds the contests of an `Election` (SP 1500-103, §5 of its UML documentation; SP 1500-100 has the same classes). */
export function addContests(contests: Contests, election: unknown): string | undefined {
  const names = new Map(
    all(election, "Candidate").map((candidate) => [word(candidate, "@id"), candidateName(candidate)]),
  );
  for (const contest of all(election, "Contest")) {
    const id = word(contest, "@id");
    if (id === "" || contests.get(id) !== undefined) return "a contest has no id of its own";
    const voteFor = Number(word(contest, "VotesAllowed") || Number.NaN);
    const name = word(contest, "Name") || id;
    const built = contests.add(id, name, Number.isSafeInteger(voteFor) ? voteFor : undefined);
    built.isRanked = word(contest, "VoteVariation") === "rcv";
    for (const selection of all(contest, "ContestSelection")) {
      const selectionId = word(selection, "@id");
      if (selectionId === "" || built.find(selectionId) !== undefined) return "a choice has no id of its own";
      const ids = all(selection, "CandidateIds").flatMap((list) => String(list).split(/\s+/));
      const people = ids.map((candidate) => names.get(candidate) ?? candidate).join(" / ");
      const isWriteIn = word(selection, "IsWriteIn") === "true";
      const choice = people || word(selection, "Selection") || (isWriteIn ? "Write-in" : selectionId);
      built.candidate(selectionId, choice, isWriteIn || undefined);
    }
  }
  return undefined;
}

function candidateName(candidate: unknown): string {
  return word(candidate, "Name") || word(candidate, "BallotName") || word(candidate, "@id");
}

import type { Json } from "@detente/basics";
import { checkContent, type Head, type Said, STATEMENT_TYPES } from "@detente/record";
import type { LogRow } from "@detente/station";
import { auditWords } from "./audit-words.ts";
import { amount, moment, plain, short } from "./text.ts";

/** What a statement says, in a line. */
export function describe({ type, kind, content, of }: LogRow): string {
  if (kind === "heads")
    return (content as unknown as readonly Head[]).map(({ log, size }) => `${log} at ${size}`).join(", ");
  const known = STATEMENT_TYPES.find((candidate) => candidate === type);
  if (known === undefined || kind === null) return "";
  const checked = checkContent(known, kind, content);
  if (!checked.ok) return "";
  const said = words(checked.value);
  const about = known === "open" || of.length === 0 ? "" : `about ${of.map(short).join(", ")}`;
  return plain([about, said].filter((part) => part !== "").join(": "));
}

function words(said: Said): string {
  switch (said.name) {
    case "open/charter":
      return `${said.content.charter.title}, attempt ${said.content.charter.attempt}`;
    case "open/keys":
      return `a new ${said.content.role} key`;
    case "open/share":
      return `${said.content.title} (${said.content.collection.count} indicators, TLP:${said.content.tlp.toUpperCase()})`;
    case "open/match-set":
      return `a set to be asked blindly, epoch ${said.content.epoch}, by ${said.content.partners.map(({ party }) => party).join(", ")}`;
    case "open/meeting":
      return `${said.content.with} is to intersect a list with ${said.content.by} (${said.content.list.count} elements): ${said.content.purpose}`;
    case "open/objects":
      return `${said.content.title} (${said.content.collection.count} objects, TLP:${said.content.tlp.toUpperCase()})`;
    case "open/question":
    case "open/case":
    case "open/accord":
    case "open/finding":
      return said.content.title;
    case "exhibit/file":
      return `a file of ${said.content.size} bytes, via ${said.content.via}`;
    case "exhibit/match-edition":
      return `edition ${said.content.sequence}`;
    case "exhibit/meeting-list":
      return `enters the meeting with a list of ${said.content.count} elements`;
    case "exhibit/meeting-message":
      return `commits to the message ${said.content.step}`;
    case "weigh/probability":
      return `${said.content.permille / 10} %`;
    case "account/report":
      return `${said.content.party} is reported to have said: ${said.content.said}`;
    case "observe/sighting":
      return `item ${said.content.item.index} seen ${amount(said.content.count, "time")} from ${moment(said.content.first)} to ${moment(said.content.last)}`;
    case "observe/false-positive":
      return `item ${said.content.item.index} is harmless: ${said.content.reason}`;
    case "observe/check":
      return `${said.content.check}: ${said.content.outcome}`;
    case "observe/equivocation":
      return `two versions of ${said.content.log}`;
    case "observe/match-totals":
      return `${amount(said.content.pooled, "question")} were asked until ${moment(said.content.to)}`;
    case "observe/meeting-count":
      return `both lists have ${amount(said.content.count, "item")} in common`;
    case "observe/meeting-end":
      return `the meeting ended: ${said.content.outcome}`;
    case "seal/commitment":
      return `sealed as ${short(said.content.commitment)}`;
    case "open/contest":
    case "exhibit/records":
    case "exhibit/openings":
    case "observe/seed-share":
    case "observe/seed-closing":
    case "observe/seed-chance":
    case "observe/readings":
    case "observe/agreed-readings":
    case "observe/audit-risk":
    case "observe/hand-count":
      return auditWords(said);
    case "unknown":
      return unknownWords(said.content);
    default: {
      const { clause, text, digest } = said.content;
      const parts = [clause && `clause ${clause}`, text, digest && `digest ${short(digest)}`];
      return parts.filter((part) => part !== undefined).join(", ");
    }
  }
}

function unknownWords(content: Json): string {
  return `of a kind not known here: ${JSON.stringify(content)}`;
}

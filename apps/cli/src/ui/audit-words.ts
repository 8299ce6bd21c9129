import type { AuditContents, ContestContents } from "@detente/record";
import { amount } from "./text.ts";

type AuditSaid = {
  readonly [Name in keyof (AuditContents & ContestContents)]: {
    readonly name: Name;
    readonly content: (AuditContents & ContestContents)[Name];
  };
}[keyof (AuditContents & ContestContents)];

/** What a statement of an audit says, in a line. */
export function auditWords(said: AuditSaid): string {
  switch (said.name) {
    case "open/contest":
      return `${said.content.title}, an audit of ${amount(said.content.contests.length, "contest")}`;
    case "exhibit/records":
      return `records of ${amount(said.content.cards.count, "card")}`;
    case "exhibit/openings":
      return `${said.content.contest}: ${amount(said.content.openings.length, "card")} opened`;
    case "observe/seed-share":
      return `contributes ${said.content.random} to the seed`;
    case "observe/seed-closing":
      return `contributions closed, attempt ${said.content.attempt}`;
    case "observe/seed-chance": {
      const { dice, beacon } = said.content;
      return `dice ${dice.join(" ")}, ${beacon.name} ${beacon.round} ${beacon.value}`;
    }
    case "observe/readings":
      return `${said.content.contest}: ${amount(said.content.readings.length, "card")} read`;
    case "observe/agreed-readings":
      return `${said.content.contest}: ${amount(said.content.readings.length, "card")} read again, together`;
    case "observe/audit-risk":
      return `${said.content.contest}: round ${said.content.round} of ${amount(said.content.drawn, "card")}, risk ${said.content.risk / 1e6}`;
    case "observe/hand-count":
      return `${said.content.contest}: counted by hand, ${said.content.totals.join(" ")}`;
  }
}

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toHex } from "@detente/basics";
import { type Evidence, openGroup } from "@detente/match";
import { judgeEvidence } from "@detente/station/record-file";
import { type BundleReport, type MeetingBlame, type MeetingReport, meetingStanding } from "@detente/unit";
import { faultText } from "../match/meeting.ts";
import { amount, plain, short } from "../ui/text.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Judges the messages of a meeting by what the record says of it: whether each is the one that its author has committed
 * to, and who has done wrong.
 * @param now for what the record says by time alone, in milliseconds since 1970
 */
export async function verifyMeeting(
  { meeting, messages }: Evidence,
  { fold, problems }: BundleReport,
  now: number,
): Promise<Verdict> {
  const hash = toHex(meeting);
  const flaws = problems.map(({ message }) => plain(message, 300));
  const form = "meeting-evidence";
  const report = fold.meetings().find((one) => one.hash === hash);
  if (report === undefined) {
    const problem = `the record has no meeting ${short(hash)} in effect`;
    return { form, checked: [], problems: [...flaws, problem], says: [], details: { meeting: hash } };
  }
  const group = await openGroup(readFileSync(fileURLToPath(import.meta.resolve("@detente/match/ristretto.wasm"))));
  const judged = judgeEvidence(group, report, messages);
  const blamed = judged.ok ? judged.value : [];
  const found = blamed.length === 0 ? ["by these messages neither party is at fault"] : blamed.map(blameText);
  const are = messages.map(({ author, step }) => `the ${step} of ${nameOf(report, author)} is the one on the record`);
  return {
    form,
    checked: judged.ok ? [...are, ...found] : [],
    problems: judged.ok ? flaws : [...flaws, judged.fault.message],
    says: sayings(report, now),
    details: {
      meeting: hash,
      parties: [report.by.party, report.with.party],
      fault: meetingStanding(report, now).fault,
      blamed,
    },
  };
}

function sayings(report: MeetingReport, now: number): string[] {
  const { hash, terms, by, with: other } = report;
  const [first, second] = [nameOf(report, "by"), nameOf(report, "with")];
  const words = [by, other].map(({ party, count, end }) => {
    const number = count === undefined ? "no number" : amount(count.content.count, "common item");
    return `${plain(party)} says ${number} and, of the end, ${end?.content.outcome ?? "nothing"}`;
  });
  return [
    `messages of meeting ${short(hash)} of ${first} and ${second}, for: ${plain(terms.purpose, 500)}`,
    ...words,
    `by the record alone: ${faultText(meetingStanding(report, now).fault) ?? "nobody's fault"}`,
  ];
}

function blameText({ party, why, outcome }: MeetingBlame): string {
  const name = plain(party);
  return why === "shown"
    ? `${name} is at fault: ${outcome}`
    : `${name} is at fault: it complains of ${outcome}, and that is not so`;
}

function nameOf(report: MeetingReport, author: "by" | "with"): string {
  return plain(report[author].party);
}

import { type ContestState, sayings } from "@detente/unit";
import { short } from "../ui/text.ts";
import type { AuditDesk } from "./desk.ts";

/** What this party can do at `now`, as command lines, or whom it waits for. */
export function nextSteps(desk: AuditDesk, { contests }: ContestState, now: number): string[] {
  const { record, party, seed } = desk;
  const { holder, auditors, boards } = record.charter;
  const audit = short(record.hash);
  const isAuditor = auditors.includes(party);
  if (seed.lacking.includes(party)) return [`detente say accept ${audit}`];
  if (seed.lacking.length > 0) return [waitFor(seed.lacking, "to accept the charter")];
  const offered = sayings(record, "exhibit/records", [holder]);
  if (offered.length === 0) {
    return party === holder
      ? [`detente audit commit ${audit} --manifest MANIFEST CVR`]
      : [waitFor([holder], "to commit to its records")];
  }
  const missing = (done: readonly string[]): string[] => auditors.filter((each) => !done.includes(each));
  if (seed.seed === undefined && !desk.isClosedInTime) {
    if (isAuditor && !seed.sealed.includes(party)) return [`detente audit seed seal ${audit}`];
    if (missing(seed.sealed).length > 0) return [waitFor(missing(seed.sealed), "to seal")];
    if (isAuditor && !seed.shown.includes(party)) return [`detente audit seed show ${audit}`];
    if (missing(seed.shown).length > 0) return [waitFor(missing(seed.shown), "to show what they sealed")];
    const attempt = desk.attemptAt(now);
    if (attempt === undefined) return ["open a new audit: the last beacon round of the charter has come out"];
    const closed = sayings(record, "observe/seed-closing", auditors).flatMap((each) =>
      each.content.attempt === attempt ? [each.party] : [],
    );
    return isAuditor && !closed.includes(party)
      ? [`detente audit seed close ${audit}`]
      : [waitFor(missing(closed), "to close the contributions")];
  }
  if (seed.seed === undefined) {
    const said = sayings(record, "observe/seed-chance", auditors).map((each) => each.party);
    return isAuditor && !said.includes(party)
      ? [`detente audit seed chance ${audit} --dice … --beacon …`]
      : [waitFor(missing(said), "to say what dice and beacon gave")];
  }
  return contests.flatMap(({ contest, verdict, lacking, auditable, round }) => {
    if (verdict === "confirmed" || verdict === "counted") return [];
    if (verdict === "not-begun" || auditable === undefined)
      return [`detente audit files ${audit} FILES   # for ${contest.id}`];
    if (verdict === "hand-count") {
      return boards.includes(party)
        ? [`detente audit count ${audit} ${contest.id} --votes … --winners …`]
        : [waitFor(boards, `to count ${contest.id} by hand`)];
    }
    const reading = lacking.filter(({ what }) => what === "reading").map((each) => each.party);
    if (reading.includes(party)) return [`detente audit enter ${audit} ${contest.id} --read FILE, then without --read`];
    if (reading.length > 0) return [waitFor(reading, `to read cards of ${contest.id}`)];
    if (lacking.length > 0)
      return party === holder
        ? [`detente audit open ${audit} ${contest.id}`]
        : [waitFor([holder], `to open cards of ${contest.id}`)];
    const signed = sayings(record, "observe/audit-risk", auditors).flatMap((each) =>
      each.content.contest === contest.id && each.content.round === round ? [each.party] : [],
    );
    return isAuditor && !signed.includes(party)
      ? [`detente audit risk ${audit} ${contest.id} --sign`]
      : [waitFor(missing(signed), `to sign round ${round} of ${contest.id}`)];
  });
}

function waitFor(parties: readonly string[], what: string): string {
  return `wait for ${parties.join(", ")} ${what}`;
}

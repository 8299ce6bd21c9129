import type { Json } from "@detente/basics";
import { MAX_READ } from "@detente/record";
import { Chains, type ContestStatement, sayings } from "@detente/unit";
import type { Appended } from "@detente/station";
import { contestOf } from "../../audit/contest-of.ts";
import { AuditDesk } from "../../audit/desk.ts";
import { readReadings } from "../../audit/readings-file.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { inputFile } from "../../files.ts";
import { saidLine } from "../../statements.ts";
import { Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";
import type { Flags } from "./enter.ts";

export async function run(cli: Cli, { read }: Flags, audit: string, contest: string): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    desk.mustBe("board");
    return read === undefined ? show(desk, contest) : sealReadings(desk, contest, read);
  });
}

async function sealReadings(desk: AuditDesk, contest: string, path: string): Promise<Answer> {
  const readings = await readReadings(
    inputFile(path, () => undefined),
    await contestOf(desk, contest),
  );
  if (readings.length === 0) throw new Trouble(path, `holds no card of ${contest}`, "see `detente audit draw`");
  // That makes it known as a seal of readings.
  const [chance] = sayings(desk.record, "observe/seed-chance", desk.record.charter.auditors);
  // By what is kept here, since the last ones may not be in effect yet.
  const kept = (await desk.folder.kept()).filter(({ content, said }) => said !== undefined && isOfReadings(content));
  let before = kept.at(-1)?.said?.hash;
  const sealed: Appended[] = [];
  const lines: string[] = [];
  for (let from = 0; from < readings.length; from += MAX_READ) {
    const content = { by: desk.party, contest, readings: readings.slice(from, from + MAX_READ) };
    const appended = await desk.seal(
      content,
      [before, chance?.hash].filter((hash) => hash !== undefined),
    );
    before = appended.leafHash;
    sealed.push(appended);
    lines.push(saidLine(`Seal of ${amount(content.readings.length, "reading")}`, appended));
  }
  return {
    json: { sealed, cards: readings.length },
    text: [...lines, "Show them with the same command without --read, once the other board has sealed"],
  };
}

async function show(desk: AuditDesk, contest: string): Promise<Answer> {
  const own = await desk.unshown((content) => isOfReadings(content) && content["contest"] === contest);
  if (own.length === 0)
    throw new Trouble(
      contest,
      "has no readings of this board that are sealed, in effect and not shown",
      "seal them with --read FILE",
    );
  const { boards } = desk.record.charter;
  const other = boards.find((board) => board !== desk.party) ?? "";
  const theirs = sealsOf(desk, other);
  if (!theirs.some((each) => mayBeOf(desk, each, contest)))
    throw new Trouble(other, "has not sealed its readings yet", "wait: what is shown before could be copied");
  const ends = new Chains(theirs).ends();
  const before = sayings(desk.record, "observe/readings", [desk.party]).filter(
    ({ content }) => content.contest === contest,
  );
  let last = before.at(-1)?.hash;
  const shown: Appended[] = [];
  for (const { content, unseals } of own) {
    const about = [...(last === undefined ? [] : [last]), unseals.seal, ...ends];
    const appended = await desk.say("observe", "readings", content, about, unseals);
    last = appended.leafHash;
    shown.push(appended);
  }
  return { json: { shown }, text: shown.map((each) => saidLine("Readings", each)) };
}

function isOfReadings(content: Json): content is { readonly [member: string]: Json } {
  return typeof content === "object" && content !== null && "readings" in content;
}

/** A board's seals of readings. */
function sealsOf({ record }: AuditDesk, board: string): ContestStatement[] {
  const chances = new Set(sayings(record, "observe/seed-chance", record.charter.auditors).map(({ hash }) => hash));
  return sayings(record, "seal/commitment", [board]).filter(({ of }) => [...of].some((about) => chances.has(about)));
}

/** Whether what is sealed may be readings of a contest: it was not shown yet, or is. */
function mayBeOf({ record }: AuditDesk, { hash }: ContestStatement, contest: string): boolean {
  const shown = record.statements.find(({ unseals }) => unseals === hash);
  return shown === undefined || (shown.said.name === "observe/readings" && shown.said.content.contest === contest);
}

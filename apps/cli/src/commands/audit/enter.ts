import { type Json } from "@detente/basics";
import { MAX_READ } from "@detente/record";
import { type ContestStatement, lastOfEachLog, sayings } from "@detente/unit";
import type { Appended } from "@detente/station";
import { optional } from "../../args.ts";
import { AUDIT_AND_CONTEST, contestOf } from "../../audit/contest-of.ts";
import { AuditDesk } from "../../audit/desk.ts";
import { readReadings } from "../../audit/readings-file.ts";
import { type Answer, command } from "../../command.ts";
import { inputFile } from "../../files.ts";
import { saidLine } from "../../statements.ts";
import { Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";

type Flags = { readonly read?: string };

export const enterCommand = command<Flags, [string, string]>({
  brief: "Seal what this party's board read on the cards of a round; show it once the other board has sealed",
  about:
    "With --read FILE (CSV: batch, place, votes) the readings are sealed; without it those that are sealed are shown, which is refused " +
    "until the other board has sealed its own. Seal all sheets before anything is shown: who shows a card that the other board has " +
    "not sealed lets it be copied. Neither board can know what the other read, nor what the machines recorded. " +
    "Votes are names separated by semicolons, none, not on card, or missing.",
  examples: ["detente audit enter 1a2b3c4d5e6f mayor --read board.csv", "detente audit enter 1a2b3c4d5e6f mayor"],
  flags: { read: optional(String, "file", "what the board wrote down; it is sealed") },
  args: { kind: "tuple", parameters: AUDIT_AND_CONTEST },
  async run(cli, { read }, audit, contest) {
    return cli.withStation(async (station) => {
      const desk = await AuditDesk.open(cli, station, audit);
      desk.mustBe("board");
      return read === undefined ? show(desk, contest) : seal(desk, contest, read);
    });
  },
});

async function seal(desk: AuditDesk, contest: string, path: string): Promise<Answer> {
  const readings = await readReadings(
    inputFile(path, () => undefined),
    await contestOf(desk, contest),
  );
  if (readings.length === 0) throw new Trouble(path, "holds no card");
  const chances = lastOfEachLog(chancesIn(desk)).map(({ hash }) => hash);
  const sealed: Appended[] = [];
  for (let from = 0; from < readings.length; from += MAX_READ) {
    const content = { by: desk.party, contest, readings: readings.slice(from, from + MAX_READ) } as unknown as {
      [name: string]: Json;
    };
    sealed.push(await desk.seal(content, chances));
  }
  return {
    json: { sealed, cards: readings.length },
    text: [
      ...sealed.map((each) => saidLine(`Seal of ${amount(readings.length, "reading")}`, each)),
      "Show them with the same command without --read, once the other board has sealed",
    ],
  };
}

async function show(desk: AuditDesk, contest: string): Promise<Answer> {
  const own = await desk.unshown(
    (content) =>
      typeof content === "object" && content !== null && "readings" in content && content["contest"] === contest,
  );
  if (own.length === 0)
    throw new Trouble(
      contest,
      "has no readings of this board that are sealed, in effect and not shown",
      "seal them with --read FILE",
    );
  const other = desk.record.charter.boards.find((board) => board !== desk.party);
  const theirs = sealsOf(desk, contest, other ?? "");
  if (theirs.length === 0)
    throw new Trouble(
      other ?? "the other board",
      "has not sealed its readings yet",
      "wait: what is shown before could be copied",
    );
  const before = lastOfEachLog(theirs).map(({ hash }) => hash);
  const shown: Appended[] = [];
  for (const { content, unseals } of own) {
    shown.push(await desk.say("observe", "readings", content, [unseals.seal, ...before], unseals));
  }
  return { json: { shown }, text: shown.map((each) => saidLine("Readings", each)) };
}

function chancesIn({ record }: AuditDesk): ContestStatement[] {
  return sayings(record, "observe/seed-chance", record.charter.auditors);
}

/** Seals of the other board for readings of a contest: those not shown yet may be, and those shown that are. */
function sealsOf(desk: AuditDesk, contest: string, board: string): ContestStatement[] {
  const chances = new Set(chancesIn(desk).map(({ hash }) => hash));
  const { statements } = desk.record;
  const shown = new Map(
    statements.flatMap(({ unseals, said }) => (unseals === undefined ? [] : [[unseals, said] as const])),
  );
  return sayings(desk.record, "seal/commitment", [board]).filter(({ of, hash }) => {
    if (![...of].some((about) => chances.has(about))) return false;
    const opened = shown.get(hash);
    return opened === undefined || (opened.name === "observe/readings" && opened.content.contest === contest);
  });
}

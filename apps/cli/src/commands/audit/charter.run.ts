import { checkContent, type ContestContent } from "@detente/record";
import { type Json, utf8Decode } from "@detente/basics";
import type { Appended, StatusReport } from "@detente/station";
import { knownRoundTime } from "@detente/unit";
import { charterText } from "../../audit/charter-text.ts";
import { isWritable } from "../../audit/readings-file.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { readWhole } from "../../files.ts";
import { saidLine } from "../../statements.ts";
import { Trouble } from "../../trouble.ts";
import { amount, moment, plain } from "../../ui/text.ts";
import type { Flags } from "./charter.ts";

export async function run(cli: Cli, { dryRun }: Flags, path: string): Promise<Answer> {
  const content = await readJson(path);
  const checked = checkContent("open", "contest", content);
  if (!checked.ok) throw new Trouble(path, checked.fault.message.replace("body.content.", ""));
  const charter = content as unknown as ContestContent;
  mustBeToCome(charter);
  mustBeWritable(charter, path);
  const terms = charterText(cli, charter);
  const what = `${charter.title}: ${amount(charter.contests.length, "contest")}`;
  if (dryRun) return { json: { charter: content, opened: false }, text: [`Would open ${plain(what)}`, ...terms] };
  const last = charter.seed.beacon.rounds.at(-1);
  if (last !== undefined && last.at <= cli.context.now()) {
    const place = `${path}: seed.beacon.rounds`;
    throw new Trouble(place, "the last of them has come out already", "name rounds that leave time for all steps");
  }
  const input: Json = { type: "open", kind: "contest", of: [], audience: "unit", content };
  return cli.withStation(async (station) => {
    mustBeMembers(charter, (await station.get<StatusReport>("/api/status")).unit?.members ?? [], path);
    const appended = await station.post<Appended>("/api/statements", input);
    return { json: { ...appended, opened: true }, text: [saidLine(what, appended), ...terms] };
  });
}

/** Of a beacon whose rounds come out by the clock, a round must not come out before the charter says. */
function mustBeToCome({ seed: { beacon } }: ContestContent): void {
  for (const { round, at } of beacon.rounds) {
    const out = knownRoundTime(beacon.name, round);
    if (out === undefined || out >= at) continue;
    throw new Trouble(
      `seed.beacon: round ${round}`,
      `comes out at ${moment(out)}, and not at ${moment(at)}`,
      "whoever reads it before contributions are closed could choose the seed: give the round of that time",
    );
  }
}

/** Boards write down names: one that reads as several names, or as none, could never be entered. */
function mustBeWritable({ contests }: ContestContent, path: string): void {
  for (const { id, candidates } of contests) {
    const name = candidates.find((each) => !isWritable(each));
    if (name === undefined) continue;
    const what = `"${name}" cannot be written into a sheet`;
    throw new Trouble(`${path}: ${id}`, what, "leave out semicolons and blanks around it, and the sheet's own words");
  }
}

/** An audit that names a stranger could never be accepted, and stays on the record for good. */
function mustBeMembers({ holder, auditors, boards }: ContestContent, members: readonly string[], path: string): void {
  const named = { holder: [holder], auditors, boards };
  for (const [role, parties] of Object.entries(named)) {
    const stranger = parties.find((party) => !members.includes(party));
    if (stranger === undefined) continue;
    throw new Trouble(`${path}: ${role}`, `"${stranger}" is no member`, `members are ${members.join(", ")}`);
  }
}

const MAX_CHARTER: number = 1 << 20;

async function readJson(path: string): Promise<Json> {
  const text = utf8Decode(await readWhole(path, MAX_CHARTER));
  if (text === undefined) throw new Trouble(path, "is not UTF-8", "save it as UTF-8");
  try {
    // Editors on Windows put a byte order mark before it.
    return JSON.parse(text.replace(/^\uFEFF/, "")) as Json;
  } catch (error) {
    throw new Trouble(path, `is no JSON (${error instanceof Error ? error.message : "?"})`, "mend it and try again");
  }
}

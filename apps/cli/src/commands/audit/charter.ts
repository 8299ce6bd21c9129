import { checkContent, type ContestContent } from "@detente/record";
import { type Json, utf8Decode } from "@detente/basics";
import type { Appended } from "@detente/station";
import { knownRoundTime } from "@detente/unit";
import { one, yes } from "../../args.ts";
import { command } from "../../command.ts";
import { readWhole } from "../../files.ts";
import { saidLine } from "../../statements.ts";
import { Trouble } from "../../trouble.ts";
import { amount, moment } from "../../ui/text.ts";

type Flags = { readonly dryRun: boolean };

export const charterCommand = command<Flags, [string]>({
  brief: "Open an audit: say by its charter all that must be settled before anything is known",
  about:
    "The charter is JSON as docs/formats.md has it (open/contest): contests with their bounds and rounds, the risk limit and " +
    "the test, the holder, the auditors, the two boards, dice and beacon. Every party that it names accepts it with " +
    "`detente say accept HASH`; nothing goes on before.",
  examples: ["detente audit charter contest.json", "detente audit charter contest.json --dry-run"],
  flags: { dryRun: yes("only check it") },
  args: one(String, "FILE", "the charter"),
  async run(cli, { dryRun }, path) {
    const content = await readJson(path);
    const checked = checkContent("open", "contest", content);
    if (!checked.ok) throw new Trouble(path, checked.fault.message.replace("body.content.", ""));
    const charter = content as unknown as ContestContent;
    mustBeToCome(charter);
    const { title, contests } = charter;
    const what = `${title}: ${amount(contests.length, "contest")}`;
    if (dryRun) return { json: { charter: content, opened: false }, text: [`Would open ${what}`] };
    const input: Json = { type: "open", kind: "contest", of: [], audience: "unit", content };
    const appended = await cli.withStation((station) => station.post<Appended>("/api/statements", input));
    return { json: { ...appended, opened: true }, text: [saidLine(what, appended)] };
  },
});

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

const MAX_CHARTER: number = 1 << 20;

async function readJson(path: string): Promise<Json> {
  try {
    return JSON.parse(utf8Decode(await readWhole(path, MAX_CHARTER)) ?? "") as Json;
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble(path, "is no JSON");
  }
}

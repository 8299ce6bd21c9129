import { type Bytes, fromHex, type Json, toHex } from "@detente/basics";
import { MAX_OPENED } from "@detente/record";
import type { Appended } from "@detente/station";
import { cardKey, Chains, collectionOf, evidenceOf, itemOf, sayings } from "@detente/unit";
import { contestOf } from "../../audit/contest-of.ts";
import { AuditDesk } from "../../audit/desk.ts";
import type { Cli } from "../../cli.ts";
import type { Answer, CommonFlags } from "../../command.ts";
import { saidLine } from "../../statements.ts";
import { Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";

export async function run(cli: Cli, _: CommonFlags, audit: string, contest: string): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    desk.mustBe("holder");
    const { drawn, auditable } = await contestOf(desk, contest);
    const { found, opened } = evidenceOf(desk.record, desk.seed, contest);
    const due = drawn.flatMap(({ card }) =>
      card !== undefined &&
      auditable?.pools.has(card[0]) !== true &&
      found.has(cardKey(card)) &&
      !opened.has(cardKey(card))
        ? [cardKey(card)]
        : [],
    );
    if (due.length === 0)
      throw new Trouble(
        contest,
        "has no card that both boards have read and that is not open",
        "see `detente audit next`",
      );
    const records = desk.seed.records;
    if (records === undefined) throw new Trouble(audit, "has no records", "see `detente audit next`");
    const secret = await desk.folder.secret(records.content);
    const items = secret.items.get(contest) ?? [];
    const collection = collectionOf(fromHex(secret.key) as Bytes, contest, items);
    const places = new Map(items.map((item, index) => [cardKey(item.card), index]));
    const openings = due.flatMap((key): Json[] => {
      const index = places.get(key);
      const item = index === undefined ? undefined : items[index];
      if (index === undefined || item === undefined) return [];
      const { salt, proof } = collection.open(index, itemOf(item.card, item.marks));
      return [{ index, salt: toHex(salt), card: item.card, marks: item.marks, proof: proof.map(toHex) }];
    });
    const { boards, holder } = desk.record.charter;
    const read = sayings(desk.record, "observe/readings", boards).filter(({ content }) => content.contest === contest);
    const readings = new Chains(read).ends();
    const before = sayings(desk.record, "exhibit/openings", [holder]).filter(
      ({ content }) => content.contest === contest,
    );
    let last = before.at(-1)?.hash;
    const said: Appended[] = [];
    const lines: string[] = [];
    for (let from = 0; from < openings.length; from += MAX_OPENED) {
      const content = { contest, openings: openings.slice(from, from + MAX_OPENED) };
      const about = [...(last === undefined ? [] : [last]), ...readings];
      const appended = await desk.say("exhibit", "openings", content, about);
      last = appended.leafHash;
      said.push(appended);
      lines.push(saidLine(`${amount(content.openings.length, "card")} opened`, appended));
    }
    return {
      json: { said, cards: openings.length },
      text: lines,
    };
  });
}

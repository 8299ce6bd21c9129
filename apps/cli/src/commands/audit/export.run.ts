import { toBase64 } from "@detente/basics";
import { AuditDesk } from "../../audit/desk.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { writeNew } from "../../files.ts";
import { Trouble } from "../../trouble.ts";
import { amount, short } from "../../ui/text.ts";
import type { Flags } from "./export.ts";

export async function run(cli: Cli, { output }: Flags, audit: string): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    const { cards, votes } = await desk.folder.files(desk.record);
    const files = [...(cards === undefined ? [] : [cards]), ...votes.values()];
    if (cards === undefined || votes.size < desk.record.charter.contests.length) {
      throw new Trouble(
        audit,
        "lacks public files here, and cannot be verified without",
        "take them over with `detente audit files`",
      );
    }
    let lines = 0;
    const source = await station.lines("/api/export", { audience: "unit", blobs: 0 });
    async function* withFiles(): AsyncGenerator<string> {
      for await (const line of source) {
        // The last line says how many came before it.
        if (!line.startsWith('{"end":')) yield `${line}\n`;
        else {
          for (const file of files) yield `${JSON.stringify({ blob: toBase64(file) })}\n`;
          yield `${JSON.stringify({ end: lines + files.length })}\n`;
        }
        lines++;
      }
    }
    await writeNew(output, withFiles(), true);
    return {
      json: { file: output, lines: lines + files.length, files: files.length },
      text: [
        `Wrote ${amount(lines + files.length, "line")} to ${output}; check it with \`detente audit verify ${output} --audit ${short(desk.record.hash)}\``,
      ],
    };
  });
}

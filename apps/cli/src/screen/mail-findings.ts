import { stat } from "node:fs/promises";
import { canonicalIndicator } from "@detente/intel/canonical";
import type { LookAlikeReason, MailFinding, MailOptions } from "@detente/screen";
import type { Cli } from "../cli.ts";
import { readWhole } from "../files.ts";
import { Trouble } from "../trouble.ts";
import { plain } from "../ui/text.ts";

const MAX_FILE: number = 1024 * 1024;

/** Reads `--protect`: domains, or files with a domain a line and comments after `#`. */
export async function protectedDomains(values: readonly string[] = []): Promise<readonly string[]> {
  const domains: string[] = [];
  for (const value of values) {
    const isFile = await stat(value).then(
      (found) => found.isFile(),
      () => false,
    );
    const text = isFile ? new TextDecoder().decode(await readWhole(value, MAX_FILE)) : value;
    for (const [i, line] of text.split(/\r?\n/).entries()) {
      const name = line.replace(/#.*$/, "").trim();
      if (name === "") continue;
      const domain = canonicalIndicator(name, ["domain"]);
      const place = isFile ? `${value}:${i + 1}` : "--protect";
      if (!domain.ok) throw new Trouble(place, domain.fault.message, isFile ? "correct the line" : "or name a file");
      domains.push(domain.value.value);
    }
  }
  return domains;
}

/** Prints what is suspicious about messages as they are read, and counts it. */
export function findingPrinter(cli: Cli, guarded: readonly string[]): FindingPrinter {
  let count = 0;
  return {
    count: () => count,
    optionsFor: (file, beforePrint) => ({
      protectedDomains: guarded,
      onFinding: (finding) => {
        count++;
        beforePrint();
        if (cli.isJson) cli.printJson({ file, finding });
        else cli.print(findingLine(cli, file, finding));
      },
    }),
  };
}

export interface FindingPrinter {
  count(): number;
  /** @param beforePrint is called before anything is printed, to clear what may be drawn there */
  optionsFor(file: string, beforePrint: () => void): MailOptions;
}

const HOW: Readonly<Record<LookAlikeReason, string>> = {
  confusable: "looks the same as",
  embedded: "has the whole name in it of",
  hyphen: "differs by hyphens from",
  typo: "is a slip of the finger from",
  "other-suffix": "has another ending than",
  label: "has a label of",
  part: "has in it a part of",
};

function findingLine(
  { palette }: Cli,
  file: string,
  { severity, line, field, subject, ...finding }: MailFinding,
): string {
  const place = palette.strong(`${plain(file, 500)}:${line}`);
  const paint = severity === "high" ? palette.bad : severity === "medium" ? palette.doubtful : palette.faint;
  return `${place}  ${paint(severity)}  ${plain(field)}  ${plain(subject)} ${because(finding)}  (message at line ${finding.message})`;
}

function because({ reason, how, against }: Pick<MailFinding, "reason" | "how" | "against">): string {
  const other = plain(against ?? "");
  switch (reason) {
    case "look-alike":
      return how === null ? other : `${HOW[how]} ${other}`;
    case "name-is-address":
      return `is shown as ${other}`;
    case "link-text":
      return `is shown as ${other}`;
    case "not-authentic":
      return `is not authentic: ${other}`;
    case "not-aligned":
      return `was sent by ${other}`;
  }
}

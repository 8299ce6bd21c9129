import { openInput } from "@detente/telemetry/input";
import { auditJson, auditText } from "../../audit/report.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { orTrouble, Trouble, troubleAt } from "../../trouble.ts";
import { plain, short } from "../../ui/text.ts";
import { verifyAudits } from "../../verify/audit.ts";
import type { Flags } from "./verify.ts";

export async function run(cli: Cli, { unit, audit }: Flags, path: string): Promise<Answer> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const input = orTrouble(await openInput(path, cli.context.stdin), path);
    yield* input.chunks();
    const fault = input.fault();
    if (fault !== undefined) throw troubleAt(input.name, fault);
  }
  if (path === "-") throw new Trouble(path, "standard input cannot be read twice", "save it to a file");
  const result = await verifyAudits(bytes, { unit, audit });
  const { good, bad, strong, faint } = cli.palette;
  if (result.report === undefined) {
    return {
      json: { file: path, valid: false, problem: result.refused },
      text: [`${bad("fails")}  record: ${plain(result.refused, 400)}`],
      isNo: true,
    };
  }
  const { audits, report, others } = result;
  if (audits.length === 0 && others.length > 0) {
    const held = others.map(({ hash }) => short(hash)).join(", ");
    throw new Trouble("--audit", `no audit of ${path} begins with ${audit ?? ""}`, `it holds ${held}`);
  }
  if (audits.length === 0)
    throw new Trouble(path, "holds no audit in effect", "see `detente verify` for what else it holds");
  const failing = audits.flatMap(({ steps }) => steps.filter(({ holds }) => !holds));
  const isDone = audits.every(({ state }) =>
    state.contests.every(({ verdict }) => verdict === "confirmed" || verdict === "counted"),
  );
  const isValid =
    isDone &&
    audits.every(({ state, steps }) =>
      steps.every(({ holds, step, contest }) => holds || isMadeUpFor(state, step, contest)),
    );
  return {
    json: {
      file: path,
      unit: report.unit,
      valid: isValid,
      audits: audits.map(({ record, state, steps }) => ({ ...auditJson(record, state), steps })),
      others: others.map(({ hash, charter }) => ({ audit: hash, title: charter.title })),
    },
    text: [
      ...audits.flatMap(({ record, state, steps }) => [
        ...steps.map(
          ({ step, contest, holds, text }) =>
            `${holds ? good("holds") : bad("fails")}  ${plain(`${step}${contest === undefined ? "" : ` of ${contest}`}: ${text}`, 600)}`,
        ),
        "",
        ...auditText(cli, record, state),
        "",
      ]),
      ...(unit === undefined
        ? [`unit ${report.unit}: anybody can make one; compare it with the one you know, or give it with --unit`]
        : []),
      ...others.map(({ hash, charter }) =>
        faint(plain(`not recomputed: ${charter.title} (${short(hash)}); see --audit`, 300)),
      ),
      strong(isValid ? good("VALID") : bad(failing.length === 0 ? "NOT FINISHED" : "NOT VALID")),
    ],
    isNo: !isValid,
  };
}

/** A count by hand of all cards stands whatever became of the sample; cards that were lacking have counted as the worst. */
function isMadeUpFor(
  { contests }: Parameters<typeof auditJson>[1],
  step: string,
  contest: string | undefined,
): boolean {
  const verdict = contests.find((each) => each.contest.id === contest)?.verdict;
  if (verdict === "counted") return ["files", "cards", "risk"].includes(step);
  return verdict === "confirmed" && step === "cards";
}

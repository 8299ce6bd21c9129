import { openInput } from "@detente/telemetry";
import { one, optional } from "../../args.ts";
import { auditJson, auditText } from "../../audit/report.ts";
import { command } from "../../command.ts";
import { orTrouble, Trouble, troubleAt } from "../../trouble.ts";
import { verifyAudits } from "../../verify/audit.ts";
import { plain, short } from "../../ui/text.ts";

type Flags = { readonly unit?: string; readonly audit?: string };

export const verifyAuditCommand = command<Flags, [string]>({
  brief: "Recompute an audit from its bundle, offline: commitments, witnesses, seed, draw, openings, risks",
  about:
    "Says of each step whether it holds. The record in a bundle holds all audits that were ever opened; those that have begun " +
    "and whose public files are in it are recomputed, the others only named, unless --audit says which. Exit code 0: every " +
    "step holds and every contest is confirmed or counted by hand, 1: not, 2: could not tell.",
  examples: [
    "detente audit verify mayor.detente.gz --unit 5f2d…",
    "detente audit verify mayor.detente.gz --audit 1a2b3c4d5e6f",
  ],
  flags: {
    unit: optional(String, "hex", "the unit's id, if you know it: the record must be of that unit"),
    audit: optional(auditHash, "hash", "the audit's hash or its first digits, at least 8"),
  },
  args: one(String, "BUNDLE", "a file of `detente audit export`"),
  async run(cli, { unit, audit }, path) {
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
  },
});

function auditHash(text: string): string {
  if (!/^[0-9a-f]{8,64}$/.test(text)) throw new Error(`"${text}" is not the first digits of a hash, at least 8`);
  return text;
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

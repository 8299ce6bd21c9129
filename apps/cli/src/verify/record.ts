import { verifyRecordFile } from "@detente/station/record-file";
import type { BundleReport } from "@detente/unit";
import { orTrouble } from "../trouble.ts";
import { amount, audienceText, plain, short } from "../ui/text.ts";
import type { Verdict } from "./verdict.ts";

/** Verifies a record file, as `detente export` writes it. */
export async function verifyRecord(
  name: string,
  file: AsyncIterable<Uint8Array>,
  unit: string | undefined,
): Promise<Verdict> {
  const result = await verifyRecordFile(file, unit);
  if (!result.ok && result.fault.code === "other-unit") return ofOtherUnit(result.fault.message);
  const report = orTrouble(result, name);
  const { logs, counts, blobs, digest, audienceDigest, problems } = report;
  return {
    form: "record",
    checked: [
      unit === undefined
        ? "the founding charter is the one that the unit's id names"
        : "the unit is the one that you named",
      ...logs.filter(({ verified }) => verified).map((log) => logLine(log)),
      ...(problems.some(({ code }) => code === "missing-body")
        ? []
        : ["every body that the readers may have is there"]),
      ...(blobs.length === 0
        ? []
        : [`${amount(blobs.length, "list", "lists")} of shared items with the digests shown with --json`]),
    ],
    problems: problems.map(({ message }) => plain(message, 300)),
    says: sayings(report, unit),
    details: {
      unit: report.unit,
      audience: report.audience,
      parties: report.parties,
      logs,
      counts,
      blobs,
      digest: digest.digest,
      audienceDigest: audienceDigest?.digest ?? null,
      problems,
    },
  };
}

function ofOtherUnit(problem: string): Verdict {
  return { form: "record", checked: [], problems: [problem], says: [], details: {} };
}

function logLine({ origin, name, size, witnessedBy, mirroredBy }: BundleReport["logs"][number]): string {
  const by = (names: readonly string[]): string =>
    names.length === 0 ? "nobody" : names.map((one) => plain(one)).join(", ");
  const entries = amount(size, "entry", "entries");
  return `the log of ${plain(name ?? "?")} (${plain(origin)}): signed over exactly its ${entries}; witnessed by ${by(witnessedBy)}, mirrored by ${by(mirroredBy)}`;
}

function sayings({ unit, audience, parties, counts, digest }: BundleReport, named: string | undefined): string[] {
  const { statements, ...byState } = counts;
  const states = Object.entries(byState).filter(([, count]) => count > 0);
  return [
    `record of unit ${unit} of ${parties.map((party) => plain(party)).join(", ")}, with the bodies for ${audienceText(audience)}`,
    `${amount(statements, "statement")} folded: ${states.map(([state, count]) => `${count} ${state}`).join(", ") || "none"}`,
    `digest of the unit's view: ${digest.digest}`,
    ...(named === undefined ? [`compare the unit's id with one you know: detente verify --unit ${short(unit)}…`] : []),
  ];
}

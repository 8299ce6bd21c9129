/** Parts of an audit report as Arlo writes it; rows are written as they stand in the file. */
export interface ReportParts {
  readonly type: string;
  readonly contests: readonly string[];
  readonly rounds: readonly string[];
  readonly heading: string;
  readonly sampled: readonly string[];
}

/** A report of Arlo's with the risk limit 10 % and the seed of its own tests. */
export function arloReport({ type, contests, rounds, heading, sampled }: ReportParts): string {
  const [kind] = type.split(",");
  const sections = [
    ["ELECTION INFO", "Organization,Election Name,State", "Org,Test Election,CA"],
    [
      "CONTESTS",
      "Contest Name,Targeted?,Number of Winners,Votes Allowed,Total Ballots Cast,Tabulated Votes",
      ...contests,
    ],
    [
      "AUDIT SETTINGS",
      "Audit Name,Audit Type,Audit Math Type,Risk Limit,Random Seed,Online Data Entry?",
      `Audit,${type},10%,1234567890,Yes`,
    ],
    [
      "ROUNDS",
      "Round Number,Contest Name,Targeted?,Sample Size,Risk Limit Met?,P-Value,Start Time,End Time,Audited Votes",
      ...rounds,
    ],
    [kind === "BATCH_COMPARISON" ? "SAMPLED BATCHES" : "SAMPLED BALLOTS", heading, ...sampled],
  ];
  return sections.map(([name, ...lines]) => [`######## ${name} ########`, ...lines].join("\r\n")).join("\r\n\r\n");
}

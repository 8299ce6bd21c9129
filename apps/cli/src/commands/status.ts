import type { ArrivingItems, ContestRow, LogStatus, StationState, StatusReport } from "@detente/station";
import type { Cli } from "../cli.ts";
import { command, type CommonFlags, NO_ARGS } from "../command.ts";
import type { Paint } from "../ui/paint.ts";
import type { Cell } from "../ui/table.ts";
import { watchLines } from "../ui/watch-lines.ts";
import { amount, audienceText, moment, plain, short } from "../ui/text.ts";

export const statusCommand = command<CommonFlags, []>({
  brief: "Show how the station, its unit and the other parties are doing",
  about:
    "recorded: on this disk under a signed head; witnessed: cosigned by the quorum of others; held: mirrored by the " +
    "quorum of others; effective: observed by the quorum of others, so it counts. The digests are equal at all stations " +
    "that hold the same heads.",
  examples: ["detente status", "detente status --json"],
  flags: {},
  args: NO_ARGS,
  async run(cli) {
    return cli.withStation(async (station) => {
      const report = await station.get<StatusReport>("/api/status");
      const { rows: audits } =
        report.unit === null
          ? { rows: [] }
          : await station.get<{ readonly rows: readonly ContestRow[] }>("/api/contests");
      return { json: { ...report, audits }, text: [...statusLines(cli, report), ...auditLines(cli, audits)] };
    });
  },
});

function statusLines(
  cli: Cli,
  { station, unit, arriving, own, logs, equivocations, changingKeys, witnesses, watch, taxii }: StatusReport,
): string[] {
  const { strong, bad, doubtful } = cli.palette;
  const state = paintOf(cli, station.state)(station.state);
  const lines = [
    `${strong(station.party)} at ${station.url}: ${state}${station.detail === "" ? "" : `, ${plain(station.detail)}`}`,
  ];
  if (unit === null) return lines;
  const { shares, indicators, objects, sightings } = unit;
  lines.push(
    `unit ${strong(plain(unit.title))} ${short(unit.id)}, charter ${unit.inForce ? "in force" : "not in force yet"}, ` +
      `${amount(unit.members.length, "member")}, quorum ${unit.quorum}`,
    [
      amount(shares, "share"),
      amount(indicators, "indicator"),
      ...(objects === 0 ? [] : [amount(objects, "object")]),
      amount(sightings, "sighting"),
    ].join(", "),
    ...(arriving === null ? [] : arrivingLines(cli, arriving)),
    `own log: ${own.recorded} recorded, ${own.witnessed} witnessed, ${own.held} held`,
    "",
    ...cli.table(
      ["party", "entries", "effective", "cosigned", "bodies missing", "connection"],
      logs.map((log) => rowOf(cli, log)),
    ),
    "",
    ...cli.table(
      ["view", "digest"],
      unit.digests.map(({ audience, digest }) => [audienceText(audience), digest]),
    ),
  );
  if (witnesses.length > 0) {
    const rows = witnesses.map(({ name, url, cosigned, detail }) => [name, url, cosigned, detail]);
    lines.push("", ...cli.table(["outside witness", "address", "cosigned", ""], rows));
  }
  if (watch.length > 0) lines.push("", ...watchLines(cli, watch));
  if (taxii.length > 0) {
    const rows = taxii.map(({ name, direction, at, objects: moved, refused, fault }): Cell[] => [
      `${direction} ${name}`,
      at === null ? "not yet" : moment(at),
      moved,
      refused,
      { text: plain(fault, 300), paint: bad },
    ]);
    lines.push("", ...cli.table(["TAXII", "last run", "objects", "refused", ""], rows));
  }
  for (const { role, members } of changingKeys) {
    lines.push(
      "",
      doubtful(`the former ${role} key is still used: ${plain(members.join(", "))} have not seen the new one yet`),
    );
  }
  for (const { log, frozenAt, statement, isDivided, aside } of equivocations) {
    const proof = statement === undefined ? "" : `, proof ${short(statement)}`;
    lines.push(
      "",
      bad(`${plain(log)} has signed two versions of its log; it is frozen at ${frozenAt} entries${proof}`),
    );
    if (isDivided) lines.push(bad("each version was observed by a quorum: find who observed both, and settle it"));
    for (const place of aside) lines.push(`a copy of the other version is kept in ${place}`);
  }
  return lines;
}

/** What was shared and cannot be searched for yet. */
function arrivingLines(cli: Cli, { fetching, indexing, isSearchable }: ArrivingItems): string[] {
  const { doubtful } = cli.palette;
  const part = (some: number, all: number): string => `${Math.floor((100 * some) / Math.max(1, all))} %`;
  const lines: string[] = [];
  if (fetching.blobs > 0) {
    const what = `the items of ${amount(fetching.blobs, "share")} are being fetched`;
    lines.push(doubtful(`${what}: ${part(fetching.bytes, fetching.of)} of ${fetching.of} bytes`));
  }
  if (indexing.shares > 0) {
    const what = `${amount(indexing.shares, "share is", "shares are")} being indexed`;
    const wait = isSearchable ? "" : "; until then searches are refused";
    lines.push(doubtful(`${what}: ${part(indexing.items, indexing.of)} of ${amount(indexing.of, "item")}${wait}`));
  }
  return lines;
}

function auditLines(cli: Cli, audits: readonly ContestRow[]): string[] {
  if (audits.length === 0) return [];
  const rows = audits.map(({ hash, title, stage }) => [short(hash), title, stage]);
  return ["", ...cli.table(["audit", "title", "how far"], rows)];
}

function rowOf(cli: Cli, { party, size, effective, cosigned, missingBodies, frozen, peer }: LogStatus): Cell[] {
  const { good, bad, faint } = cli.palette;
  const connection: Cell = frozen
    ? { text: "frozen", paint: bad }
    : peer === undefined
      ? { text: "this station", paint: faint }
      : { text: peer.reachable ? "reachable" : peer.detail, paint: peer.reachable ? good : bad };
  return [party, size, effective, cosigned, missingBodies, connection];
}

function paintOf(cli: Cli, state: StationState): Paint {
  if (state === "ready") return cli.palette.good;
  return state === "no-unit" || state === "checking" ? cli.palette.doubtful : cli.palette.bad;
}

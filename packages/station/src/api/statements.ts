import { type Bytes, fromHex, type Json, toBase64, utf8Decode } from "@detente/basics";
import { isAudience } from "@detente/record";
import { formatTlogProof, inclusionProof } from "@detente/tlog";
import type { StatementReport, Status } from "@detente/unit";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { bestCheckpoint } from "./best-checkpoint.ts";
import type { AudienceInput, LogRow, StatementStatus } from "./contract.ts";

/** Rows of a party's log, from the index `after` on. */
export async function logRows(unit: UnitRuntime, origin: string, after: number, limit: number): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  const size = unit.archive.foldedSize(origin);
  for (let index = after; index < size && rows.length < limit; index++) {
    const row = await logRow(unit, origin, index);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

async function logRow(unit: UnitRuntime, origin: string, index: number): Promise<LogRow | undefined> {
  const report = unit.archive.fold.statement(origin, index);
  const log = unit.archive.log(origin);
  if (report === undefined || log === undefined) return undefined;
  const leaf = readLeaf(await log.entry(index));
  return {
    party: unit.membership.nameOf(origin),
    log: origin,
    index,
    leafHash: report.hash,
    at: typeof leaf["at"] === "number" ? leaf["at"] : null,
    type: report.body?.type ?? (typeof leaf["type"] === "string" ? leaf["type"] : "foreign"),
    kind: report.form === "heads" ? "heads" : (report.body?.kind ?? null),
    of: report.body?.of ?? [],
    ...statusOf(report.status),
    audience: report.body === undefined ? null : audienceOf(report.body.view),
    content: report.body?.content ?? (report.form === "heads" ? (leaf["heads"] ?? null) : null),
  };
}

/** The statement with a leaf hash, in full. */
export async function findStatement(unit: UnitRuntime, hash: string): Promise<LogRow | undefined> {
  const first = instanceOf(unit, hash);
  return first === undefined ? undefined : logRow(unit, first.log, first.index);
}

/** One that counts, where several logs hold the leaf: a copy that is void must not hide it. */
function instanceOf(unit: UnitRuntime, hash: string): StatementReport | undefined {
  const instances = unit.archive.fold.find(hash);
  return instances.find(({ status }) => status.state === "effective") ?? instances[0];
}

/** Leaf hashes that begin with `prefix`, among the statements of all logs; at most two, to tell one from many. */
export function findByPrefix(unit: UnitRuntime, prefix: string): string[] {
  const found = new Set<string>();
  for (const origin of unit.archive.origins()) {
    for (let index = 0; index < unit.archive.foldedSize(origin) && found.size < 2; index++) {
      const report = unit.archive.fold.statement(origin, index);
      if (report?.hash.startsWith(prefix) === true) found.add(report.hash);
    }
  }
  return [...found];
}

/** A c2sp.org/tlog-proof that a statement stands in its log, with the leaf and, where it is here, the body. */
export async function proveStatement(
  station: Station,
  unit: UnitRuntime,
  hash: string,
): Promise<{ proof: string; leaf: string; body: string | null } | undefined> {
  const report = instanceOf(unit, hash);
  const log = report === undefined ? undefined : unit.archive.log(report.log);
  if (report === undefined || log?.head === undefined) return undefined;
  const best = await bestCheckpoint(station, unit, report.log, report.index + 1);
  if (best === undefined) return undefined;
  const { size, note } = best;
  const leaf = await log.entry(report.index);
  const proof = formatTlogProof({
    extra: undefined,
    index: report.index,
    hashes: inclusionProof(report.index, size, log.hashReader(size)),
    note,
  });
  const digest = fromHex(textOf(readLeaf(leaf)["body"])) ?? new Uint8Array(0);
  const body = digest.length === 32 && station.bodies.has(digest) ? await station.bodies.get(digest) : undefined;
  return { proof: utf8Decode(proof) ?? "", leaf: toBase64(leaf), body: body === undefined ? null : toBase64(body) };
}

export function audienceOf(view: string): AudienceInput {
  if (view === "unit") return "unit";
  const names: unknown = JSON.parse(view);
  return isAudience(names) ? names : [];
}

function statusOf(status: Status): { status: StatementStatus; reason: string | null } {
  switch (status.state) {
    case "waiting":
      return { status: "waiting", reason: status.for };
    case "sealed":
      return { status: "waiting", reason: "sealed for others" };
    case "void":
      return { status: "void", reason: status.reason };
    default:
      return { status: status.state, reason: null };
  }
}

function readLeaf(bytes: Bytes): { readonly [member: string]: Json } {
  try {
    const value: unknown = JSON.parse(utf8Decode(bytes) ?? "null");
    return typeof value === "object" && value !== null ? (value as { [member: string]: Json }) : {};
  } catch {
    return {};
  }
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

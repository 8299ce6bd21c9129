import { setTimeout as sleep } from "node:timers/promises";
import type { Json, Result } from "@detente/basics";
import type { Appended, IntelRow, StationClient, StatusReport } from "@detente/station";
import { OTHER } from "./names.ts";

/** What came of asking the station to say something. */
export type Said = Result<Appended>;
export type OnSaid = (said: Said) => Promise<void>;

/**
 * Everything that a station writes for: shares, sealed and not, statements, withdrawals, and what answers its peer.
 * @param patience how long it waits for something that a failing disk may have made impossible, in milliseconds
 */
export async function work(client: StationClient, onSaid: OnSaid, patience: number): Promise<void> {
  const until = (condition: (status: StatusReport) => boolean): Promise<boolean> => comes(client, condition, patience);
  const say = async (path: string, body: Json): Promise<string | undefined> => {
    const said = await client.post<Appended>(path, body);
    await onSaid(said);
    return said.ok ? said.value.leafHash : undefined;
  };
  const state = (type: string, kind: string, of: readonly string[], content: Json): Promise<string | undefined> =>
    say("/api/statements", { type, kind, of: [...of], audience: "unit", content });

  if (!(await until(({ station }) => station.state === "ready"))) return;
  const share = await say("/api/shares", shareOf("one", "unit", 30));
  await Promise.all([1, 2, 3, 4].map((n) => state("account", "report", [], { party: OTHER, said: `report ${n}` })));
  await say("/api/shares", shareOf("sealed", [OTHER], 40));
  if (share !== undefined) await state("position", "withdraw", [share], {});
  const theirs = await firstItemOf(client, OTHER, patience);
  if (theirs !== undefined) {
    const item = { index: theirs.index };
    const coverage = { from: 1, to: 2, source: "proxy log" };
    await state("observe", "sighting", [theirs.share], { item, count: 3, first: 1, last: 2, coverage });
    await state("observe", "false-positive", [theirs.share], { item, reason: "our own scanner" });
  }
  await until(({ own, logs }) => own.held >= own.recorded && own.witnessed >= own.recorded && logs.every(isWhole));
}

/** Says one to eight things at once, again and again, until the process is killed. */
export async function appendForever(client: StationClient, onSaid: OnSaid): Promise<void> {
  await comes(client, ({ station }) => station.state === "ready", Infinity);
  for (let round = 0; ; round++) {
    const body = {
      type: "account",
      kind: "report",
      of: [],
      audience: "unit",
      content: { party: OTHER, said: `${round}` },
    };
    const together = Array.from({ length: 1 + (round % 8) }, async () =>
      onSaid(await client.post("/api/statements", body)),
    );
    await Promise.all(together);
  }
}

export function shareOf(title: string, audience: "unit" | string[], count: number): Json {
  const items = Array.from({ length: count }, (_, i) => ({ kind: "domain", value: `${title}-${i}.example.com` }));
  return { title, tlp: "amber", audience, items };
}

function isWhole({ size, effective, missingBodies }: StatusReport["logs"][number]): boolean {
  return size > 0 && effective > 0 && missingBodies === 0;
}

/** False where it does not come in time, or cannot come any more. */
async function comes(
  client: StationClient,
  condition: (status: StatusReport) => boolean,
  patience: number,
): Promise<boolean> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(10)) {
    const status = await client.get<StatusReport>("/api/status");
    if (!status.ok || status.value.station.state === "storage-failed") return false;
    if (condition(status.value)) return true;
  }
  return false;
}

async function firstItemOf(client: StationClient, party: string, patience: number): Promise<IntelRow | undefined> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(10)) {
    const found = await client.get<{ rows: IntelRow[] }>(`/api/intel?party=${party}&limit=1`);
    if (!found.ok) return undefined;
    if (found.value.rows[0] !== undefined) return found.value.rows[0];
  }
  return undefined;
}

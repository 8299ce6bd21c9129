import type { Json } from "@detente/basics";
import { type ContestRecord, stageOf } from "@detente/unit";
import type { Station } from "../station.ts";
import type { ContestRow, ContestSaid } from "./contest-contract.ts";
import { json, notFound, type Route, route } from "./route.ts";
import { withUnit } from "./with-unit.ts";

/** Routes for audits of elections; what is said in one goes through `POST /api/statements`. */
export function contestRoutes(station: Station): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/contests",
      summary: "the audits on the record",
      scope: "record:read",
      run: async () =>
        withUnit(station, ({ archive: { fold } }) => {
          const rows = fold.contests().flatMap((hash): ContestRow[] => {
            const record = fold.contest(hash);
            return record === undefined ? [] : [{ hash, title: record.charter.title, stage: stageOf(record) }];
          });
          return json({ rows });
        }),
    }),

    route({
      method: "get",
      path: "/api/contests/:hash",
      summary: "an audit's charter and what was said about it, in effect",
      scope: "record:read",
      run: async ({ params }) =>
        withUnit(station, ({ archive: { fold } }) => {
          const record = fold.contest(params["hash"] ?? "");
          if (record === undefined) return notFound("no audit in effect has this hash");
          return json(saidIn(record, (log, index) => fold.effectiveAt(log, index) ?? null));
        }),
    }),
  ];
}

function saidIn(
  { hash, charter, statements }: ContestRecord,
  effectiveAt: (log: string, index: number) => number | null,
): ContestSaid {
  return {
    hash,
    charter: charter as unknown as Json,
    statements: statements.map(({ party, log, index, hash: at, of, unseals = null, said }) => ({
      party,
      log,
      index,
      hash: at,
      since: effectiveAt(log, index),
      of: [...of],
      unseals,
      name: said.name,
      content: said.content as unknown as Json,
    })),
  };
}

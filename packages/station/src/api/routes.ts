import { Type } from "typebox";
import type { Station } from "../station.ts";
import { blindHitRoutes } from "./blind-hit-routes.ts";
import { charterRoutes } from "./charter-routes.ts";
import { contestRoutes } from "./contest-routes.ts";
import { exportRecord, parseReaders } from "./export.ts";
import { findRoutes } from "./find-routes.ts";
import { closed } from "./input.ts";
import { intelRoutes } from "./intel-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { matchRoutes } from "./match-routes.ts";
import { meetingRoutes } from "./meeting-routes.ts";
import { releaseRoutes } from "./release-routes.ts";
import { answer, json, JSON_LINES, lines, type Route, route } from "./route.ts";
import { statementRoutes } from "./statement-routes.ts";
import { statusReport } from "./status.ts";
import { tokenRoutes } from "./token-routes.ts";
import { watchRoutes } from "./watch-routes.ts";
import { withUnit } from "./with-unit.ts";

/** Every route of the local interface. */
export function apiTable(station: Station): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/status",
      summary: "the station, its unit and its logs",
      scope: "record:read",
      run: async () => json(await statusReport(station)),
    }),

    ...statementRoutes(station),
    ...intelRoutes(station),

    route({
      method: "get",
      path: "/api/export",
      summary: "the record with its proofs, for offline verification, as JSON Lines",
      gives: JSON_LINES,
      scope: "record:read",
      query: { audience: Type.Optional(Type.String()), blobs: Type.Optional(Type.Enum(["0", "1"])) },
      run: async ({ query }) =>
        withUnit(station, (unit) => {
          const readers = parseReaders(query.audience ?? "unit");
          return readers.ok ? lines(exportRecord(station, unit, readers.value, query.blobs === "1")) : answer(readers);
        }),
    }),

    ...findRoutes(station),
    ...charterRoutes(station),
    ...keyRoutes(station),
    ...tokenRoutes(station),
    ...watchRoutes(station),
    ...matchRoutes(station),
    ...blindHitRoutes(station),
    ...meetingRoutes(station),
    ...releaseRoutes(station),
    ...contestRoutes(station),

    route({
      method: "post",
      path: "/api/recover",
      summary: "fetch what this directory lacks from the mirrors",
      body: Type.Object({ without: Type.Array(Type.String({ maxLength: 32 }), { maxItems: 64 }) }, closed),
      run: async ({ body }) => withUnit(station, async (unit) => answer(await unit.guard.recover(body.without))),
    }),
  ];
}

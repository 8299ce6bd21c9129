import { Type } from "typebox";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { eraseItems } from "./erase.ts";
import { closed, count, hash, pageSize } from "./input.ts";
import { allItems, indicators, proveItem, searchIntel } from "./intel.ts";
import { answer, type ApiResult, json, JSON_LINES, jsonLines, notFound, type Route, route } from "./route.ts";
import { withdrawals } from "./withdrawals.ts";
import { withIndex, withUnit } from "./with-unit.ts";

/** Routes for what was shared, item by item. */
export function intelRoutes(station: Station): readonly Route[] {
  const inUnit = (run: (unit: UnitRuntime) => Promise<ApiResult> | ApiResult): Promise<ApiResult> =>
    withUnit(station, run);

  return [
    route({
      method: "get",
      path: "/api/intel",
      summary: "search what was shared",
      scope: "intel:read",
      query: {
        q: Type.Optional(Type.String({ maxLength: 500 })),
        kind: Type.Optional(Type.String({ maxLength: 32 })),
        party: Type.Optional(Type.String({ maxLength: 32 })),
        limit: count,
        after: count,
      },
      run: async ({ query: { q, kind, party, limit, after } }) =>
        withIndex(station, async (unit) =>
          json(
            await searchIntel(station, unit, {
              text: q ?? "",
              limit: pageSize(limit),
              ...(kind === undefined ? {} : { kind }),
              ...(party === undefined ? {} : { party }),
              ...(after === undefined ? {} : { after: Number(after) }),
            }),
          ),
        ),
    }),

    route({
      method: "get",
      path: "/api/intel/proof",
      summary: "prove that an item was shared",
      scope: "intel:read",
      query: { share: hash, index: Type.String({ pattern: "^[0-9]{1,8}$" }) },
      run: async ({ query }) =>
        inUnit(async (unit) => {
          const proof = await proveItem(station, unit, query.share, Number(query.index));
          return proof === undefined ? notFound("no such item here") : json(proof);
        }),
    }),

    route({
      method: "get",
      path: "/api/withdrawals",
      summary: "shares that were taken back, and which parties have applied it",
      scope: "intel:read",
      run: async () => inUnit((unit) => json({ rows: withdrawals(unit) })),
    }),

    route({
      method: "post",
      path: "/api/erase",
      summary: "erase the items of a share from this station",
      body: Type.Object({ share: hash }, closed),
      run: async ({ body }) =>
        inUnit(async (unit) => {
          const erased = await eraseItems(station, unit, body.share);
          station.changed();
          return answer(erased);
        }),
    }),

    route({
      method: "get",
      path: "/api/indicators",
      summary: "what may be screened for, as JSON Lines",
      gives: JSON_LINES,
      scope: "intel:read",
      run: async () => withIndex(station, (unit) => jsonLines(indicators(station, unit))),
    }),

    route({
      method: "get",
      path: "/api/items",
      summary: "every item that was shared with this party, with the state of its share, as JSON Lines",
      gives: JSON_LINES,
      run: async () => withIndex(station, (unit) => jsonLines(allItems(station, unit))),
    }),
  ];
}

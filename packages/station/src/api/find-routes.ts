import { Type } from "typebox";
import type { Station } from "../station.ts";
import { correlations, find } from "./find.ts";
import { FIND_RELATIONS } from "../vocabulary.ts";
import { answer, json, JSON_LINES, jsonLines, type Route, route } from "./route.ts";
import { patterns } from "./patterns.ts";
import { withIndex } from "./with-unit.ts";
import { hash } from "./input.ts";

/** Rows at a time, each with statements. */
const limit = Type.Optional(Type.String({ pattern: "^(?:[1-9][0-9]?|100)$" }));
const FEW = "20";

/** Routes for finding what was shared, whoever shared it. */
export function findRoutes(station: Station): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/find",
      summary: "find a value, what is related to it, or words, and who said it",
      scope: "intel:read",
      query: {
        q: Type.String({ minLength: 1, maxLength: 5000 }),
        relation: Type.Optional(Type.Enum([...FIND_RELATIONS])),
        limit,
        after: Type.Optional(Type.String({ maxLength: 2300 })),
      },
      run: async ({ query: { q, relation, limit: rows = FEW, after } }) =>
        withIndex(station, async (unit) => {
          const input = { text: q, limit: Number(rows) };
          const further = {
            ...(relation === undefined ? {} : { relation }),
            ...(after === undefined ? {} : { after }),
          };
          return answer(await find(station, unit, { ...input, ...further }));
        }),
    }),

    route({
      method: "get",
      path: "/api/patterns",
      summary: "the STIX patterns of all shares that stand, as JSON Lines",
      scope: "intel:read",
      gives: JSON_LINES,
      run: async () => withIndex(station, (unit) => jsonLines(patterns(station, unit))),
    }),

    route({
      method: "get",
      path: "/api/correlations",
      summary: "the items of a share whose values others state too",
      scope: "intel:read",
      query: { share: hash, limit, after: Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" })) },
      run: async ({ query: { share, limit: rows = FEW, after } }) =>
        withIndex(station, async (unit) => {
          const page = { limit: Number(rows), ...(after === undefined ? {} : { after: Number(after) }) };
          return json(await correlations(station, unit, { share, ...page }));
        }),
    }),
  ];
}

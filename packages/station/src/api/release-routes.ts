import { Type } from "typebox";
import type { Station } from "../station.ts";
import { readPending } from "../exchange/release/read-pending.ts";
import { json, jsonLines, notFound, type Route, route } from "./route.ts";
import { closed } from "./input.ts";

const choice = Type.Union([
  Type.Object({ ids: Type.Array(Type.String({ maxLength: 32 }), { minItems: 1, maxItems: 10_000 }) }, closed),
  Type.Object({ all: Type.Literal(true) }, closed),
]);

/** Routes for what tools bring to be shared, and for what an officer lets out of it. */
export function releaseRoutes({ exchange: { desk }, blobs }: Pick<Station, "exchange" | "blobs">): readonly Route[] {
  return [
    route({
      method: "get",
      path: "/api/release",
      summary: "what tools brought and is not shared yet, as JSON Lines",
      run: async () => jsonLines(desk.pending()),
    }),

    route({
      method: "get",
      path: "/api/release/objects",
      summary: "the objects of one that is pending, as JSON Lines of texts",
      query: { id: Type.String({ maxLength: 32 }) },
      run: async ({ query }) => {
        const pending = desk.find(query.id);
        return pending === undefined
          ? notFound("nothing of this id is pending")
          : jsonLines(readPending(blobs, pending));
      },
    }),

    route({
      method: "post",
      path: "/api/release/share",
      summary: "share what is pending",
      body: choice,
      run: async ({ body }) => json(await desk.share(body)),
    }),

    route({
      method: "post",
      path: "/api/release/drop",
      summary: "never share what is pending",
      body: choice,
      run: async ({ body }) => json(await desk.drop(body)),
    }),
  ];
}

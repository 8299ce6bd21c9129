import { Type } from "typebox";
import { loadConfig } from "../setup/config.ts";
import type { Station } from "../station.ts";
import { answer, json, JSON_LINES, jsonLines, type Route, route } from "./route.ts";
import { closed } from "./input.ts";

const choice = Type.Union([
  Type.Object({ ids: Type.Array(Type.String({ maxLength: 32 }), { minItems: 1, maxItems: 10_000 }) }, closed),
  Type.Object({ all: Type.Literal(true) }, closed),
]);

/** Routes for the telemetry that is watched, and for what an officer lets out of it. */
export function watchRoutes(station: Station): readonly Route[] {
  const { watch } = station;
  return [
    route({
      method: "get",
      path: "/api/watch/pending",
      summary: "sightings that were not said yet, as JSON Lines",
      gives: JSON_LINES,
      run: async () => jsonLines(watch.pending()),
    }),

    route({
      method: "post",
      path: "/api/watch/release",
      summary: "say pending sightings",
      body: choice,
      run: async ({ body }) => json(await watch.release(body)),
    }),

    route({
      method: "post",
      path: "/api/watch/drop",
      summary: "never say pending sightings",
      body: choice,
      run: async ({ body }) => json(await watch.drop(body)),
    }),

    route({
      method: "post",
      path: "/api/watch/reload",
      summary: "take up the sources that station.json names now; its other settings wait for a restart",
      body: Type.Object({}, closed),
      run: async () => {
        const config = await loadConfig(station.dir);
        if (!config.ok) return answer(config);
        const sources = config.value.watch ?? [];
        await watch.watch(sources);
        return json({ sources: sources.map(({ name }) => name) });
      },
    }),
  ];
}

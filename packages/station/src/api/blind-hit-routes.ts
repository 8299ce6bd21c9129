import { err } from "@detente/basics";
import { INDICATOR_KINDS, MAX_ITEMS } from "@detente/record";
import { HIT_CLASSES } from "@detente/screen/hit";
import { Type } from "typebox";
import { loadConfig } from "../setup/config.ts";
import type { Station } from "../station.ts";
import { policyOf } from "../watch/watched-source.ts";
import { closed, hash } from "./input.ts";
import { answer, json, type Route, route } from "./route.ts";
import { withIndex } from "./with-unit.ts";

const MAX_HITS = 16_384;

const at = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const many = Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 40 }));

const hit = Type.Object(
  {
    kind: Type.Enum([...INDICATOR_KINDS]),
    value: Type.String({ minLength: 1, maxLength: 4096 }),
    share: hash,
    index: Type.Integer({ minimum: 0, maximum: MAX_ITEMS - 1 }),
    classes: Type.Object(Object.fromEntries(HIT_CLASSES.map((as) => [as, many])), { ...closed, minProperties: 1 }),
    first: at,
    last: at,
    from: at,
    to: at,
  },
  closed,
);

const blindHits = Type.Object(
  {
    partner: Type.String({ maxLength: 32 }),
    /** A line: others read it. */
    source: Type.String({ minLength: 1, maxLength: 500, pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$" }),
    hits: Type.Array(hit, { maxItems: MAX_HITS }),
    isReleased: Type.Boolean(),
  },
  closed,
);

/** The route for what a blind look-up found in this party's logs. */
export function blindHitRoutes(station: Station): readonly Route[] {
  return [
    route({
      method: "post",
      path: "/api/match/hits",
      summary: "hits of a blind look-up in logs: sightings that an officer, or the partner's policy, lets out",
      maxBody: 1 << 26,
      body: blindHits,
      run: async ({ body }) =>
        withIndex(station, async () => {
          const backwards = body.hits.findIndex(({ first, last, from, to }) => first > last || from > to);
          if (backwards !== -1) return answer(err("bad-request", `/hits/${backwards}: ends before it begins`));
          const config = await loadConfig(station.dir);
          if (!config.ok) return answer(config);
          const policy = policyOf(config.value.blindHits?.[body.partner]);
          return json({ hits: await station.watch.offer(body, policy) });
        }),
    }),
  ];
}

import { INDICATOR_KINDS } from "@detente/record";
import { Type } from "typebox";
import { loadConfig } from "../setup/config.ts";
import type { Station } from "../station.ts";
import { answer, json, type Route, route } from "./route.ts";
import { proveStatement } from "./statements.ts";
import { withUnit } from "./with-unit.ts";
import { closed } from "./input.ts";

const question = Type.Object(
  { kind: Type.Enum([...INDICATOR_KINDS]), value: Type.String({ minLength: 1, maxLength: 4096 }) },
  closed,
);
/** Sixteen of the largest requests: what follows one another without the command line in between. */
const MAX_QUESTIONS = 16_384;

const asked = Type.Object(
  {
    partner: Type.String({ maxLength: 32 }),
    indicators: Type.Array(question, { minItems: 1, maxItems: MAX_QUESTIONS }),
  },
  closed,
);

const known = Type.Object(
  {
    partner: Type.String({ maxLength: 32 }),
    /** Without any it says what is spent, and whether the partner can be asked. */
    indicators: Type.Array(question, { maxItems: MAX_QUESTIONS }),
  },
  closed,
);

/** Routes for asking partners blindly, and for what this party lets others ask. */
export function matchRoutes(station: Station): readonly Route[] {
  const { matching } = station;
  return [
    route({
      method: "get",
      path: "/api/match",
      summary: "this party's match set, and those of others that it may ask",
      run: async () => withUnit(station, async () => json(await matching.report())),
    }),
    route({
      method: "post",
      path: "/api/match/ask",
      summary:
        "ask a partner for indicators, and look them up later: requests then follow at a pace that tells nothing",
      maxBody: 1 << 26,
      body: asked,
      run: async ({ body }) =>
        withUnit(station, async () => answer(await matching.asking.ask(body.partner, body.indicators))),
    }),
    route({
      method: "post",
      path: "/api/match/lookup",
      summary: "look indicators up in a partner's set, without telling it which",
      maxBody: 1 << 26,
      body: asked,
      run: async ({ body }) =>
        withUnit(station, async () => answer(await matching.asking.lookup(body.partner, body.indicators))),
    }),
    route({
      method: "post",
      path: "/api/match/known",
      summary: "look up what a partner has answered already, and ask nothing; rows of these indicators alone",
      maxBody: 1 << 26,
      body: known,
      run: async ({ body }) =>
        withUnit(station, async () => answer(await matching.asking.known(body.partner, body.indicators))),
    }),
    route({
      method: "post",
      path: "/api/match/transcript",
      summary: "lay one question to a partner open: a transcript with the proofs of the statements that judge it",
      body: Type.Object(
        {
          partner: Type.String({ maxLength: 32 }),
          indicator: question,
          epoch: Type.Optional(Type.Integer({ minimum: 0 })),
        },
        closed,
      ),
      run: async ({ body }) =>
        withUnit(station, async (unit) => {
          const opened = await matching.transcripts.open(body.partner, body.indicator, body.epoch);
          if (!opened.ok) return answer(opened);
          const { transcript, ...hashes } = opened.value;
          const set = await proveStatement(station, unit, hashes.set);
          const edition = await proveStatement(station, unit, hashes.edition);
          return json({ transcript, set, edition });
        }),
    }),
    route({
      method: "post",
      path: "/api/match/reload",
      summary: "take up the match policy that station.json has now; its other settings wait for a restart",
      body: Type.Object({}, closed),
      run: async () => {
        const config = await loadConfig(station.dir);
        if (!config.ok) return answer(config);
        matching.publisher.follow(config.value.match);
        return json({ partners: config.value.match?.partners ?? [] });
      },
    }),
  ];
}

import { toBase64 } from "@detente/basics";
import { INDICATOR_KINDS, MAX_MEETING_LIST, MAX_TIME } from "@detente/record";
import { Type } from "typebox";
import type { Station } from "../station.ts";
import { answer, json, type Route, route } from "./route.ts";
import { withUnit } from "./with-unit.ts";
import { closed } from "./input.ts";

const meeting = Type.String({ pattern: "^[0-9a-f]{64}$" });
const indicators = Type.Array(
  Type.Object({ kind: Type.Enum([...INDICATOR_KINDS]), value: Type.String({ minLength: 1, maxLength: 4096 }) }, closed),
  { minItems: 1, maxItems: MAX_MEETING_LIST },
);
/** The largest list that comes as JSON: a million indicators of some 100 bytes. */
const MAX_BODY = 1 << 27;

/** Routes for meetings: what officers propose, accept, consent to and break off. */
export function meetingRoutes(station: Station): readonly Route[] {
  const { meetings } = station;
  return [
    route({
      method: "get",
      path: "/api/meetings",
      summary: "the meetings on the record: one-off intersections of two parties' lists",
      run: async () => withUnit(station, async () => json({ rows: await meetings.rows() })),
    }),
    route({
      method: "post",
      path: "/api/meetings/propose",
      summary: "propose to intersect a list with another party's, once",
      maxBody: MAX_BODY,
      body: Type.Object(
        {
          with: Type.String({ maxLength: 32 }),
          purpose: Type.String({ minLength: 1, maxLength: 500 }),
          until: Type.Integer({ minimum: 0, maximum: MAX_TIME }),
          most: Type.Optional(Type.Integer({ minimum: 1024, maximum: MAX_MEETING_LIST })),
          indicators,
        },
        closed,
      ),
      run: async ({ body }) => withUnit(station, async () => answer(await meetings.propose(body))),
    }),
    route({
      method: "post",
      path: "/api/meetings/accept",
      summary: "answer a proposal with a list, and so consent to counting",
      maxBody: MAX_BODY,
      body: Type.Object({ meeting, indicators }, closed),
      run: async ({ body }) => withUnit(station, async () => answer(await meetings.accept(body))),
    }),
    route({
      method: "post",
      path: "/api/meetings/reveal",
      summary: "consent to both learning which items are common",
      body: Type.Object({ meeting }, closed),
      run: async ({ body }) => withUnit(station, async () => answer(await meetings.reveal(body.meeting))),
    }),
    route({
      method: "post",
      path: "/api/meetings/abort",
      summary: "refuse or take back a proposal, break a meeting off, or leave it at the number",
      body: Type.Object({ meeting }, closed),
      run: async ({ body }) => withUnit(station, async () => answer(await meetings.abort(body.meeting))),
    }),
    route({
      method: "get",
      path: "/api/meetings/:hash/common",
      summary: "the items that both lists have, where both consented to showing them: {rows}",
      run: async ({ params }) =>
        withUnit(station, async () => {
          const common = await meetings.common(params["hash"] ?? "");
          return common.ok ? json({ rows: common.value }) : answer(common);
        }),
    }),
    route({
      method: "get",
      path: "/api/meetings/:hash/evidence",
      summary: "the messages that show whether a complaint in a meeting of this party is true: {evidence}, in base64",
      run: async ({ params }) =>
        withUnit(station, async () => {
          const evidence = await meetings.evidence(params["hash"] ?? "");
          return evidence.ok ? json({ evidence: toBase64(evidence.value) }) : answer(evidence);
        }),
    }),
    route({
      method: "post",
      path: "/api/meetings/erase",
      summary: "erase what is known here of which items were common",
      body: Type.Object({ meeting }, closed),
      run: async ({ body }) => withUnit(station, async () => answer(await meetings.erase(body.meeting))),
    }),
  ];
}

import { Hono } from "hono";
import type { Meetings } from "../meeting/meetings.ts";
import { problemResponse } from "../wire/errors.ts";
import { type MemberAccess, membersOnly, type MemberVariables } from "./members.ts";

/** The messages of meetings for the other side of each. To everyone else no meeting has any. */
export function meetingRoutes(access: MemberAccess, meetings: Meetings): Hono<MemberVariables> {
  const app = new Hono<MemberVariables>();
  app.get(
    "/meet/:meeting{[0-9a-f]{64}}/:step{list|counted|contents}/:piece{[0-9]{1,3}}",
    membersOnly(access, 0),
    async (c) => {
      const { meeting, step, piece } = c.req.param();
      const bytes = await meetings.piece(c.var.member, meeting, step as "list" | "counted" | "contents", Number(piece));
      if (bytes === undefined) {
        return problemResponse(404, { code: "not-found", message: "nothing of a meeting is here for this party" });
      }
      return new Response(Uint8Array.from(bytes), { headers: { "content-type": "application/octet-stream" } });
    },
  );
  return app;
}

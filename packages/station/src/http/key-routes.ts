import { canonicalJson, type Json } from "@detente/basics";
import type { KeyRole } from "@detente/record";
import { Hono } from "hono";
import { problemResponse } from "../wire/errors.ts";
import { type MemberAccess, membersOnly, type MemberVariables } from "./members.ts";

/** Tells each member by which keys it is known here, so that it knows when a key that it replaced has no more use. */
export function keyRoutes(
  access: MemberAccess,
  knownKeys: (party: string) => Readonly<Record<KeyRole, string>> | undefined,
): Hono<MemberVariables> {
  const app = new Hono<MemberVariables>();
  app.get(
    "/known-keys",
    membersOnly(access, 0, () => true),
    (c) => {
      const keys = knownKeys(c.var.member);
      if (keys === undefined)
        return problemResponse(404, { code: "not-found", message: "no keys of this party are known here" });
      return c.body(canonicalJson(keys as Json), 200, { "content-type": "application/json" });
    },
  );
  return app;
}

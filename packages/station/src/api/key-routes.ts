import { err } from "@detente/basics";
import { KEY_ROLES } from "@detente/record";
import { Type } from "typebox";
import { seedOf } from "../setup/keys.ts";
import type { Station } from "../station.ts";
import { answer, type Route, route } from "./route.ts";

/** Routes for the party's keys. */
export function keyRoutes(station: Station): readonly Route[] {
  return [
    route({
      method: "post",
      path: "/api/keys/rotate",
      summary: "replace a key by its committed successor",
      body: Type.Object(
        { role: Type.Enum([...KEY_ROLES]), seed: Type.Optional(Type.String({ maxLength: 44 })) },
        { additionalProperties: false },
      ),
      run: async ({ body }) => {
        const given = body.seed === undefined ? undefined : seedOf(body.seed);
        if (body.seed !== undefined && given === undefined)
          return answer(err("bad-seed", "seed: expected 32 bytes in base64"));
        return answer(await station.rotate(body.role, given));
      },
    }),
  ];
}

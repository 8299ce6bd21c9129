import { Type } from "typebox";
import { SCOPES } from "../vocabulary.ts";
import type { Station } from "../station.ts";
import { answer, json, type Route, route } from "./route.ts";
import { closed } from "./input.ts";

/** Routes for the tokens of the party's machines. */
export function tokenRoutes(station: Station): readonly Route[] {
  const { callers } = station;
  return [
    route({
      method: "get",
      path: "/api/tokens",
      summary: "the tokens of machines, without their secrets",
      run: async () => json({ tokens: await callers.list() }),
    }),
    route({
      method: "post",
      path: "/api/tokens",
      summary: "make a token for a machine; its secret is in this answer and nowhere else",
      body: Type.Object(
        {
          label: Type.String({ minLength: 1, maxLength: 100 }),
          scopes: Type.Array(Type.Enum([...SCOPES]), { minItems: 1, maxItems: SCOPES.length }),
          expires: Type.Optional(Type.Integer({ minimum: 0 })),
        },
        closed,
      ),
      run: async ({ body }) => {
        const granted = await callers.grant(body);
        station.changed();
        return answer(granted);
      },
    }),
    route({
      method: "post",
      path: "/api/tokens/revoke",
      summary: "make a token worthless",
      body: Type.Object({ id: Type.String({ maxLength: 32 }) }, closed),
      run: async ({ body }) => answer(await callers.revoke(body.id)),
    }),
  ];
}

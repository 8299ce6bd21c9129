import { err, ok, type Result } from "@detente/basics";
import { MAX_OBJECT_BYTES, MAX_OBJECTS, TLP_LABELS } from "@detente/record";
import { Type } from "typebox";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { anything, closed, count, hash, pageSize } from "./input.ts";
import { answer, type ApiResult, json, notFound, type Route, route } from "./route.ts";
import { findByPrefix, findStatement, logRows, proveStatement } from "./statements.ts";
import { withUnit } from "./with-unit.ts";

const audience = Type.Union([
  Type.Literal("unit"),
  Type.Array(Type.String({ maxLength: 32 }), { minItems: 1, maxItems: 64 }),
]);
const tlp = Type.Enum([...TLP_LABELS]);

/** The largest share that comes as JSON: a million items of some 100 bytes. */
const MAX_SHARE = 1 << 28;

/** Statements on which more hangs than what they say. */
const OWN_ROUTES: Readonly<Record<string, string>> = {
  "open/keys": "`detente keys rotate`",
  "open/charter": "`detente charter propose`",
};

/** Routes for what this party says, and for what the logs hold. */
export function statementRoutes(station: Station): readonly Route[] {
  const inUnit = (run: (unit: UnitRuntime) => Promise<ApiResult> | ApiResult): Promise<ApiResult> =>
    withUnit(station, run);

  return [
    route({
      method: "post",
      path: "/api/shares",
      summary: "share indicators",
      maxBody: MAX_SHARE,
      body: Type.Object(
        {
          title: Type.String({ minLength: 1, maxLength: 200 }),
          tlp,
          audience,
          source: Type.Optional(Type.String({ maxLength: 500 })),
          items: Type.Array(anything, { minItems: 1 }),
        },
        closed,
      ),
      run: async ({ body }) => inUnit(async () => answer(await station.speaker.share(body))),
    }),

    route({
      method: "post",
      path: "/api/objects",
      summary: "share STIX objects in the bytes of their sources",
      maxBody: MAX_SHARE,
      body: Type.Object(
        {
          title: Type.String({ minLength: 1, maxLength: 200 }),
          tlp: Type.Optional(tlp),
          audience,
          source: Type.Optional(Type.String({ maxLength: 500 })),
          isOwn: Type.Optional(Type.Boolean()),
          objects: Type.Array(Type.String({ maxLength: MAX_OBJECT_BYTES }), { minItems: 1, maxItems: MAX_OBJECTS }),
        },
        closed,
      ),
      run: async ({ body }) => inUnit(async () => answer(await station.speaker.shareObjects(body))),
    }),

    route({
      method: "post",
      path: "/api/statements",
      summary: "make a statement of any kind",
      body: Type.Object(
        {
          type: Type.Enum(["open", "exhibit", "weigh", "position", "account", "observe", "seal"]),
          kind: Type.String({ maxLength: 32 }),
          of: Type.Array(hash, { maxItems: 64 }),
          audience,
          content: anything,
          unseals: Type.Optional(Type.Object({ seal: hash, salt: hash }, closed)),
        },
        closed,
      ),
      run: async ({ body }) =>
        inUnit(async () => {
          const own = OWN_ROUTES[`${body.type}/${body.kind}`];
          if (own !== undefined)
            return answer(err("bad-statement", `kind: ${body.type}/${body.kind} is said by ${own}`));
          return answer(await station.speaker.state(body));
        }),
    }),

    route({
      method: "get",
      path: "/api/log",
      summary: "a party's log, row by row",
      scope: "record:read",
      query: { party: Type.Optional(Type.String()), after: count, limit: count },
      run: async ({ query }) =>
        inUnit(async (unit) => {
          const origin = query.party === undefined ? station.own.origin : unit.membership.originOf(query.party);
          if (origin === undefined) return notFound(`no party is called ${query.party}`);
          const after = Number(query.after ?? 0);
          const rows = await logRows(unit, origin, after, pageSize(query.limit));
          const end = after + rows.length;
          return json(end < unit.archive.foldedSize(origin) && rows.length > 0 ? { rows, next: end } : { rows });
        }),
    }),

    route({
      method: "get",
      path: "/api/statements/:hash",
      summary: "a statement, by its leaf hash or the first digits of it",
      scope: "record:read",
      run: async ({ params }) =>
        inUnit(async (unit) => {
          const full = resolve(unit, params["hash"] ?? "");
          if (!full.ok) return notFound(full.fault.message);
          const row = await findStatement(unit, full.value);
          return row === undefined ? notFound("no such statement") : json(row);
        }),
    }),

    route({
      method: "get",
      path: "/api/statements/:hash/proof",
      summary: "a tlog-proof that a statement is on the record",
      scope: "record:read",
      run: async ({ params }) =>
        inUnit(async (unit) => {
          const full = resolve(unit, params["hash"] ?? "");
          if (!full.ok) return notFound(full.fault.message);
          const proof = await proveStatement(station, unit, full.value);
          return proof === undefined ? notFound("no head covers that statement yet") : json(proof);
        }),
    }),
  ];
}

function resolve(unit: UnitRuntime, prefix: string): Result<string> {
  if (/^[0-9a-f]{64}$/.test(prefix)) return ok(prefix);
  if (!/^[0-9a-f]{8,}$/.test(prefix)) return err("not-found", "name a statement by at least 8 digits of its hash");
  const [only, other] = findByPrefix(unit, prefix);
  if (only === undefined) return err("not-found", `no statement's hash begins with ${prefix}`);
  return other === undefined
    ? ok(only)
    : err("not-found", `several statements' hashes begin with ${prefix}; give more digits`);
}

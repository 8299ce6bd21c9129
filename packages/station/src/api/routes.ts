import { err, type Json, ok, type Result } from "@detente/basics";
import { MAX_OBJECT_BYTES, MAX_OBJECTS, TLP_LABELS } from "@detente/record";
import { Type } from "typebox";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { charterRoutes } from "./charter-routes.ts";
import { contestRoutes } from "./contest-routes.ts";
import { exportRecord, parseReaders } from "./export.ts";
import { allItems, indicators, proveItem, searchIntel } from "./intel.ts";
import { eraseItems } from "./erase.ts";
import { findRoutes } from "./find-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { matchRoutes } from "./match-routes.ts";
import { meetingRoutes } from "./meeting-routes.ts";
import { answer, type ApiResult, json, JSON_LINES, jsonLines, lines, notFound, type Route, route } from "./route.ts";
import { releaseRoutes } from "./release-routes.ts";
import { findByPrefix, findStatement, logRows, proveStatement } from "./statements.ts";
import { statusReport } from "./status.ts";
import { tokenRoutes } from "./token-routes.ts";
import { watchRoutes } from "./watch-routes.ts";
import { withdrawals } from "./withdrawals.ts";
import { withIndex, withUnit } from "./with-unit.ts";

const hash = Type.String({ pattern: "^[0-9a-f]{64}$" });
const audience = Type.Union([
  Type.Literal("unit"),
  Type.Array(Type.String({ maxLength: 32 }), { minItems: 1, maxItems: 64 }),
]);
const tlp = Type.Enum([...TLP_LABELS]);
const size = Type.Optional(Type.String({ pattern: "^[0-9]{1,15}$" }));
const anything = Type.Unsafe<Json>(Type.Unknown());
const closed = { additionalProperties: false } as const;

/** The largest share that comes as JSON: a million items of some 100 bytes. */
const MAX_SHARE = 1 << 28;

/** Statements on which more hangs than what they say. */
const OWN_ROUTES: Readonly<Record<string, string>> = {
  "open/keys": "`detente keys rotate`",
  "open/charter": "`detente charter propose`",
};

/** Every route of the local interface. */
export function apiTable(station: Station): readonly Route[] {
  const inUnit = (run: (unit: UnitRuntime) => Promise<ApiResult> | ApiResult): Promise<ApiResult> =>
    withUnit(station, run);

  return [
    route({
      method: "get",
      path: "/api/status",
      summary: "the station, its unit and its logs",
      scope: "record:read",
      run: async () => json(await statusReport(station)),
    }),

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
      query: { party: Type.Optional(Type.String()), after: size, limit: size },
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

    route({
      method: "get",
      path: "/api/intel",
      summary: "search what was shared",
      scope: "intel:read",
      query: {
        q: Type.Optional(Type.String({ maxLength: 500 })),
        kind: Type.Optional(Type.String({ maxLength: 32 })),
        party: Type.Optional(Type.String({ maxLength: 32 })),
        limit: size,
        after: size,
      },
      run: async ({ query: { q, kind, party, limit, after } }) =>
        withIndex(station, async (unit) =>
          json(
            await searchIntel(station, unit, {
              text: q ?? "",
              limit: pageSize(limit),
              ...(kind === undefined ? {} : { kind }),
              ...(party === undefined ? {} : { party }),
              ...(after === undefined ? {} : { after: Number(after) }),
            }),
          ),
        ),
    }),

    route({
      method: "get",
      path: "/api/intel/proof",
      summary: "prove that an item was shared",
      scope: "intel:read",
      query: { share: hash, index: Type.String({ pattern: "^[0-9]{1,8}$" }) },
      run: async ({ query }) =>
        inUnit(async (unit) => {
          const proof = await proveItem(station, unit, query.share, Number(query.index));
          return proof === undefined ? notFound("no such item here") : json(proof);
        }),
    }),

    route({
      method: "get",
      path: "/api/withdrawals",
      summary: "shares that were taken back, and which parties have applied it",
      scope: "intel:read",
      run: async () => inUnit((unit) => json({ rows: withdrawals(unit) })),
    }),

    route({
      method: "post",
      path: "/api/erase",
      summary: "erase the items of a share from this station",
      body: Type.Object({ share: hash }, closed),
      run: async ({ body }) =>
        inUnit(async (unit) => {
          const erased = await eraseItems(station, unit, body.share);
          station.changed();
          return answer(erased);
        }),
    }),

    route({
      method: "get",
      path: "/api/indicators",
      summary: "what may be screened for, as JSON Lines",
      gives: JSON_LINES,
      scope: "intel:read",
      run: async () => withIndex(station, (unit) => jsonLines(indicators(station, unit))),
    }),

    route({
      method: "get",
      path: "/api/items",
      summary: "every item that was shared with this party, with the state of its share, as JSON Lines",
      gives: JSON_LINES,
      run: async () => withIndex(station, (unit) => jsonLines(allItems(station, unit))),
    }),

    route({
      method: "get",
      path: "/api/export",
      summary: "the record with its proofs, for offline verification, as JSON Lines",
      gives: JSON_LINES,
      scope: "record:read",
      query: { audience: Type.Optional(Type.String()), blobs: Type.Optional(Type.Enum(["0", "1"])) },
      run: async ({ query }) =>
        inUnit((unit) => {
          const readers = parseReaders(query.audience ?? "unit");
          return readers.ok ? lines(exportRecord(station, unit, readers.value, query.blobs === "1")) : answer(readers);
        }),
    }),

    ...findRoutes(station),
    ...charterRoutes(station),
    ...keyRoutes(station),
    ...tokenRoutes(station),
    ...watchRoutes(station),
    ...matchRoutes(station),
    ...meetingRoutes(station),
    ...releaseRoutes(station),
    ...contestRoutes(station),

    route({
      method: "post",
      path: "/api/recover",
      summary: "fetch what this directory lacks from the mirrors",
      body: Type.Object({ without: Type.Array(Type.String({ maxLength: 32 }), { maxItems: 64 }) }, closed),
      run: async ({ body }) => inUnit(async (unit) => answer(await unit.guard.recover(body.without))),
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

function pageSize(text: string | undefined): number {
  return Math.min(1000, Math.max(1, Number(text ?? 100)));
}

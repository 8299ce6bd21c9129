import { MAX_UPLOAD, gunzipWithin, logRoutes } from "./log-routes.ts";
import { originHash, Mirror, parseVkey, type Verifier, Witness } from "@detente/tlog";
import { Hono } from "hono";
import { apiTable } from "../api/routes.ts";
import type { Station } from "../station.ts";
import { type BudgetLimits, Budgets } from "../wire/budget.ts";
import { problemResponse } from "../wire/errors.ts";
import { NonceCache } from "../wire/nonce-cache.ts";
import { apiRoutes } from "./api-routes.ts";
import { bodyRoutes } from "./body-routes.ts";
import { healthRoutes } from "./health-routes.ts";
import type { MemberAccess } from "./members.ts";
import { Metrics } from "./metrics.ts";

/** Nonces of one peer within the window of a signature, at its full rate of requests. */
const NONCES = 100_000;

/** Everything a station answers over HTTP. */
export function createApp(station: Station): Hono {
  const { config, clock, gate, logger } = station;
  const metrics = new Metrics(station);
  const access: MemberAccess = {
    verification: () => ({ self: config.name, keyOf: (name) => station.unit?.membership.transportKey(name), nonces }),
    budgets: new Budgets(limitsOf(config.peerBudget), { maxPeers: 256, now: () => clock.now() }),
    now: () => clock.now(),
  };
  const nonces = new NonceCache({ perPeer: NONCES, since: Math.floor(clock.now() / 1000) });
  const outside = new Map<string, Verifier[]>();
  for (const vkey of config.witnessedLogs) {
    const parsed = parseVkey(vkey);
    if (parsed.ok) outside.set(parsed.value.name, [...(outside.get(parsed.value.name) ?? []), parsed.value]);
  }
  const memberKeys = (origin: string): readonly Verifier[] => {
    const { unit } = station;
    if (unit === undefined || origin === config.origin || unit.evidence.isFrozen(origin)) return [];
    return unit.membership.verifiers(origin, "log");
  };
  const originOfHash = (hash: string): string | undefined =>
    station.unit?.membership.originOfHash(hash) ?? [...outside.keys()].find((origin) => originHash(origin) === hash);
  const onSuspicion = async (suspicion: Parameters<NonNullable<typeof station.unit>["suspect"]>[0]): Promise<void> => {
    logger.warn({ log: suspicion.origin, kind: suspicion.kind }, "a checkpoint does not fit the one held");
    await station.unit?.suspect(suspicion);
  };
  const now = (): number => clock.now();
  const witness = new Witness({
    cosigners: [station.cosigner("witness")],
    store: station.state.witness,
    logKeys: (origin) => [...memberKeys(origin), ...(outside.get(origin) ?? [])],
    originOfHash,
    onSuspicion,
    now,
  });
  const mirror = new Mirror({
    cosigners: [station.cosigner("mirror")],
    pending: station.state.pending,
    logOf: (origin) => station.mirrored.open(origin),
    logKeys: memberKeys,
    originOfHash: (hash) => {
      const origin = station.unit?.membership.originOfHash(hash);
      return origin === config.origin ? undefined : origin;
    },
    onSuspicion,
    gunzip: gunzipWithin,
    maxBody: MAX_UPLOAD,
    now,
  });

  const app = new Hono();
  app.use(metrics.middleware());
  app.route("/", healthRoutes(station, metrics));
  app.route(
    "/",
    logRoutes({
      access,
      isPublic: config.logAccess === "public",
      own: {
        get head() {
          const { head } = station.own.reader;
          return head === undefined ? undefined : { note: station.unit?.cosignatures.checkpoint(head) ?? head.note };
        },
        tile: (level, index, width) => station.own.reader.tile(level, index, width),
        entryBundle: (index, width) => station.own.reader.entryBundle(index, width),
      },
      witness,
      mirror,
      strangers: new Budgets(limitsOf(config.peerBudget), { maxPeers: 4, now }),
      withheld: async (origin) => {
        if (origin === undefined || outside.has(origin)) return undefined;
        if (gate.state === "behind" || gate.state === "checking")
          return `this station does not cosign yet: ${gate.detail}`;
        return station.unit?.floor.withheld(origin);
      },
      onMirrored: (origin) => {
        void station.unit
          ?.mirroredGrew(origin)
          .catch((error: unknown) => logger.error({ err: error }, "reading a mirrored log"));
      },
    }),
  );
  app.route(
    "/",
    bodyRoutes({
      access,
      bodies: station.bodies,
      blobs: station.blobs,
      entitlements: {
        mayHaveBody: (party, digest, body) => station.unit?.mayHaveBody(party, digest, body) ?? false,
        mayHaveBlob: (party, digest) => station.unit?.mayHaveBlob(party, digest) ?? false,
      },
    }),
  );
  app.route("/", apiRoutes(apiTable(station), station.token));
  app.notFound(() => problemResponse(404, { code: "not-found", message: "nothing is here" }));
  app.onError((error) => {
    logger.error({ err: error }, "a request failed");
    return problemResponse(500, { code: "internal", message: "this station failed; its log says why" });
  });
  return app;
}

function limitsOf(budget: Station["config"]["peerBudget"]): BudgetLimits {
  const rate = (perMinute: number) => ({ perSecond: perMinute / 60, burst: perMinute });
  return {
    requests: rate(budget.requestsPerMinute),
    bytes: rate(budget.bytesPerMinute),
    statements: rate(budget.statementsPerMinute),
    concurrent: 64,
  };
}

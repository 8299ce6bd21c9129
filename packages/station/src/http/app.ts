import { MAX_UPLOAD, gunzipWithin, logRoutes } from "./log-routes.ts";
import { unwrap } from "@detente/basics";
import { diskFault } from "@detente/store";
import { formatVkey, originHash, Mirror, type Verifier, Witness } from "@detente/tlog";
import { Hono } from "hono";
import { apiTable } from "../api/routes.ts";
import type { Station } from "../station.ts";
import { outsideLogs } from "../setup/outside.ts";
import { OutsideFloor } from "../sync/outside-floor.ts";
import { type BudgetLimits, Budgets } from "../wire/budget.ts";
import { problemResponse } from "../wire/errors.ts";
import { NonceCache } from "../wire/nonce-cache.ts";
import { Strangers } from "../wire/strangers.ts";
import { apiRoutes } from "./api-routes.ts";
import { bodyRoutes } from "./body-routes.ts";
import { healthRoutes } from "./health-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { matchRoutes } from "./match-routes.ts";
import { meetingRoutes } from "./meeting-routes.ts";
import type { MemberAccess } from "./members.ts";
import { Metrics } from "./metrics.ts";

/** Uploads to the mirror that one member may have under way: one for each of two logs. */
const UPLOADS = 2;

/** Answers full of bodies that one member may have under way: each is some 8 MiB in memory until it has been taken. */
const BODY_ANSWERS = 4;

/** Blind look-ups that one member may have under way: they are answered one after another anyway. */
const LOOKUPS = 2;
/** Pieces of meetings that one member may fetch at once, each up to 1 MiB in memory. */
const PIECES = 4;
/** Nonces of one peer within the window of a signature, at its full rate of requests. */
const NONCES = 100_000;

/** Everything a station answers over HTTP. */
export function createApp(station: Station): Hono {
  const { config, clock, gate, logger } = station;
  const metrics = new Metrics(station);
  const access: MemberAccess = {
    verification: () => ({ self: config.name, keyOf: (name) => station.unit?.membership.transportKey(name), nonces }),
    isMember: (name) => station.unit?.membership.names().has(name) ?? false,
    accountOf: (name) => station.unit?.membership.accountOf(name) ?? name,
    budgets: new Budgets(limitsOf(config.peerBudget), { maxPeers: 256, now: () => clock.now() }),
    now: () => clock.now(),
  };
  const few = (concurrent: number): MemberAccess => ({
    ...access,
    budgets: new Budgets({ ...limitsOf(config.peerBudget), concurrent }, { maxPeers: 256, now: () => clock.now() }),
  });
  // An upload is held in memory while it is verified, so one member may not have many under way.
  const uploads = few(UPLOADS);
  const nonces = new NonceCache({ perPeer: NONCES, since: Math.floor(clock.now() / 1000) });
  const outside = unwrap(outsideLogs(config.witnessedLogs));
  const outsideHashes = new Map([...outside.keys()].map((origin) => [originHash(origin), origin]));
  const outsideFloor = new OutsideFloor({
    records: station.state.config,
    gate,
    keys: () => station.keeper.cosigners("witness").map(({ verifier }) => formatVkey(verifier)),
  });
  const memberKeys = (origin: string): readonly Verifier[] => {
    const { unit } = station;
    if (unit === undefined || origin === config.origin || unit.evidence.isFrozen(origin)) return [];
    return unit.membership.verifiers(origin, "log");
  };
  const originOfHash = (hash: string): string | undefined =>
    station.unit?.membership.originOfHash(hash) ?? outsideHashes.get(hash);
  const onSuspicion = async (suspicion: Parameters<NonNullable<typeof station.unit>["suspect"]>[0]): Promise<void> => {
    logger.warn({ log: suspicion.origin, kind: suspicion.kind }, "a checkpoint does not fit the one held");
    await station.unit?.suspect(suspicion);
  };
  const now = (): number => clock.now();
  const witness = new Witness({
    get cosigners() {
      return station.keeper.cosigners("witness");
    },
    store: station.state.witness,
    logKeys: (origin) => [...memberKeys(origin), ...(outside.get(origin) ?? [])],
    originOfHash,
    onSuspicion,
    now,
  });
  const mirror = new Mirror({
    get cosigners() {
      return station.keeper.cosigners("mirror");
    },
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

  const silence = (): string | undefined =>
    gate.state === "behind" || gate.state === "checking"
      ? `this station does not cosign yet: ${gate.detail}`
      : undefined;

  const app = new Hono();
  app.use(metrics.middleware());
  app.route("/", healthRoutes(station, metrics));
  app.all("/taxii2/*", (c) => station.exchange.answer(c));
  app.use(async (c, next) => {
    if (!station.isReading || c.req.path.startsWith("/api/")) return next();
    return problemResponse(503, { code: "starting", message: "this station is still reading its record" });
  });
  app.route(
    "/",
    logRoutes({
      access,
      uploads,
      isPublic: config.logAccess === "public",
      own: {
        get head() {
          const { head } = station.own.reader;
          return head === undefined ? undefined : { note: station.unit?.publication.checkpoint(head) ?? head.note };
        },
        tile: (level, index, width) => station.own.reader.tile(level, index, width),
        entryBundle: (index, width) => station.own.reader.entryBundle(index, width),
      },
      witness,
      mirror,
      isOutside: (hash) => outsideHashes.has(hash),
      isOwn: (party, hash) => {
        const origin = station.unit?.membership.originOf(party);
        return origin !== undefined && originHash(origin) === hash;
      },
      strangers: {
        reading: strangers(config.peerBudget, { times: READING, concurrent: 256, now }),
        submitting: strangers(config.peerBudget, { times: 1, concurrent: 64, now }),
      },
      withheld: async (origin) => {
        if (origin === undefined) return undefined;
        return silence() ?? (outside.has(origin) ? outsideFloor.withheld() : station.unit?.floor.withheld(origin));
      },
      mirrorWithheld: (origin, size) => silence() ?? station.unit?.floor.mirrorWithheld(origin, size),
      // Only a station that has just started asks for what others hold of its own log: it may have lost what they brought.
      onAsked: (member, hash) => {
        const { unit } = station;
        const origin = member === undefined ? undefined : unit?.membership.originOf(member);
        if (member !== undefined && origin !== undefined && originHash(origin) === hash) unit?.peers.showAgain(member);
      },
      inTurn: (origin, job) => station.mirrored.inTurn(origin, job),
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
      asking: few(BODY_ANSWERS),
      bodies: station.bodies,
      blobs: station.blobs,
      entitlements: {
        mayHaveBody: (party, body) => station.unit?.entitlements.mayHaveBody(party, body) ?? false,
        mayHaveBlob: (party, digest) => station.unit?.entitlements.mayHaveBlob(party, digest) ?? false,
      },
    }),
  );
  app.route(
    "/",
    keyRoutes(access, (party) => station.unit?.membership.knownKeys(party)),
  );
  app.route("/", matchRoutes(access, few(LOOKUPS), station.matching));
  app.route("/", meetingRoutes(few(PIECES), station.meetings));
  app.route("/", apiRoutes(apiTable(station), station.callers));
  app.notFound(() => problemResponse(404, { code: "not-found", message: "nothing is here" }));
  app.onError((error) => {
    logger.error({ err: error }, "a request failed");
    if (diskFault(error)?.code === "storage-failed") {
      // Not the error's own words: they name files, and strangers may be asking.
      const message = "the disk did not take it: is it full? This station's log says why; then do it again";
      return problemResponse(503, { code: "storage-failed", message }, { retryAfter: 60 });
    }
    return problemResponse(500, { code: "internal", message: "this station failed; its log says why" });
  });
  return app;
}

/** A monitor that reads a whole log asks for two tiles in 256 entries, as fast as it can; they are cheap to serve. */
const READING = 10;

/** Each caller has what a peer has, `times` as often; all together four times that. */
function strangers(
  budget: Station["config"]["peerBudget"],
  { times, concurrent, now }: { readonly times: number; readonly concurrent: number; readonly now: () => number },
): Strangers {
  const each = limitsOf({ ...budget, requestsPerMinute: times * budget.requestsPerMinute });
  const all = limitsOf({ ...budget, requestsPerMinute: 4 * times * budget.requestsPerMinute });
  return new Strangers({ each, all: { ...all, concurrent }, now });
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

import { Hono } from "hono";
import type { Station } from "../station.ts";
import { bearerToken, tokenMatches } from "../setup/token.ts";
import { problemResponse } from "../wire/errors.ts";
import type { Metrics } from "./metrics.ts";

/** For whoever watches the process: whether it runs, whether it may sign, and its figures. */
export function healthRoutes(station: Station, metrics: Metrics): Hono {
  const app = new Hono();
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", (c) => {
    const { gate, unit } = station;
    // No counts: how much others have shared is nobody's business out there.
    const index = unit?.indexing.isCaughtUp === false ? "catching-up" : "complete";
    return c.json({ status: gate.state, index }, gate.maySign ? 200 : 503);
  });
  app.get("/metrics", async (c) => {
    const given = bearerToken(c.req.header("authorization"));
    if (given === undefined || !tokenMatches(given, station.metricsToken)) {
      return problemResponse(401, {
        code: "no-token",
        message: "send Authorization: Bearer with the token in metrics.token",
      });
    }
    return c.text(await metrics.text(), 200, { "content-type": "text/plain; version=0.0.4" });
  });
  return app;
}

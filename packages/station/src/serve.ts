import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { err, ok, type Result } from "@detente/basics";
import { diskFault } from "@detente/store";
import { pino, type Logger } from "pino";
import { createApp } from "./http/app.ts";
import { Station } from "./station.ts";
import { listenOptions } from "./wire/listen.ts";

export interface StartOptions {
  readonly dir: string;
  /** `json` writes structured lines to standard error; they hold no secrets and no bodies. */
  readonly logger?: "json" | "silent";
}

export interface RunningStation {
  /** Where it listens. */
  readonly url: string;
  readonly station: Station;
  stop(): Promise<void>;
}

/** A connection that is still busy when the station stops is given this long. */
const GRACE = 5000;

/** Opens a data directory and serves it until `stop`. */
export async function startStation(options: StartOptions): Promise<Result<RunningStation>> {
  const logger = createLogger(options.logger ?? "json");
  const opened = await Station.open({ dir: options.dir, logger });
  if (!opened.ok) return opened;
  const station = opened.value;
  const { host, port } = station.config.listen;
  const listening = listenOptions(host, station.tls);
  if (!listening.ok) {
    await station.close();
    return listening;
  }
  const app = createApp(station);
  const server = await new Promise<ReturnType<typeof serve> | Error>((resolve) => {
    const starting = serve({ fetch: app.fetch, hostname: host, port, ...listening.value }, () => resolve(starting));
    starting.on("error", resolve);
  });
  if (server instanceof Error) {
    await station.close();
    return err("cannot-listen", `${host}:${port}: ${server.message}; is another program using the port?`);
  }
  const stop = async (): Promise<void> => {
    await closeServer(server);
    await station.close();
    logger.info("stopped");
  };
  const started = await takeUpWork(station);
  if (!started.ok) {
    await stop();
    return started;
  }
  const address = server.address() as AddressInfo;
  const shownHost = host.includes(":") ? `[${host}]` : host;
  const url = `${station.tls === undefined ? "http" : "https"}://${shownHost}:${address.port}`;
  logger.info({ party: station.config.name, url, state: station.gate.state }, "serving");
  return ok({ url, station, stop });
}

/** `json` writes structured lines to standard error; they hold no secrets and no bodies. */
export function createLogger(kind: "json" | "silent"): Logger {
  if (kind === "silent") return pino({ level: "silent" });
  const redact = ["token", "seed", "authorization", "*.token", "*.seed", "*.authorization", "body", "*.body"];
  return pino({ level: process.env["DETENTE_LOG"] ?? "info", redact }, pino.destination(2));
}

async function takeUpWork(station: Station): Promise<Result<void>> {
  try {
    return await station.start();
  } catch (error) {
    const fault = diskFault(error);
    if (fault === undefined) throw error;
    return { ok: false, fault };
  }
}

async function closeServer(server: ReturnType<typeof serve>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  if ("closeIdleConnections" in server) server.closeIdleConnections();
  const timer = setTimeout(() => {
    if ("closeAllConnections" in server) server.closeAllConnections();
  }, GRACE);
  await closed;
  clearTimeout(timer);
}

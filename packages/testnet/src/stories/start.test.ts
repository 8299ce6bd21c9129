import { createApp, createLogger, Station } from "@detente/station";
import { originHash } from "@detente/tlog";
import { unwrap } from "@detente/basics";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestUnit, type TestUnit } from "../index.ts";

let unit: TestUnit;
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], seed: 151 });
});
afterAll(() => unit.close());

it("a station that is still reading its record answers nobody by the half of it", async () => {
  const [alfa, bravo] = [unit.station("alfa"), unit.station("bravo")];
  const { token } = alfa.station;
  await alfa.stop();
  const logger = createLogger("silent");
  const fetch = unit.network.fetchFrom(alfa.host);
  const station = unwrap(await Station.open({ dir: alfa.dir, logger, clock: unit.clock, fetch }));
  const app = createApp(station);
  expect(station.gate.state).toBe("checking");
  const started = station.start();
  while (!station.isReading) await new Promise((resolve) => setImmediate(resolve));
  const ask = async (method: string, path: string): Promise<[number, string]> => {
    const answer = await app.request(`${alfa.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
    return [answer.status, ((await answer.json()) as { code?: string }).code ?? ""];
  };
  const answers = await Promise.all([
    ask("POST", "/witness/add-checkpoint"),
    ask("GET", `/mirror/${originHash(bravo.origin)}/checkpoint`),
    ask("POST", "/bodies"),
    ask("GET", "/api/log"),
    ask("GET", "/api/intel"),
    ask("GET", "/readyz"),
    ask("GET", "/healthz"),
  ]);
  expect(answers).toEqual([
    [503, "starting"],
    [503, "starting"],
    [503, "starting"],
    [503, "not-ready"],
    [503, "not-ready"],
    [503, ""],
    [200, ""],
  ]);
  unwrap(await started);
  expect(station.isReading).toBe(false);
  expect(await ask("GET", "/api/log")).toEqual([200, ""]);
  await station.close();
  await alfa.start();
});

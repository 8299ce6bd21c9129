import { unwrap } from "@detente/basics";
import { startStation } from "@detente/station";
import { FAULTED, OTHER } from "./names.ts";
import { until } from "./steady.ts";
import { foundUnit, type TwoParties } from "./unit.ts";

/** What stations start from in each run. */
export interface Scenario {
  readonly name: string;
  readonly unit: TwoParties;
  /** The directory whose operations are counted and struck, below the faulted station's. */
  readonly below: string;
}

/** A station's first start: everything is made, down to the last directory. */
export async function young(base: string): Promise<Scenario> {
  return { name: "young", unit: await foundUnit(`${base}/young`), below: "" };
}

/** A log publishes its entries as tiles, and begins a new journal, each time that this many have come together. */
const PUBLISHED = 16 * 256;

/** A station whose log is about to be published. Only its logs are struck: the rest is as in the young one. */
export async function grown(base: string): Promise<Scenario> {
  const unit = await foundUnit(`${base}/grown`);
  const [a, b] = [
    await startStation({ dir: `${unit.base}/${FAULTED}`, logger: "silent" }),
    await startStation({ dir: `${unit.base}/${OTHER}`, logger: "silent" }),
  ].map(unwrap);
  if (a === undefined || b === undefined) throw new Error("two stations were started");
  const signal = AbortSignal.timeout(60_000);
  await until(() => a.station.gate.state === "ready" && b.station.gate.state === "ready", signal);
  const content = { party: OTHER, said: "one of many" };
  const { speaker, own } = a.station;
  while (own.reader.size < PUBLISHED - 8) {
    const count = Math.min(500, PUBLISHED - 8 - own.reader.size);
    const together = Array.from({ length: count }, () =>
      speaker.state({ type: "account", kind: "report", of: [], audience: "unit", content }),
    );
    for (const said of await Promise.all(together)) unwrap(said);
  }
  const isKnown = (): boolean => b.station.unit?.archive.foldedSize(own.origin) === own.reader.size;
  await until(isKnown, signal);
  for (const name of [FAULTED, OTHER] as const) unit.tap[name].isPatient = false;
  await Promise.all([a.stop(), b.stop()]);
  return { name: "grown", unit, below: "/logs" };
}

import { setTimeout as sleep } from "node:timers/promises";
import { unwrap } from "@detente/basics";
import type { ShareInput, StatementInput, Station } from "@detente/station";
import { FAULTED } from "./names.ts";
import { shareOf } from "./workload.ts";

/** Between two things that the steady party says, in milliseconds: spread over the other's workload. */
const GAP = 15;

/**
 * What the undisturbed party says meanwhile, so that the other has something to mirror, cosign, fetch and observe.
 * Gives the index of its last statement.
 */
export async function liveSteadily(station: Station, signal: AbortSignal): Promise<number> {
  await until(() => station.gate.state === "ready", signal);
  const state = (
    type: StatementInput["type"],
    kind: string,
    of: readonly string[],
    content: StatementInput["content"],
  ) => station.speaker.state({ type, kind, of, content, audience: "unit" }).then(unwrap);
  const share = unwrap(await station.speaker.share(shareOf("theirs", "unit", 25) as unknown as ShareInput));
  await sleep(GAP);
  await state("account", "report", [], { party: FAULTED, said: "hearsay" });
  await sleep(GAP);
  unwrap(await station.speaker.share(shareOf("for-you", [FAULTED], 50) as unknown as ShareInput));
  await sleep(GAP);
  await Promise.all([1, 2, 3].map((n) => state("position", "assert", [share.leafHash], { text: `assertion ${n}` })));
  await sleep(10 * GAP);
  return (await state("position", "withdraw", [share.leafHash], {})).index;
}

/** Looks again every few milliseconds. @throws when `signal` says that it took too long */
export async function until(condition: () => boolean, signal: AbortSignal): Promise<void> {
  while (!condition()) {
    signal.throwIfAborted();
    await sleep(4);
  }
}

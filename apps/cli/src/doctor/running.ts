import type { StatusReport } from "@detente/station";
import { lockDirectory } from "@detente/store";
import type { Station } from "../station.ts";
import { amount, plain } from "../ui/text.ts";
import { bad, type Finding, good, note } from "./finding.ts";

/** Whether the station runs; and if not, whether it could. */
export async function checkRunning(dir: string, station: Station): Promise<Finding & { readonly isRunning: boolean }> {
  if (await station.isRunning()) return { ...good("station", "it runs and answers"), isRunning: true };
  // Only now: whoever opens and closes the lock's file in the process that holds it, drops the lock.
  const lock = lockDirectory(dir);
  if (!lock.ok) {
    return {
      ...bad("station", `it does not answer: ${lock.fault.message}`, "stop the process that holds the directory"),
      isRunning: false,
    };
  }
  lock.value.release();
  return { ...note("station", "it does not run", `start it with \`detente serve --data ${dir}\``), isRunning: false };
}

export async function checkStatus(station: Station): Promise<Finding[]> {
  const { station: self, unit, logs, equivocations } = await station.get<StatusReport>("/api/status");
  const state =
    self.state === "ready"
      ? good("state", "ready")
      : bad("state", self.state, plain(self.detail, 400) || "see the station's log");
  if (unit === null) return [note("state", self.state, plain(self.detail, 400))];
  return [
    state,
    unit.inForce
      ? good("charter", "in force")
      : note(
          "charter",
          "not in force yet",
          "every party has to accept it and its station has to run: `detente charter show`",
        ),
    ...logs.flatMap(({ party, peer }) =>
      peer === undefined
        ? []
        : [
            peer.reachable
              ? good(`peer ${party}`, "reachable")
              : bad(
                  `peer ${party}`,
                  plain(peer.detail) || "not reachable",
                  "ask them whether their station runs, and check the way there",
                ),
          ],
    ),
    ...logs.flatMap(({ party, missingBodies }) =>
      missingBodies === 0
        ? []
        : [
            note(
              `bodies of ${party}`,
              `${amount(missingBodies, "body is", "bodies are")} missing`,
              "they are fetched when a peer that has them is reachable",
            ),
          ],
    ),
    ...equivocations.map(({ log }) =>
      bad(
        `log ${plain(log)}`,
        "has signed two versions of itself and is frozen",
        "agree with the other parties what follows: `detente status`",
      ),
    ),
  ];
}

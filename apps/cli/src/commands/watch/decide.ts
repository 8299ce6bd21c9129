import type { WatchDecision } from "@detente/station";
import { pendingDecision } from "../../pending-decision.ts";
import { amount, plain, short } from "../../ui/text.ts";

export const releaseCommand = pendingDecision({
  list: "detente watch pending",
  tell,
  path: "/api/watch/release",
  brief: "Say pending sightings on the record",
  about:
    "Each goes to whoever can read its share. Where the station may not sign yet, it is said as soon as it may; that " +
    "decision is kept. One about a share that was withdrawn meanwhile is dropped.",
  examples: ["detente watch release 9c1f2a7b3d4e5f60", "detente watch release --all"],
});

export const dropCommand = pendingDecision({
  list: "detente watch pending",
  tell,
  path: "/api/watch/drop",
  brief: "Forget pending sightings: they are never said",
  about: "The journal of hits stays.",
  examples: ["detente watch drop 9c1f2a7b3d4e5f60", "detente watch drop --all"],
});

function tell({ said, waiting, dropped }: WatchDecision) {
  return {
    done: said.map(({ id, leafHash }) => `${id}: statement ${short(leafHash)}`),
    dropped: dropped.map(({ id, why }) => `${id}: dropped: ${plain(why)}`),
    summary: `${amount(said.length, "sighting")} said, ${waiting.length} waiting, ${dropped.length} dropped`,
  };
}

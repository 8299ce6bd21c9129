import type { ReleaseDecision } from "@detente/station";
import { pendingDecision } from "../../pending-decision.ts";
import { amount, short } from "../../ui/text.ts";

export const shareReleaseCommand = pendingDecision({
  list: "detente release pending",
  tell,
  path: "/api/release/share",
  brief: "Share what tools brought with the audience of the collection that they put it into",
  about:
    "Each becomes a share of its own, in the very bytes that the tool sent. Where the station may not sign yet, it is " +
    "shared as soon as it may; that decision is kept.",
  examples: ["detente release share 9c1f2a7b3d4e5f60", "detente release share --all"],
});

export const dropReleaseCommand = pendingDecision({
  list: "detente release pending",
  tell,
  path: "/api/release/drop",
  brief: "Forget what tools brought: it is never shared",
  about: "Its objects are erased from this station.",
  examples: ["detente release drop 9c1f2a7b3d4e5f60", "detente release drop --all"],
});

function tell({ shared, waiting, dropped }: ReleaseDecision) {
  return {
    done: shared.map(({ id, leafHash }) => `${id}: statement ${short(leafHash)}`),
    dropped: dropped.map(({ id }) => `${id}: dropped`),
    summary: `${amount(shared.length, "share")} made, ${waiting.length} waiting, ${dropped.length} dropped`,
  };
}

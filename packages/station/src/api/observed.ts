import type { Json } from "@detente/basics";
import type { ThingReport } from "@detente/unit";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { ItemRow } from "./intel-contract.ts";

/** Who has observed what of each item of a share, by index. */
export function observedOf(
  unit: UnitRuntime,
  thing: ThingReport | undefined,
): (index: number) => Pick<ItemRow, "observed"> {
  const byItem = new Map<number, { sightings: { party: string; last: number }[]; refutedBy: string[] }>();
  for (const { origin, observations: all } of thing?.voices ?? []) {
    const party = unit.membership.nameOf(origin);
    for (const { body } of all) {
      const index = body === undefined ? undefined : itemIndex(body.content);
      if (body === undefined || index === undefined) continue;
      const observed = byItem.get(index) ?? { sightings: [], refutedBy: [] };
      if (body.kind === "sighting") observed.sightings.push({ party, last: (body.content as { last: number }).last });
      if (body.kind === "false-positive") observed.refutedBy.push(party);
      byItem.set(index, observed);
    }
  }
  return (index) => {
    const observed = byItem.get(index);
    return observed === undefined ? {} : { observed };
  };
}

/** Which item a sighting or a false positive is about. */
export function itemIndex(content: Json): number | undefined {
  return (content as { item?: { index?: number } } | null)?.item?.index;
}

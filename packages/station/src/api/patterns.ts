import { viewOf } from "@detente/intel";
import { statedItems } from "../standing-items.ts";
import { standingShares } from "../standing-shares.ts";
import type { Station } from "../station.ts";
import { readNewest } from "../sync/read-indicators.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { PatternRow } from "./pattern-contract.ts";

/**
 * The STIX patterns of shares that stand, those that only list values among them: of each object that its author has
 * shared in several versions the newest, unless that revokes it.
 */
export async function* patterns(
  { blobs, index: { versions } }: Station,
  unit: UnitRuntime,
): AsyncGenerator<PatternRow> {
  for (const { leafHash, party, audience } of standingShares(unit)) {
    const share = unit.indexer.share(leafHash);
    if (share?.kind !== "objects") continue;
    const rows: PatternRow[] = [];
    const stated = await statedItems(versions, unit.archive.fold.thing(leafHash, share.audience));
    await readNewest(blobs, share.content, (object, index) => {
      const indicator = viewOf(object, "indicator");
      if (indicator === undefined || indicator.revoked === true || indicator.pattern_type !== "stix") return;
      if (stated(index).newer !== null) return;
      rows.push({
        party,
        share: leafHash,
        index,
        tlp: share.content.tlp,
        audience,
        id: object.id,
        name: indicator.name ?? null,
        pattern: indicator.pattern,
        validFrom: indicator.valid_from,
        validUntil: indicator.valid_until ?? null,
      });
    });
    yield* rows;
  }
}

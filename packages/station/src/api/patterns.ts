import { viewOf } from "@detente/intel";
import { standingShares } from "../standing-shares.ts";
import type { Station } from "../station.ts";
import { readNewest } from "../sync/read-indicators.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { PatternRow } from "./pattern-contract.ts";

/**
 * The STIX patterns of shares that stand, those that only list values among them: of each object that a share has in
 * several versions the newest, unless that revokes it.
 */
export async function* patterns({ blobs }: Station, unit: UnitRuntime): AsyncGenerator<PatternRow> {
  for (const { leafHash, party, audience } of standingShares(unit)) {
    const share = unit.indexer.share(leafHash);
    if (share?.kind !== "objects") continue;
    const rows: PatternRow[] = [];
    await readNewest(blobs, share.content, (object, index) => {
      const indicator = viewOf(object, "indicator");
      if (indicator === undefined || indicator.revoked === true || indicator.pattern_type !== "stix") return;
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

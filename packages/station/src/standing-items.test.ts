import { sha256, toHex, unwrap, utf8 } from "@detente/basics";
import { openIndex } from "@detente/store";
import type { ThingReport } from "@detente/unit";
import { expect, it } from "vitest";
import { statedItems } from "./standing-items.ts";

const [OLD, NEW] = [sha256(utf8("a share")), sha256(utf8("another of its author"))] as const;

it("an item is replaced where its author has shared a newer version, unless all of its share was withdrawn or waits", async () => {
  const index = unwrap(openIndex(":memory:"));
  try {
    const shares = [
      { at: 0, share: OLD, version: "2026-01-01T00:00:00" },
      { at: 5, share: NEW, version: "2026-01-02T00:00:00" },
    ];
    for (const { at, share, version } of shares) {
      const stated = { object: "indicator--1", version, content: sha256(utf8(version)), isRevoked: false };
      const versions = [{ log: "ann", index: at, share, item: 0, ...stated }];
      await index.writer.add({
        versions,
        items: [{ share, item: 0, kind: "domain", value: `${at}.example` }],
        texts: [],
      });
      await index.writer.setStanding({ log: "ann", index: at, share }, true);
    }
    const stated = async (share: Uint8Array, isWithdrawn: boolean): Promise<unknown> => {
      const thing = { hash: toHex(share), isWithdrawn } as ThingReport;
      return (await statedItems(index.versions, thing))(0);
    };
    const newer = { share: toHex(NEW), index: 0, modified: "2026-01-02T00:00:00Z", revoked: false };
    expect(await stated(OLD, false)).toEqual({ status: "replaced", newer });
    expect(await stated(OLD, true)).toEqual({ status: "withdrawn", newer: null });
    expect(await stated(NEW, false)).toEqual({ status: "effective", newer: null });
    expect((await statedItems(index.versions, undefined))(0)).toEqual({ status: "pending", newer: null });
  } finally {
    index.close();
  }
});

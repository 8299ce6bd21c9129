import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stations, type TestStation } from "../testing/stations.ts";

it("keeps no blob of a share that was not said", async () => {
  const stations = await Stations.create();
  try {
    const [ann] = (await stations.found("ann", "bob")) as [TestStation];
    await ann.ready();
    const { gate, speaker } = ann.station;
    const items = [{ kind: "domain", value: "evil.example" }];
    const share = (): ReturnType<typeof speaker.share> =>
      speaker.share({ title: "t", tlp: "green", audience: "unit", items });
    const kept = (): string[] =>
      readdirSync(join(ann.dir, "blobs"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("erased"))
        .map(({ name }) => name);
    expect((await share()).ok).toBe(true);
    const before = kept();
    expect(before).toHaveLength(1);
    gate.set("behind", "for this test");
    expect(await share()).toMatchObject({ ok: false, fault: { code: "not-ready" } });
    expect(kept()).toEqual(before);
  } finally {
    await stations.close();
  }
});

import { concatBytes, sha256, unwrap, utf8 } from "@detente/basics";
import { TLP_MARKINGS } from "@detente/intel";
import { ObjectsWriter } from "@detente/record";
import { expect, it } from "vitest";
import { indicator } from "../testing/exchange.ts";
import { Stations, type TestStation, until } from "../testing/stations.ts";
import type { ItemRow } from "./intel-contract.ts";

it("rows of objects bear the object's own label where their share is labelled laxer", async () => {
  const stations = await Stations.create();
  try {
    const [ann] = (await stations.found("ann", "bob")) as [TestStation];
    const writer = new ObjectsWriter(new Uint8Array(32).fill(7), 2);
    const red = { ...indicator(2), object_marking_refs: [TLP_MARKINGS.red] };
    for (const object of [indicator(1), red]) unwrap(writer.push(utf8(JSON.stringify(object))));
    const { pieces, collection, items } = writer.end();
    unwrap(await ann.station.blobs.put(sha256(concatBytes(...pieces)), items.size, pieces));
    const content = { title: "t", tlp: "clear", collection, items };
    await ann.post("/api/statements", { type: "open", kind: "objects", of: [], audience: "unit", content });
    const rows = async (): Promise<ItemRow[]> => {
      const headers = { authorization: `Bearer ${ann.station.token}` };
      const lines = (await (await ann.fetch("/api/items", { headers })).text()).split("\n");
      return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as ItemRow);
    };
    await until("both are there", async () => (await rows()).length === 2);
    expect((await rows()).map(({ tlp }) => tlp)).toEqual(["clear", "red"]);
  } finally {
    await stations.close();
  }
});

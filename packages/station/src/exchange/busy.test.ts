import { randomBytes } from "node:crypto";
import { toHex, unwrap } from "@detente/basics";
import { expect, it } from "vitest";
import { loadKeys } from "../setup/keys.ts";
import { envelope, indicator } from "../testing/exchange.ts";
import { Stations, type TestStation } from "../testing/stations.ts";
import { signRequest } from "../wire/http-signature.ts";
import { TAXII_MEDIA_TYPE } from "./media-type.ts";

it("peers and tools are answered while an envelope of many objects is taken in", async () => {
  const stations = await Stations.create();
  try {
    const [ann, bob] = (await stations.found("ann", "bob")) as [TestStation, TestStation];
    await ann.ready();
    const scopes = ["taxii:read", "taxii:write"] as const;
    const { secret } = unwrap(await ann.station.callers.grant({ label: "tool", scopes }));
    const { current } = unwrap(await loadKeys(bob.dir));
    const objects = "/taxii2/unit/collections";
    const tool = { authorization: `Bearer ${secret}`, accept: TAXII_MEDIA_TYPE, "content-type": TAXII_MEDIA_TYPE };
    const ofPeer = (): Record<string, string> =>
      signRequest(
        { method: "GET", url: `${ann.party.url}/log/checkpoint` },
        { keyid: "bob", seed: current.transport, to: "ann" },
        { created: Math.floor(Date.now() / 1000), nonce: toHex(new Uint8Array(randomBytes(16))) },
      );
    const order: string[] = [];
    const answered = (what: string) => (response: Response) => void order.push(`${what}: ${response.status}`);
    const body = envelope(Array.from({ length: 4000 }, (_, i) => indicator(i)));
    const posting = ann.fetch(`${objects}/release/objects/`, { method: "POST", headers: tool, body });
    const posted = posting.then(answered("envelope"));
    await ann.fetch("/log/checkpoint", { headers: ofPeer() }).then(answered("peer"));
    await ann.fetch(`${objects}/shared/objects/`, { headers: tool }).then(answered("tool"));
    await posted;
    expect(order).toEqual(["peer: 200", "tool: 200", "envelope: 202"]);
  } finally {
    await stations.close();
  }
});

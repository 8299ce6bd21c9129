import { type Bytes, ok, sha256, toHex, utf8 } from "@detente/basics";
import { expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { formatBodies, parseDigests } from "../wire/body-frames.ts";
import { FetchBodies } from "./fetch-bodies.ts";
import type { Peer } from "./peer.ts";

test("what a member withholds comes after what the others say, and costs them a request now and then", async () => {
  const body = utf8("what ann says");
  const asked = { ann: 0, mal: 0 };
  const peer = (name: "ann" | "mal", held: Bytes): Peer =>
    ({
      name,
      client: {
        async request(_: string, __: string, { body: sent }: { body: Bytes }) {
          asked[name]++;
          const digests = parseDigests(sent) ?? [];
          const answers = digests.map((digest) => (toHex(digest) === toHex(sha256(held)) ? held : ("absent" as const)));
          return ok({ status: 200, headers: new Headers(), body: formatBodies(answers) });
        },
      },
    }) as unknown as Peer;
  const peers = [peer("mal", utf8("nothing")), peer("ann", body)];
  let came: (body: Bytes) => void = () => undefined;
  const kept = new Promise<Bytes>((resolve) => (came = resolve));
  const fetching = new FetchBodies({
    peers: () => peers,
    keep: async ([first]) => {
      if (first !== undefined) came(first);
    },
    clock: systemClock,
    onFault: (error) => {
      throw error;
    },
  });
  const tenthsSince = (begun: number): number => (performance.now() - begun) / 100;
  const withheld = Array.from({ length: 20_000 }, (_, i) => toHex(sha256(utf8(`withheld ${i}`))));
  const begun = performance.now();
  fetching.want(withheld.map((digest) => ({ digest, author: "mal", sealed: false })));
  await systemClock.sleep(1000, new AbortController().signal);
  const before = asked.ann;
  // At most ten in vain in a second, however long this machine took, where there would be some hundreds.
  expect(before).toBeLessThan(tenthsSince(begun) + 3);
  const wanted = performance.now();
  fetching.want([{ digest: toHex(sha256(body)), author: "ann", sealed: false }]);
  expect(await kept).toEqual(body);
  expect(asked.ann - before).toBeLessThan(tenthsSince(wanted) + 3);
  await fetching.stop();
});

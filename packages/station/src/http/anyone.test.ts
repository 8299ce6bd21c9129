import { ed25519PublicKey } from "@detente/basics";
import { Hono } from "hono";
import { expect, it } from "vitest";
import { Budgets } from "../wire/budget.ts";
import { signRequest } from "../wire/http-signature.ts";
import { NonceCache } from "../wire/nonce-cache.ts";
import { Strangers } from "../wire/strangers.ts";
import { anyone } from "./members.ts";

const NOW = 1_700_000_000_000;
const seed = new Uint8Array(32).fill(7);
const once = {
  requests: { perSecond: 0.001, burst: 1 },
  bytes: { perSecond: 1, burst: 1 },
  statements: { perSecond: 1, burst: 1 },
  concurrent: 4,
};

it("a member is served when strangers have used up theirs, and a stranger from elsewhere too", async () => {
  const nonces = new NonceCache({ perPeer: 10, since: 0 });
  const access = {
    verification: () => ({
      self: "south",
      keyOf: (name: string) => (name === "north" ? ed25519PublicKey(seed) : undefined),
      nonces,
    }),
    isMember: () => true,
    accountOf: (name: string) => name,
    budgets: new Budgets(once, { maxPeers: 4, now: () => NOW }),
    now: () => NOW,
  };
  const roomy = { ...once, requests: { perSecond: 1, burst: 100 } };
  const app = new Hono().get("/", anyone(access, new Strangers({ each: once, all: roomy, now: () => NOW })), (c) =>
    c.text("served"),
  );
  const ask = async (address: string, headers: Record<string, string> = {}): Promise<number> =>
    (await app.request("http://south.example/", { headers }, { incoming: { socket: { remoteAddress: address } } }))
      .status;
  const signed = (nonce: string, by = seed): Record<string, string> =>
    signRequest(
      { method: "GET", url: "http://south.example/" },
      { keyid: "north", seed: by, to: "south" },
      { created: NOW / 1000, nonce },
    );

  expect([await ask("192.0.2.1"), await ask("192.0.2.1"), await ask("192.0.2.2")]).toEqual([200, 429, 200]);
  expect(await ask("192.0.2.1", signed("nonce-of-16-chars"))).toBe(200);
  // A signature that does not hold, or was seen before, makes nobody a member; and a member has a budget too.
  expect(await ask("192.0.2.1", signed("another-nonce-16", new Uint8Array(32)))).toBe(429);
  expect(await ask("192.0.2.1", signed("nonce-of-16-chars"))).toBe(429);
  expect(await ask("192.0.2.3", signed("third-nonce-of-16"))).toBe(429);
});

import { ed25519PublicKey, utf8 } from "@detente/basics";
import { Hono } from "hono";
import { beforeEach, expect, it } from "vitest";
import { Budgets } from "../wire/budget.ts";
import { signRequest } from "../wire/http-signature.ts";
import { NonceCache } from "../wire/nonce-cache.ts";
import { type MemberAccess, membersOnly } from "./members.ts";

const NOW = 1_700_000_000_000;
const URL = "http://south.example/";
const seed = new Uint8Array(32).fill(7);
const enough = { perSecond: 1000, burst: 1000 };
const limits = { requests: enough, bytes: enough, statements: enough, concurrent: 4 };

let access: MemberAccess;
let member: boolean;
let nonce = 0;
beforeEach(() => {
  const nonces = new NonceCache({ perPeer: 10, since: 0 });
  member = true;
  access = {
    verification: () => ({
      self: "south",
      keyOf: (name) => (name === "north" ? ed25519PublicKey(seed) : undefined),
      nonces,
    }),
    isMember: () => member,
    accountOf: (name) => name,
    budgets: new Budgets(limits, { maxPeers: 4, now: () => NOW }),
    now: () => NOW,
  };
});

/** What comes of a request whose signature is for `signed`, with a body that may be another. */
async function send(signed: string, body = signed, mayGuest?: () => boolean): Promise<string> {
  const app = new Hono().post("/", membersOnly(access, 100, mayGuest), (c) => c.text("served"));
  const headers = signRequest(
    { method: "POST", url: URL, headers: { "content-type": "text/plain" }, body: utf8(signed) },
    { keyid: "north", seed, to: "south" },
    { created: NOW / 1000, nonce: `nonce-of-16-chars-${nonce++}` },
  );
  const response = await app.request(URL, { method: "POST", headers, body: utf8(body) });
  const text = await response.text();
  return response.ok ? text : `${response.status} ${(JSON.parse(text) as { code: string }).code}`;
}

it("a body that is not the one that was signed is not taken", async () => {
  expect(await send("pay bob 1", "pay bob 9")).toBe("401 digest-mismatch");
  expect(await send("pay bob 1", "pay bob 1 and 8")).toBe("401 digest-mismatch");
});

it("a party that is only invited is given what guests may ask, and nothing else", async () => {
  member = false;
  expect(await send("what is said?")).toBe("403 not-yet-a-member");
});

it("a member is served what it has signed", async () => {
  expect(await send("what is said?")).toBe("served");
});

it("a guest is served where guests may ask", async () => {
  member = false;
  expect(await send("what is said?", "what is said?", () => true)).toBe("served");
});

it("whoever is not proven to be a member is told the same, whatever is wrong", async () => {
  const app = new Hono().post("/", membersOnly(access, 100), (c) => c.text("served"));
  const answers = [undefined, new Uint8Array(32)].map(async (by) => {
    const request = { method: "POST", url: URL, headers: { "content-type": "text/plain" }, body: utf8("x") };
    const fresh = { created: NOW / 1000, nonce: `nonce-of-16-chars-${nonce++}` };
    const headers = by && signRequest(request, { keyid: "north", seed: by, to: "south" }, fresh);
    const response = await app.request(URL, { method: "POST", headers: headers ?? {}, body: utf8("x") });
    return [response.status, ((await response.json()) as { code: string }).code];
  });
  expect(await Promise.all(answers)).toEqual([
    [401, "members-only"],
    [401, "members-only"],
  ]);
});

import { utf8, utf8Decode } from "@detente/basics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type HostileParty,
  type RawAnswer,
  type RawRequest,
  type Seen,
  startTestUnit,
  type TestStation,
  type TestUnit,
} from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let bravo: TestStation;
let charlie: TestStation;
let mallory: HostileParty;
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], hostile: ["mallory"], seed: 61 });
  alfa = unit.station("alfa");
  bravo = unit.station("bravo");
  charlie = unit.station("charlie");
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

function code({ status, body }: RawAnswer): string {
  return `${status} ${(JSON.parse(utf8Decode(body) ?? "{}") as { code?: string }).code}`;
}

/** What goes over the wire while `act` runs. */
async function overheard(act: () => Promise<unknown>): Promise<Seen[]> {
  const seen: Seen[] = [];
  const untap = unit.network.tap((one) => seen.push(one));
  await act();
  untap();
  return seen;
}

async function raw({ request }: Seen, url: string = request.url): Promise<RawRequest> {
  const body = new Uint8Array(await request.clone().arrayBuffer());
  return { url, method: request.method, headers: Object.fromEntries(request.headers), body };
}

async function aRequestOfAlfas(to: TestStation): Promise<Seen> {
  const seen = await overheard(async () => unit.untilEffective((await alfa.ask("overheard")).leafHash));
  const found = seen.find(
    (one) => one.from === "alfa.test" && one.to === to.host && one.request.url.endsWith("/mirror/add-entries"),
  );
  if (found === undefined) throw new Error("alfa brings what it says to the others");
  return found;
}

describe("a request that was overheard", () => {
  it("is refused when it is sent again", async () => {
    const seen = await aRequestOfAlfas(bravo);
    expect(code(await mallory.sendRaw(await raw(seen)))).toBe("401 replayed");
  });

  it("is refused by another station than it was meant for", async () => {
    const seen = await aRequestOfAlfas(bravo);
    const moved = await raw(seen, seen.request.url.replace(bravo.url, charlie.url));
    expect(code(await mallory.sendRaw(moved))).toBe("401 wrong-recipient");
  });

  it("is refused by a station that has started again meanwhile", async () => {
    const seen = await aRequestOfAlfas(bravo);
    await unit.pass(1000);
    await bravo.restart();
    await unit.untilReady(bravo);
    expect(code(await mallory.sendRaw(await raw(seen)))).toBe("401 stale");
  });

  it("is refused when it is old, and when it comes from the future", async () => {
    const now = Math.floor(unit.clock.now() / 1000);
    expect(code(await mallory.send(alfa, "GET", "/log/checkpoint", { created: now - 301 }))).toMatch(/stale$/);
    expect(code(await mallory.send(alfa, "GET", "/log/checkpoint", { created: now + 302 }))).toMatch(/not-yet$/);
    expect((await mallory.send(alfa, "GET", "/log/checkpoint", { created: now + 299 })).status).toBe(200);
  });
});

describe("a request that was changed", () => {
  it("in its body, is refused", async () => {
    const signed = mallory.sign(alfa, "POST", "/bodies", { body: new Uint8Array(32) });
    expect(code(await mallory.sendRaw({ ...signed, body: new Uint8Array(32).fill(1) }))).toBe("401 digest-mismatch");
  });

  it.each<[string, (signed: RawRequest) => RawRequest]>([
    ["method", (signed) => ({ ...mallory.sign(alfa, "PUT", "/bodies", signed), method: "POST" })],
    ["path", (signed) => ({ ...signed, url: signed.url.replace("/bodies", "/mirror/add-checkpoint") })],
    ["query", (signed) => ({ ...signed, url: `${signed.url}?all=1` })],
    ["digest", (signed) => ({ ...signed, headers: { ...signed.headers, "content-digest": "sha-256=:AAAA:" } })],
    ["encoding", (signed) => ({ ...signed, headers: { ...signed.headers, "content-encoding": "gzip" } })],
    [
      "name",
      (signed) => ({
        ...signed,
        headers: {
          ...signed.headers,
          "signature-input": signed.headers["signature-input"]?.replace("mallory", "bravo") ?? "",
        },
      }),
    ],
    [
      "time",
      (signed) => ({
        ...signed,
        headers: {
          ...signed.headers,
          "signature-input": signed.headers["signature-input"]?.replace(/created=\d+/, "created=1") ?? "",
        },
      }),
    ],
    [
      "signature",
      (signed) => ({ ...signed, headers: { ...signed.headers, signature: `detente=:${btoa("x".repeat(64))}:` } }),
    ],
  ])("in its %s, is refused as a stranger's is", async (_, change) => {
    const signed = mallory.sign(alfa, "POST", "/bodies", { body: new Uint8Array(32) });
    const { status, body } = await mallory.sendRaw(change(signed));
    expect([status, utf8Decode(body)]).toEqual([401, expect.stringContaining("members-only")]);
  });
});

describe("a request in another's name", () => {
  it("is refused, whatever it asks", async () => {
    for (const [method, path] of [
      ["POST", "/bodies"],
      ["POST", "/mirror/add-checkpoint"],
      ["POST", "/mirror/add-entries"],
      ["GET", "/log/checkpoint"],
    ] as const) {
      const answer = await mallory.send(alfa, method, path, {
        keyid: "bravo",
        ...(method === "POST" ? { body: utf8("x") } : {}),
      });
      expect(code(answer)).toBe("401 members-only");
    }
  });

  it("cannot use the interface of the party's own people", async () => {
    for (const headers of [
      {},
      { authorization: "Bearer " },
      { authorization: `Bearer ${"0".repeat(64)}` },
      { authorization: `Basic ${btoa("alfa:x")}` },
    ]) {
      expect((await alfa.fetch("/api/status", { headers })).status).toBe(401);
      expect((await alfa.fetch("/api/statements", { method: "POST", headers, body: "{}" })).status).toBe(401);
    }
    expect((await mallory.send(alfa, "GET", "/api/status")).status).toBe(401);
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import { StateStore } from "@detente/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stations, type TestStation } from "../testing/stations.ts";
import { Callers } from "./callers.ts";

let stations: Stations;
let ann: TestStation;
const HOUR = 3_600_000;

beforeAll(async () => {
  stations = await Stations.create();
  [ann] = (await stations.found("ann", "bob")) as [TestStation];
});
afterAll(() => stations.close());

const ask = (secret: string, path: string, body?: object): Promise<Response> =>
  ann.fetch(path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe("a machine's token", () => {
  it("lets it read what its scopes name, and nothing else", async () => {
    const { secret } = unwrap(await ann.station.callers.grant({ label: "siem", scopes: ["intel:read"] }));
    const status = async (path: string, body?: object): Promise<number> => (await ask(secret, path, body)).status;
    expect(await status("/api/intel")).toBe(200);
    expect(await status("/api/indicators")).toBe(200);
    expect(await status("/api/openapi.json")).toBe(200);
    for (const path of [
      "/api/status",
      "/api/log",
      "/api/export",
      "/api/charter",
      "/api/watch/pending",
      "/api/tokens",
    ]) {
      expect(await status(path)).toBe(403);
    }
  });

  it("never lets it speak for the party, nor make tokens, whatever its scopes", async () => {
    const { secret } = unwrap(await ann.station.callers.grant({ label: "all", scopes: ["intel:read", "record:read"] }));
    const said = { type: "open", kind: "question", of: [], audience: "unit", content: { title: "t", text: "t" } };
    for (const [path, body] of [
      ["/api/statements", said],
      ["/api/tokens", { label: "more", scopes: ["record:read"] }],
      ["/api/keys/rotate", { role: "log" }],
      ["/api/recover", { without: [] }],
    ] as const) {
      const answer = await ask(secret, path, body);
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: "out-of-scope" });
    }
  });

  it("is worth nothing once it is revoked, over, or was never given", async () => {
    const { callers } = ann.station;
    const revoked = unwrap(await callers.grant({ label: "a", scopes: ["record:read"] }));
    expect((await ask(revoked.secret, "/api/status")).status).toBe(200);
    unwrap(await callers.revoke(revoked.id));
    expect((await ask(revoked.secret, "/api/status")).status).toBe(401);
    expect((await ask(`${revoked.secret}0`, "/api/status")).status).toBe(401);
    expect((await ask(revoked.id, "/api/status")).status).toBe(401);
    expect((await callers.revoke(revoked.id)).ok).toBe(false);
    const past = await callers.grant({ label: "late", scopes: ["record:read"], expires: stations.clock.now() });
    expect(past.ok).toBe(false);
    const scopes = ["record:read", "taxii:sealed"] as const;
    const soon = unwrap(await callers.grant({ label: "soon", scopes, expires: stations.clock.now() + HOUR }));
    expect(await callers.anyHas(["taxii:sealed"])).toBe(true);
    stations.skip(HOUR);
    expect((await ask(soon.secret, "/api/status")).status).toBe(401);
    // Collections are kept for readers: of those whose time is over there are none.
    expect(await callers.anyHas(["taxii:sealed"])).toBe(false);
    expect(await callers.anyHas(["record:read", "intel:read"])).toBe(true);
  });

  it("is listed without its secret, which is nowhere in the answers that follow", async () => {
    const granted = (await (
      await ask(ann.station.token, "/api/tokens", { label: "listed", scopes: ["record:read"] })
    ).json()) as { id: string; secret: string };
    const listed = await (await ask(ann.station.token, "/api/tokens")).text();
    expect(listed).toContain(granted.id);
    expect(listed).not.toContain(granted.secret);
    expect((await ask(ann.station.token, "/api/tokens", { label: "x", scopes: ["everything"] })).status).toBe(400);
  });
});

it("a token is good before the moment at which it expires, and none is made for that moment or before", async () => {
  const dir = mkdtempSync(join(tmpdir(), "callers-"));
  const state = unwrap(StateStore.open(join(dir, "state.sqlite")));
  try {
    let time = 1000;
    let drawn = 0;
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(++drawn);
    const callers = new Callers({ tokens: state.tokens, officer: "officer", random, now: () => time });
    const wanted = { label: "siem", scopes: ["intel:read"] } as const;
    for (const expires of [0, 999, 1000]) {
      expect(await callers.grant({ ...wanted, expires })).toMatchObject({ ok: false, fault: { code: "expired" } });
    }
    expect(await callers.list()).toEqual([]);
    const granted = unwrap(await callers.grant({ ...wanted, expires: 1001 }));
    expect(await callers.list()).toMatchObject([{ label: "siem", created: 1000, expires: 1001 }]);
    expect(await callers.identify(granted.secret)).toMatchObject({ role: "machine", id: granted.id });
    expect(await callers.anyHas(["intel:read"])).toBe(true);
    time = 1001;
    expect(await callers.identify(granted.secret)).toBeUndefined();
    expect(await callers.anyHas(["intel:read"])).toBe(false);
    const lasting = unwrap(await callers.grant(wanted));
    expect(lasting).not.toHaveProperty("expires");
    time = Number.MAX_SAFE_INTEGER;
    expect(await callers.identify(lasting.secret)).toMatchObject({ id: lasting.id });
  } finally {
    state.close();
    rmSync(dir, { recursive: true });
  }
});

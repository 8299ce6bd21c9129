import { utf8 } from "@detente/basics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostileParty, startTestUnit, type TestStation, type TestUnit } from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let mallory: HostileParty;
beforeAll(async () => {
  const peerBudget = { requestsPerMinute: 1200, bytesPerMinute: 1 << 20, statementsPerMinute: 2000 };
  unit = await startTestUnit({
    parties: ["alfa", "bravo", "charlie"],
    hostile: ["mallory"],
    seed: 91,
    config: { peerBudget },
  });
  alfa = unit.station("alfa");
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

/** The first answer of many that is a refusal for being too many. */
async function flood(
  send: () => Promise<{ status: number; headers: Headers }>,
  most: number,
): Promise<{ status: number; headers: Headers }> {
  for (let i = 0; i < most; i++) {
    const answer = await send();
    if (answer.status === 429) return answer;
  }
  throw new Error(`none of ${most} requests was too many`);
}

async function expectOthersAreServed(): Promise<void> {
  const questions = await Promise.all(unit.stations().map((station) => station.ask("are we served?")));
  await unit.untilEffective(...questions.map(({ leafHash }) => leafHash));
}

/** The bucket fills up again in a minute. */
async function expectServedAgain(): Promise<void> {
  await unit.pass(61_000);
  expect((await mallory.send(alfa, "GET", "/log/checkpoint")).status).toBe(200);
}

describe("a member that asks too much is put off, it alone, and for a while", () => {
  it("by the number of its requests", async () => {
    const refused = await flood(() => mallory.send(alfa, "GET", "/log/checkpoint"), 3000);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    await expectOthersAreServed();
    await expectServedAgain();
  });

  it("by their bytes", async () => {
    const body = new Uint8Array(32 * 256);
    const refused = await flood(() => mallory.send(alfa, "POST", "/bodies", { body }), 500);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    await expectOthersAreServed();
    await expectServedAgain();
  });

  it("by the statements that it brings", async () => {
    const many = (): Uint8Array[] => Array.from({ length: 2500 }, (_, i) => utf8(`${mallory.log.size + i}`));
    mallory.log.append(...many());
    expect((await mallory.toMirror(alfa)).ok).toBe(true);
    mallory.log.append(...many());
    const answer = await mallory.toMirror(alfa);
    expect(answer.ok ? "taken" : answer.fault.message).toMatch(/429/);
    await expectOthersAreServed();
    await unit.pass(61_000);
  });

  it.each([
    ["requests", "/mirror/add-checkpoint", 64],
    ["requests for bodies, whose answers are held in memory", "/bodies", 4],
    ["uploads, which are held in memory", "/mirror/add-entries", 2],
  ])("by how many %s it has under way", async (_, path, most) => {
    const open: ReadableStreamDefaultController[] = [];
    const slow = (): Promise<Response> => {
      const { headers } = mallory.sign(alfa, "POST", path, { body: new Uint8Array(32) });
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({ start: (controller) => void open.push(controller) });
      return alfa.fetch(path, { method: "POST", headers, body, duplex: "half" });
    };
    const underWay = Array.from({ length: most }, slow);
    const refused = await slow();
    expect(refused.status).toBe(429);
    await expectOthersAreServed();
    for (const controller of open) controller.error(new Error("gone"));
    for (const { status } of await Promise.all(underWay)) expect(status).toBe(400);
    expect((await mallory.send(alfa, "GET", "/log/checkpoint")).status).toBe(200);
  });
});

describe("strangers that ask too much", () => {
  it("keep no member from being witnessed", async () => {
    const nonsense = (): Promise<Response> =>
      alfa.fetch("/witness/add-checkpoint", { method: "POST", body: "old 0\n\nx" });
    const refused = await flood(nonsense, 20_000);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    const before = (await unit.station("bravo").status()).own.witnessed;
    await expectOthersAreServed();
    await unit.until(
      "bravo's new statement is witnessed",
      async () => (await unit.station("bravo").status()).own.witnessed > before,
    );
    const { origin, station: bravo } = unit.station("bravo");
    await unit.until(
      "alfa has cosigned all of it",
      async () => (await alfa.station.state.witness.get(origin))?.size === bravo.own.reader.size,
    );
  });
});

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { utf8 } from "@detente/basics";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type HostileParty,
  mulberry32,
  seededBytes,
  startTestUnit,
  type TestStation,
  type TestUnit,
} from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let mallory: HostileParty;
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], hostile: ["mallory"], seed: 131 });
  alfa = unit.station("alfa");
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

const BOMB = gzipSync(new Uint8Array(70 << 20));

/** Bytes of the heap that are in use. */
function used(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Requests, each wrong in its own way. */
async function assail(round: number): Promise<void> {
  const random = mulberry32(round);
  const bytes = seededBytes(round);
  const post = (path: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<unknown> =>
    mallory.send(alfa, "POST", path, { body, headers });
  for (let i = 0; i < 40; i++) {
    const noise = bytes(Math.floor(random() * 2000));
    await post("/bodies", bytes(32 * 64));
    await post("/witness/add-checkpoint", noise);
    await post("/mirror/add-entries", gzipSync(noise), { "content-encoding": "gzip" });
    await mallory.showHead(alfa, mallory.log.claim(1000 + i, bytes(32)), { oldSize: mallory.log.size });
    await mallory.showHead(alfa, mallory.log.claim(1000 + i, bytes(32)), { service: "mirror", oldSize: 7 });
    await mallory.send(alfa, "GET", `/mirror/${i}/checkpoint`, { keyid: `stranger-${round}-${i}` });
    await alfa.fetch(`/${i}/${round}`, { method: "POST", body: utf8("x".repeat(1000)) });
    await alfa.fetch("/witness/add-checkpoint", { method: "POST", body: "old 0\n\nx\n1\nAAAA\n" });
  }
  await post("/mirror/add-entries", BOMB, { "content-encoding": "gzip" });
  // Nonces are kept for as long as their signatures are good.
  await unit.pass(1000);
}

it("hostile input, over and over, leaves nothing behind in memory", async () => {
  await assail(1);
  await assail(2);
  const before = used();
  for (let round = 3; round < 7; round++) await assail(round);
  const perRequest = (used() - before) / (4 * 40 * 8);
  // A nonce that was used counts some 200 bytes until it expires; bodies and notes that stayed would be thousands.
  expect(perRequest).toBeLessThan(1000);
  const { leafHash } = await alfa.ask("all well?");
  await unit.untilEffective(leafHash);
});

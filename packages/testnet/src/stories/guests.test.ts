import type { Json } from "@detente/basics";
import { originHash } from "@detente/tlog";
import { type CharterDocument, charterDigest, leastQuorum } from "@detente/record";
import { afterAll, beforeAll, expect, it } from "vitest";
import { HostileParty, seededBytes, startTestUnit, type TestUnit } from "../index.ts";

let unit: TestUnit;
beforeAll(async () => {
  const peerBudget = { requestsPerMinute: 3000, bytesPerMinute: 1 << 26, statementsPerMinute: 10_000 };
  const parties = ["alfa", "bravo", "charlie"];
  unit = await startTestUnit({ parties, hostile: ["mallory"], seed: 141, config: { peerBudget } });
});
afterAll(() => unit.close());

/** A party that mallory proposes to take in, at an address that mallory has chosen. */
function guestAt(url: string): HostileParty {
  const mallory = unit.hostile("mallory");
  const fetch = unit.network.fetchFrom("mallory.test");
  const guest = new HostileParty({ name: "guest", url, clock: unit.clock, fetch, random: seededBytes(1410) });
  const parties = [...unit.charter.parties, guest.file].sort((a, b) => (a.name < b.name ? -1 : 1));
  const charter: CharterDocument = {
    ...unit.charter,
    base: charterDigest(unit.charter),
    parties,
    quorum: leastQuorum(parties.length),
  };
  mallory.write({ type: "open", kind: "charter", content: { charter } as unknown as Json });
  guest.adopt(unit.charter);
  return guest;
}

it("whoever proposes a party makes no station call what listens on its own machine", async () => {
  const called: string[] = [];
  unit.network.attach("127.0.0.1", async (request) => {
    called.push(`${request.method} ${request.url}`);
    return new Response("");
  });
  const guest = guestAt("http://127.0.0.1:6379/flush");
  await unit.spread(unit.hostile("mallory"));
  const alfa = unit.station("alfa");
  // Its log names bodies that nobody has but itself.
  await guest.publish(alfa);
  await unit.until("alfa has read the guest's log", () => alfa.unit.archive.foldedSize(guest.origin) > 0);
  await unit.pass(5000);
  expect(called).toEqual([]);
  const { leafHash } = await alfa.ask("all well?");
  await unit.untilEffective(leafHash);
});

it("parties of its own making give a member no larger budget", async () => {
  const guest = guestAt("https://guest.test");
  const mallory = unit.hostile("mallory");
  await unit.spread(mallory);
  const alfa = unit.station("alfa");
  const path = `/witness/${originHash(guest.origin)}/checkpoint`;
  const statuses = new Set<number>();
  for (let i = 0; i < 4000 && !statuses.has(429); i++) statuses.add((await guest.send(alfa, "GET", path)).status);
  expect([...statuses]).toEqual([404, 429]);
  expect((await mallory.send(alfa, "GET", "/log/checkpoint")).status).toBe(429);
  const { leafHash } = await unit.station("bravo").ask("are we served?");
  await unit.untilEffective(leafHash);
});

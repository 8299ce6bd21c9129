import { afterEach, describe, expect, it } from "vitest";
import { mulberry32, startTestUnit, type TestStation, type TestUnit } from "../index.ts";

let unit: TestUnit;
afterEach(() => unit.close());

const PARTIES = ["alfa", "bravo", "charlie"] as const;

describe("a wire that loses, delays, repeats and reorders", () => {
  it("brings a burst of 1,000 statements into effect everywhere, and all see one state", async () => {
    unit = await startTestUnit({
      parties: PARTIES,
      seed: 41,
      weather: { dropRequest: 0.08, dropResponse: 0.08, duplicate: 0.08, maxDelay: 60 },
    });
    const random = mulberry32(41);
    const speakers = Array.from({ length: 1000 }, () => unit.station(PARTIES[Math.floor(random() * 3)] as string));
    const burst = Promise.all(speakers.map((station, i) => station.ask(`question ${i}`)));
    await unit.pass(500);
    const hashes = (await burst).map(({ leafHash }) => leafHash);
    await unit.untilAgreed(200_000);
    for (const station of unit.stations())
      expect(hashes.filter((hash) => station.seen(hash) !== "effective")).toEqual([]);
    for (const { fold } of unit.stations()) expect(fold.counts()).toMatchObject({ pending: 0, waiting: 0, void: 0 });
  });

  it("that is cut in two goes on only where a quorum is, and heals", async () => {
    unit = await startTestUnit({ parties: [...PARTIES, "delta"], seed: 42 });
    const [alfa, , charlie, delta] = unit.stations() as [TestStation, TestStation, TestStation, TestStation];
    unit.network.cut(["alfa.test", "bravo.test", "charlie.test"], ["delta.test"]);
    const ofMany = await alfa.ask("asked among three of four");
    const ofFew = await delta.ask("asked all alone");
    // Of four, two others make a quorum.
    await unit.until("it took effect where a quorum is", () =>
      [alfa, charlie].every((one) => one.seen(ofMany.leafHash) === "effective"),
    );
    await unit.pass(2000);
    expect(delta.seen(ofFew.leafHash)).toBe("pending");
    expect(delta.seen(ofMany.leafHash)).toBeUndefined();
    unit.network.mend();
    await unit.untilEffective(ofMany.leafHash, ofFew.leafHash);
    await unit.untilAgreed();
  });

  it("to a station that is down lets the others go on, and it catches up", async () => {
    unit = await startTestUnit({ parties: [...PARTIES, "delta"], seed: 43 });
    const delta = unit.station("delta");
    await delta.stop();
    const asking = Array.from({ length: 40 }, (_, i) => unit.station(PARTIES[i % 3] as string).ask(`question ${i}`));
    const asked = (await Promise.all(asking)).map(({ leafHash }) => leafHash);
    const share = await unit.station("alfa").share({ items: [{ kind: "domain", value: "missed.example" }] });
    await unit.untilEffective(...asked, share.leafHash);
    await delta.start();
    await unit.untilEffective(...asked, share.leafHash);
    await unit.until("delta has the shared items", async () => {
      const { body } = await delta.api("GET", "/api/intel?q=missed");
      return JSON.stringify(body).includes("missed.example");
    });
    await unit.untilAgreed();
  });
});

import { utf8, utf8Decode } from "@detente/basics";
import { originHash } from "@detente/tlog";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type HostileParty, startTestUnit, type TestStation, type TestUnit } from "../index.ts";

let unit: TestUnit;
let bravo: TestStation;
let charlie: TestStation;
let delta: TestStation;
let aaron: HostileParty;
/** Its name comes first, so that it is asked first. */
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["bravo", "charlie", "delta"], hostile: ["aaron"], seed: 101 });
  bravo = unit.station("bravo");
  charlie = unit.station("charlie");
  delta = unit.station("delta");
  aaron = unit.hostile("aaron");
});
afterEach(() => void aaron.tricks.splice(0));
afterAll(() => unit.close());

/** Sets bravo back to before its last statement, which is given. */
async function setBravoBack(): Promise<string> {
  const backup = await bravo.backUp();
  await unit.untilReady(bravo);
  const { leafHash } = await bravo.ask("after the backup");
  await unit.untilEffective(leafHash);
  await unit.untilAgreed();
  await bravo.restore(backup);
  return leafHash;
}

/** What aaron answers below a path of its own. */
function answerAt(path: RegExp, answer: (path: string) => Response | Promise<Response>): void {
  aaron.tricks.push((request) => {
    const { pathname } = new URL(request.url);
    return path.test(pathname) ? answer(pathname) : undefined;
  });
}

describe("a mirror", () => {
  it("that shows the true head and false tiles: the log is recovered from another", async () => {
    const head = (): Uint8Array => charlie.unit.archive.log(bravo.origin)?.head?.note ?? new Uint8Array(0);
    answerAt(
      new RegExp(`^/(witness|mirror)/${originHash(bravo.origin)}/checkpoint$`),
      () => new Response(utf8Decode(head()) ?? ""),
    );
    answerAt(/\/tile\//, () => new Response(new Uint8Array(32 * 256).fill(7)));
    const lost = await setBravoBack();
    await unit.until("bravo notices", () => bravo.station.gate.state === "behind");
    const { status, body } = await bravo.api("POST", "/api/recover", { without: [] });
    expect(status).toBe(200);
    expect((body as { source: string }).source).not.toBe("aaron");
    await unit.untilReady(bravo);
    await unit.untilEffective(lost);
    await unit.untilAgreed();
  });

  it.each([
    [
      "a head that our key never signed",
      () => new Response(aaron.log.claim(999, new Uint8Array(32), bravo.origin).note as Uint8Array<ArrayBuffer>),
    ],
    ["garbage", () => new Response(utf8("garbage") as Uint8Array<ArrayBuffer>)],
    [
      "an endless head",
      () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20)) })),
    ],
    ["an error", () => new Response(null, { status: 500 })],
  ])("that answers a station that starts with %s: it is named, and an officer can do without it", async (_, answer) => {
    answerAt(/\/checkpoint$/, answer);
    await bravo.restart();
    await unit.until("bravo says for whom it waits", () => bravo.station.gate.detail.includes("waiting for aaron"));
    expect((await bravo.tryToAsk("may I?")).status).toBe(503);
    expect((await bravo.api("POST", "/api/recover", { without: ["aaron"] })).status).toBe(200);
    await unit.untilReady(bravo);
    const { leafHash } = await bravo.ask("go on");
    await unit.untilEffective(leafHash);
  });

  it("that says that it holds what it does not: no statement depends on its word", async () => {
    answerAt(/add-entries$/, () => new Response("", { status: 200 }));
    unit.network.cut(["bravo.test"], ["charlie.test", "delta.test"]);
    const { leafHash } = await bravo.ask("held by aaron alone");
    await unit.pass(2000);
    expect(bravo.seen(leafHash)).toBe("pending");
    unit.network.mend();
    await unit.untilEffective(leafHash);
  });

  it("that is given other entries than its head covers: it takes none of them", async () => {
    aaron.write({});
    const log = aaron.log.fork();
    log.entries[log.size - 1] = utf8("another last entry");
    for (const station of [bravo, charlie, delta]) {
      expect((await aaron.toMirror(station, log)).ok).toBe(false);
      expect(station.unit.archive.log(aaron.origin)?.size).toBe(log.size - 1);
    }
    for (const station of unit.stations()) await aaron.publish(station);
    await unit.untilAgreed();
  });
});

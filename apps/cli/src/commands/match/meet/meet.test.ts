import type { MeetingRow, Question } from "@detente/station";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../../testing/console.ts";
import { type Name, ThreeStations } from "../../../testing/three-stations.ts";

/* Alpha and Bravo meet over real sockets, Charlie reads along. */

let stations: ThreeStations;

beforeAll(async () => {
  stations = await ThreeStations.start();
  await stations.write("bravo.txt", "evil.example.net\nbravo.example\n");
});

afterAll(() => stations.close());

async function untilPhase(at: Name, phase: MeetingRow["phase"]): Promise<void> {
  await until(
    () => stations.as(at, "match", "meet", "status", "--json"),
    ({ out }) => (JSON.parse(out) as readonly MeetingRow[])[0]?.phase === phase,
  );
}

describe("detente match meet", () => {
  it("counts what both have, and shows it by consent of both", async () => {
    expect(await stations.as("alpha", "match", "meet", "status")).toMatchObject({
      code: 1,
      out: "There are no meetings on the record.\n",
    });
    const terms = ["--file", stations.path("phish.csv"), "--purpose", "one intrusion or two", "--for", "1h"];
    const stranger = await stations.as("alpha", "match", "meet", "propose", "zulu", ...terms);
    expect(stranger).toMatchObject({ code: 2 });
    expect(stranger.err).toContain("zulu is no other member of the unit");
    const proposed = await stations.as("alpha", "match", "meet", "propose", "bravo", ...terms, "--json");
    expect(proposed.err).toContain("phish.csv");
    const { meeting } = JSON.parse(proposed.out) as { meeting: string };
    await untilPhase("bravo", "proposed");
    const name = meeting.slice(0, 8);
    const early = await stations.as("alpha", "match", "meet", "reveal", name);
    expect(early.err).toContain("is proposed: that is no time for this");
    const file = stations.path("bravo.txt");
    const entered = await stations.as("bravo", "match", "meet", "accept", name, "--file", file);
    expect(entered.out).toMatch(/^Entered meeting [0-9a-f]+ with a list of 2 indicators\n$/);
    for (const party of ["alpha", "bravo", "charlie"] as const) await untilPhase(party, "counted");
    expect((await stations.as("charlie", "match", "meet", "status")).out).toMatch(
      /alpha, bravo +1024, 1024 +1 +\S+ +counted; to consent: alpha, bravo +one intrusion or two/,
    );
    expect((await stations.as("alpha", "match", "meet", "show", name)).err).toContain("what is common was not shown");
    for (const party of ["alpha", "bravo"] as const) await stations.json(party, "match", "meet", "reveal", name);
    for (const party of ["alpha", "bravo"] as const) {
      await untilPhase(party, "over");
      const common = await stations.json<readonly Question[]>(party, "match", "meet", "show", name);
      expect(common).toEqual([{ kind: "domain", value: "evil.example.net" }]);
    }
    expect((await stations.as("bravo", "match", "meet", "erase", name)).code).toBe(0);
    expect(await stations.as("bravo", "match", "meet", "show", name)).toMatchObject({ code: 2 });
    expect((await stations.as("charlie", "match", "meet", "abort", name)).err).toContain(
      "no meeting that was proposed",
    );
    const log = await stations.as("charlie", "log", "--all");
    expect(log.out).toContain("both lists have 1 item in common");
  });
});

import { readFile } from "node:fs/promises";
import { present, unwrap } from "@detente/basics";
import { connectStation, type MeetingRow, type Question } from "@detente/station";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { detente, until } from "../../../testing/console.ts";
import { type Name, ThreeStations } from "../../../testing/three-stations.ts";

/* Alpha and Bravo meet over real sockets, Charlie reads along. */

let stations: ThreeStations;

beforeAll(async () => {
  stations = await ThreeStations.start();
  await stations.write("bravo.txt", "evil.example.net\nbravo.example\n");
});

afterAll(() => stations.close());

/** Of the last meeting. */
async function untilPhase(at: Name, phase: MeetingRow["phase"]): Promise<void> {
  await until(
    () => stations.as(at, "match", "meet", "status", "--json"),
    ({ out }) => (JSON.parse(out) as readonly MeetingRow[]).at(-1)?.phase === phase,
  );
}

/** Alpha says it without its station's help. */
async function complain(meeting: string, outcome: string): Promise<void> {
  const client = unwrap(await connectStation(stations.path("alpha")));
  const content = { outcome };
  const said = await client.post<object>("/api/statements", {
    type: "observe",
    kind: "meeting-end",
    of: [meeting],
    audience: "unit",
    content,
  });
  expect(said).toMatchObject({ ok: true });
  await client.close();
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

  it("hands on what shows a complaint to be true or false, and anybody judges it by the record", async () => {
    const terms = ["--file", stations.path("phish.csv"), "--purpose", "again", "--for", "1h"];
    const { meeting } = await stations.json<{ meeting: string }>(
      "alpha",
      "match",
      "meet",
      "propose",
      "bravo",
      ...terms,
    );
    await untilPhase("bravo", "proposed");
    await stations.json("bravo", "match", "meet", "accept", meeting, "--file", stations.path("bravo.txt"));
    for (const party of ["alpha", "bravo"] as const) await untilPhase(party, "counted");
    const name = meeting.slice(0, 8);
    const file = stations.path("meeting.evidence");
    const early = await stations.as("bravo", "match", "meet", "evidence", name, "-o", file);
    expect(early).toMatchObject({ code: 2, err: expect.stringContaining("no messages are kept") });
    // The number is that of the messages, as the test before has it.
    await complain(meeting, "wrong-count");
    await until(
      () => stations.as("bravo", "match", "meet", "evidence", name, "-o", file),
      ({ code }) => code === 0,
    );
    await untilPhase("charlie", "over");
    expect((await stations.as("charlie", "match", "meet", "status")).out).toContain("bravo is accused: wrong-count");
    const record = stations.path("record.gz");
    await stations.json("charlie", "export", "-o", record);
    expect(await detente(["verify", file])).toMatchObject({
      code: 2,
      err: expect.stringContaining("which the record judges"),
    });
    const verified = await detente(["verify", file, record]);
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.out).toContain("the counted of alpha is the one on the record");
    expect(verified.out).toContain("alpha is at fault: it complains of wrong-count, and that is not so");
    expect(JSON.parse((await detente(["verify", file, record, "--json"])).out)).toMatchObject({
      form: "meeting-evidence",
      valid: true,
      meeting,
      fault: { why: "accused", party: "bravo" },
      blamed: [{ party: "alpha", why: "false-complaint", outcome: "wrong-count" }],
    });
    const changed = new Uint8Array(await readFile(file));
    changed[changed.length - 1] = present(changed.at(-1), "a byte") ^ 1;
    const forged = await detente(["verify", await stations.write("forged.evidence", changed), record]);
    expect(forged).toMatchObject({ code: 1, out: expect.stringContaining("is not the one that the record names") });
    const cut = await stations.write("cut.evidence", changed.subarray(0, -1));
    expect(await detente(["verify", cut, record])).toMatchObject({
      code: 2,
      err: expect.stringContaining("cut short"),
    });
    const stranger = Uint8Array.from(changed).fill(0, 8, 40);
    expect(await detente(["verify", await stations.write("other.evidence", stranger), record])).toMatchObject({
      code: 1,
      out: expect.stringContaining("the record has no meeting 000000000000"),
    });
  });
});

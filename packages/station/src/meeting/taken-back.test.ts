import { afterAll, beforeAll, expect, it } from "vitest";
import type { MeetingRow } from "../api/meeting-contract.ts";
import { Stations, type TestStation, until } from "../testing/stations.ts";

let stations: Stations;
let ann: TestStation;
let bob: TestStation;

beforeAll(async () => {
  stations = await Stations.create();
  [ann, bob] = (await stations.found("ann", "bob")) as [TestStation, TestStation];
  await ann.ready();
});
afterAll(() => stations.close());

async function phases(station: TestStation): Promise<string[]> {
  const { rows } = (await station.api<{ rows: MeetingRow[] }>("GET", "/api/meetings")).body;
  return rows.map(({ meeting, phase }) => `${meeting} ${phase}`);
}

it("a proposal that nobody has observed yet is taken back by whoever made it, once", async () => {
  stations.cut(ann, bob);
  const { meeting } = (await ann.post("/api/meetings/propose", {
    with: "bob",
    purpose: "to see",
    until: stations.clock.now() + 3_600_000,
    indicators: [{ kind: "domain", value: "evil.example" }],
  })) as { meeting: string };
  await until("the proposal is said", () => ann.unit.archive.fold.find(meeting)[0]?.status.state === "pending");
  expect(await ann.api("POST", "/api/meetings/reveal", { meeting })).toMatchObject({ status: 409 });
  expect(await bob.api("POST", "/api/meetings/abort", { meeting })).toMatchObject({ status: 404 });
  expect(await ann.api("POST", "/api/meetings/abort", { meeting: "ab".repeat(32) })).toMatchObject({ status: 404 });
  expect((await ann.api("POST", "/api/meetings/abort", { meeting: "../open" })).status).toBeGreaterThanOrEqual(400);
  await ann.post("/api/meetings/abort", { meeting });
  expect(await ann.api("POST", "/api/meetings/abort", { meeting })).toMatchObject({ status: 409 });
  stations.mend();
  for (const station of [ann, bob]) {
    await until("it is over", async () => (await phases(station)).join() === `${meeting} over`);
  }
});

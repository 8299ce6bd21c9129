import { type Json, unwrap } from "@detente/basics";
import type { CharterDocument, PartyFile } from "@detente/record";
import { originHash } from "@detente/tlog";
import { verifyBundle } from "@detente/unit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CharterProposal, CharterReport } from "./api/charter-contract.ts";
import { exportRecord } from "./api/export.ts";
import {
  asFile,
  asJson,
  charterOf,
  digestOf,
  Stations,
  type TestStation,
  until,
  untilAgreed,
} from "./testing/stations.ts";

let stations: Stations;
let ann: TestStation;
let bob: TestStation;
let cem: TestStation;

beforeEach(async () => {
  stations = await Stations.create();
  [ann, bob, cem] = (await stations.found("ann", "bob", "cem")) as [TestStation, TestStation, TestStation];
});

afterEach(() => stations.close());

async function charter(station: TestStation): Promise<CharterReport> {
  return (await station.api<CharterReport>("GET", "/api/charter")).body;
}

/** An amendment of what is in force at `from`, of these parties. */
async function amendment(
  from: TestStation,
  parties: readonly PartyFile[],
  changes: Partial<CharterDocument> = {},
): Promise<CharterDocument> {
  return charterOf(parties, { base: (await charter(from)).digest, ...changes });
}

async function filesAt(station: TestStation): Promise<PartyFile[]> {
  return (await charter(station)).parties as unknown as PartyFile[];
}

async function propose(by: TestStation, document: CharterDocument, ...at: TestStation[]): Promise<string> {
  await by.post("/api/charter/propose", { document: asJson(document) });
  const digest = digestOf(document);
  await until("the proposal is known", async () => {
    const reports = await Promise.all(at.map((station) => proposal(station, digest)));
    return reports.every((report) => report !== undefined);
  });
  return digest;
}

async function proposal(station: TestStation, digest: string): Promise<CharterProposal | undefined> {
  return (await charter(station)).proposals.find((candidate) => candidate.digest === digest);
}

async function untilInForce(digest: string, ...at: TestStation[]): Promise<void> {
  await until("the charter is in force", async () =>
    (await Promise.all(at.map(charter))).every((report) => report.digest === digest),
  );
}

async function untilEffective(hash: string, ...at: TestStation[]): Promise<void> {
  await until("the statement is in effect", () => at.every((station) => station.fate(hash) === "effective"));
}

/** Takes `newcomer` in, on the invitation of `host`. */
async function takeIn(newcomer: TestStation, host: TestStation, members: readonly TestStation[]): Promise<string> {
  const digest = await propose(host, await amendment(host, [...(await filesAt(host)), newcomer.party]), ...members);
  const invitation = await host.api("GET", `/api/charter/invitation?digest=${digest}`);
  await newcomer.start();
  await newcomer.post("/api/charter/join", invitation.body);
  await until("the newcomer has accepted", async () => {
    const reports = await Promise.all(members.map((member) => proposal(member, digest)));
    return reports.every((report) => report?.acceptWith?.length === 2);
  });
  for (const member of members) await member.post("/api/charter/accept", { digest });
  return digest;
}

describe("amending the charter", () => {
  test("members propose and accept; a proposal says what it waits for", async () => {
    const document = await amendment(ann, await filesAt(ann), { purpose: "More.", attempt: 3 });
    const digest = await propose(ann, document, ann, bob, cem);
    const statement = (await proposal(bob, digest))?.statement;
    expect(await proposal(bob, digest)).toMatchObject({
      attempt: 3,
      joining: [],
      accepted: [],
      lacking: ["ann", "bob", "cem"],
      acceptWith: [statement],
    });
    await ann.post("/api/charter/accept", { digest });
    await bob.post("/api/charter/accept", { digest });
    await until("two have accepted", async () => (await proposal(cem, digest))?.accepted.join() === "ann,bob");
    await cem.restart();
    await cem.ready();
    await cem.post("/api/charter/accept", { digest });
    await untilInForce(digest, ann, bob, cem);
    await untilAgreed(ann, bob, cem);
  });

  test("what would be void on the record is refused before it is said", async () => {
    const files = await filesAt(ann);
    const baseless = await ann.api("POST", "/api/charter/propose", { document: asJson(charterOf(files)) });
    expect(baseless).toMatchObject({ status: 409, body: { code: "conflict" } });
    const omitting = await amendment(
      ann,
      files.filter(({ name }) => name !== "cem"),
    );
    const refused = await ann.api("POST", "/api/charter/propose", { document: asJson(omitting) });
    expect(refused.body["detail"]).toMatch(/^cem has neither left/);
    const raw = { type: "open", kind: "charter", of: [], audience: "unit", content: { charter: asJson(omitting) } };
    expect(await ann.api("POST", "/api/statements", raw)).toMatchObject({
      status: 400,
      body: { code: "bad-statement" },
    });
  });
});

describe("joining", () => {
  test("a newcomer accepts first, gets nothing before all have accepted, and then the whole record", async () => {
    const early = await bob.ask("Before dov");
    const dov = await stations.init("dov");
    const digest = await propose(ann, await amendment(ann, [...(await filesAt(ann)), dov.party]), ann, bob, cem);
    const tooEarly = await ann.api("POST", "/api/charter/accept", { digest });
    expect(tooEarly.body["detail"]).toMatch(/^dov would join and must accept first/);
    const { body } = await bob.api("GET", `/api/charter/invitation?digest=${digest}`);
    expect(Object.keys(body)).toEqual(["founding", "proposal", "statement"]);
    await dov.start();
    await dov.post("/api/charter/join", body);
    await until("dov's acceptance is known", async () => {
      const reports = await Promise.all([ann, bob, cem].map((member) => proposal(member, digest)));
      return reports.every((report) => report?.acceptWith?.length === 2);
    });

    const peer = dov.unit.peers.list().find(({ name }) => name === "ann");
    const seen = await Promise.all(
      [
        "/log/checkpoint",
        `/witness/${hashOf(bob)}/checkpoint`,
        `/mirror/${hashOf(bob)}/checkpoint`,
        `/witness/${hashOf(dov)}/checkpoint`,
      ].map(
        async (path) =>
          unwrap(await peer!.client.request("GET", path, { maxBytes: 1 << 16, timeoutMs: 60_000 })).status,
      ),
    );
    expect(seen).toEqual([403, 403, 403, 200]);
    expect(dov.unit.archive.foldedSize(ann.origin)).toBe(0);

    await dov.restart();
    await ann.post("/api/charter/accept", { digest });
    await bob.post("/api/charter/accept", { digest });
    await bob.restart();
    await cem.post("/api/charter/accept", { digest });
    await untilInForce(digest, ann, bob, cem, dov);
    await untilEffective(early, dov);
    await Promise.all([bob, dov].map((station) => station.ready()));
    const said = await Promise.all([ann, bob, cem, dov].map((station) => station.ask(`From ${station.name}`)));
    for (const hash of said) await untilEffective(hash, ann, bob, cem, dov);
    await untilAgreed(ann, bob, cem, dov);
    expect(await filesAt(dov)).toHaveLength(4);
    const report = unwrap(await verifyBundle(asFile(exportRecord(dov.station, dov.unit, "unit", false))));
    expect(report.problems).toEqual([]);
    expect(report.parties).toEqual(["ann", "bob", "cem", "dov"]);
  });

  test("who is not named exactly, or is in another unit, cannot join", async () => {
    const dov = await stations.init("dov");
    const eve = await stations.init("eve");
    const digest = await propose(ann, await amendment(ann, [...(await filesAt(ann)), dov.party]), ann);
    const { body } = await ann.api("GET", `/api/charter/invitation?digest=${digest}`);
    await eve.start();
    expect(await eve.api("POST", "/api/charter/join", body)).toMatchObject({
      status: 400,
      body: { code: "not-invited" },
    });
    expect(await bob.api("POST", "/api/charter/join", body)).toMatchObject({ status: 409, body: { code: "conflict" } });
    const founding = body["proposal"] as Json;
    expect(await eve.api("POST", "/api/charter/join", { ...body, founding })).toMatchObject({
      status: 400,
      body: { code: "bad-charter" },
    });
  });
});

describe("leaving", () => {
  test("a party leaves, is omitted, one that joins later still has its word, and it can come back", async () => {
    const last = await cem.ask("My last word");
    await untilEffective(last, ann, bob);
    await cem.post("/api/charter/leave");
    await until("cem is gone", async () =>
      (await Promise.all([ann, bob].map(filesAt))).every((files) => files.length === 2),
    );
    await until("cem knows", () => !cem.unit.membership.isMember);
    expect(
      await cem.api("POST", "/api/statements", {
        type: "open",
        kind: "question",
        of: [],
        audience: "unit",
        content: { title: "?", text: "" },
      }),
    ).toMatchObject({
      status: 409,
      body: { code: "not-a-member" },
    });
    const digest = await propose(bob, await amendment(bob, await filesAt(bob)), ann, bob);
    for (const member of [ann, bob]) await member.post("/api/charter/accept", { digest });
    await untilInForce(digest, ann, bob);
    const among = await ann.ask("Among two");
    await untilEffective(among, ann, bob);
    await cem.stop();
    await untilAgreed(ann, bob);

    const dov = await stations.init("dov");
    await untilInForce(await takeIn(dov, ann, [ann, bob]), ann, bob, dov);
    await untilEffective(last, dov);
    await untilEffective(among, dov);
    await untilEffective(await dov.ask("Hello"), ann, bob, dov);
    await untilAgreed(ann, bob, dov);

    await untilInForce(await takeIn(cem, bob, [ann, bob, dov]), ann, bob, cem, dov);
    await untilEffective(await cem.ask("Back again"), ann, bob, cem, dov);
    await untilAgreed(ann, bob, cem, dov);
  });
});

function hashOf(station: TestStation): string {
  return originHash(station.origin);
}

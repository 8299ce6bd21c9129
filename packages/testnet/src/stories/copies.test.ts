import { fromBase64, present, unwrap } from "@detente/basics";
import type { FindReport, IndicatorRow, ItemRow, WithdrawalRow } from "@detente/station";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stixObject } from "../../test/stix-objects.ts";
import { type HostileParty, startTestUnit, type TestStation, type TestUnit } from "../index.ts";

/* Aaron, whose log comes first in every order by origin, copies the leaves of alfa's shares into it, word for word. */

let unit: TestUnit;
let alfa: TestStation;
let bravo: TestStation;
let aaron: HostileParty;
beforeAll(async () => {
  unit = await startTestUnit({ parties: ["alfa", "bravo", "charlie"], hostile: ["aaron"], seed: 83 });
  [alfa, bravo] = [unit.station("alfa"), unit.station("bravo")];
  aaron = unit.hostile("aaron");
});
afterAll(() => unit.close());

const DOMAIN = "stolen-credit.example";
const OBJECT = stixObject("indicator", 1, { pattern: `[domain-name:value = '${DOMAIN}']` });

/** Puts the leaf of a statement, with its body, into Aaron's own log, where all see it. */
async function copy(hash: string): Promise<void> {
  const { body } = await bravo.api("GET", `/api/statements/${hash}/proof`);
  const { leaf, body: said } = body as { leaf: string; body: string };
  aaron.writeRaw(present(fromBase64(leaf), "a leaf"), present(fromBase64(said), "a body"));
  await unit.spread(aaron);
}

async function lines<Row>(path: string): Promise<Row[]> {
  const text = await bravo.fetchText(path);
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
}

async function withdraw(hash: string): Promise<void> {
  aaron.write({ type: "position", kind: "withdraw", of: [hash], content: {} });
  await unit.spread(aaron);
}

/** All that bravo's people and tools are told of who has shared the domain. */
async function named(): Promise<Record<string, unknown>> {
  const found = (await bravo.api("GET", `/api/find?q=${DOMAIN}`)).body as unknown as FindReport;
  const statements = found.groups.flatMap(({ rows }) => rows.flatMap((row) => row.statements));
  const filtered = async (party: string): Promise<number> =>
    ((await bravo.api("GET", `/api/intel?q=${DOMAIN}&party=${party}`)).body as { rows: [] }).rows.length;
  return {
    found: statements.map(({ party, status }) => `${party} ${status}`),
    filtered: [await filtered("alfa"), await filtered("aaron")],
    lookedFor: (await lines<IndicatorRow>("/api/indicators")).map(({ party }) => party),
    listed: (await lines<ItemRow>("/api/items")).map(({ party, status }) => `${party} ${status}`),
    withdrawn: ((await bravo.api("GET", "/api/withdrawals")).body as unknown as { rows: WithdrawalRow[] }).rows.map(
      ({ party }) => party,
    ),
  };
}

it("a copied share stays its author's in everything that names one, and is the author's alone to withdraw", async () => {
  const { leafHash: list } = await alfa.share({ items: [{ kind: "domain", value: DOMAIN }] });
  const { body } = await alfa.api("POST", "/api/objects", { title: "t", audience: "unit", objects: [OBJECT] });
  const { leafHash: objects } = body as { leafHash: string };
  await unit.untilEffective(list, objects);
  const { secret } = unwrap(await bravo.station.callers.grant({ label: "tool", scopes: ["taxii:read"] }));
  bravo.station.changed();
  const tool = async (collection: string): Promise<boolean> => {
    const headers = { accept: "application/taxii+json;version=2.1", authorization: `Bearer ${secret}` };
    const path = `/taxii2/unit/collections/${collection}/objects/`;
    return (await (await bravo.fetch(path, { headers })).text()).includes(DOMAIN);
  };
  const alfas = {
    found: ["alfa effective", "alfa effective"],
    filtered: [2, 0],
    lookedFor: ["alfa", "alfa"],
    listed: ["alfa effective", "alfa effective"],
    withdrawn: [],
  };
  await unit.until("bravo knows it", async () => JSON.stringify(await named()) === JSON.stringify(alfas));

  for (const hash of [list, objects]) await copy(hash);
  for (const hash of [list, objects]) await withdraw(hash);
  expect(bravo.fold.find(list).map(({ log, status }) => [log, status])).toEqual([
    [aaron.origin, { state: "void", reason: "copied" }],
    [alfa.origin, { state: "effective", interpreted: true }],
  ]);
  expect(await named()).toEqual(alfas);
  await unit.until("tools see it", () => tool("shared-by-alfa"));
  expect(await tool("shared-by-aaron")).toBe(false);

  for (const hash of [list, objects]) await alfa.say("withdraw", [hash]);
  const gone = {
    found: ["alfa withdrawn", "alfa withdrawn"],
    filtered: [2, 0],
    lookedFor: [],
    listed: ["alfa withdrawn", "alfa withdrawn"],
    withdrawn: ["alfa", "alfa"],
  };
  await unit.until("all of it is gone", async () => JSON.stringify(await named()) === JSON.stringify(gone));
  await unit.until("for tools too", async () => !(await tool("shared-by-alfa")));
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { detente } from "../testing/console.ts";

/* An event in the MISP core format, given to the commands that read indicators. */

const GROUP = "4f6e3c0a-5a51-4f0e-9b1c-0d8a8e2f9a11";
let dir: string;
let event: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-misp-file-"));
  event = join(dir, "event.json");
  const seconds = String(Math.floor(Date.now() / 1000));
  const refuted = ["one", "two"].map((name) => ({
    type: "1",
    date_sighting: seconds,
    Organisation: { uuid: `${name}-uuid`, name },
  }));
  const attribute = {
    type: "domain",
    category: "Network activity",
    to_ids: true,
    comment: "c2",
    Tag: [{ name: "c2" }],
  };
  const Attribute = [
    { ...attribute, value: "open.net", distribution: "3", last_seen: new Date().toISOString() },
    { ...attribute, value: "own.net", distribution: "0" },
    { ...attribute, value: "group.net", distribution: "4", SharingGroup: { uuid: GROUP } },
    { ...attribute, value: "refuted.net", distribution: "1", last_seen: new Date().toISOString(), Sighting: refuted },
  ];
  await writeFile(
    event,
    JSON.stringify({ Event: { info: "x", distribution: "3", Orgc: { uuid: "author" }, Attribute } }),
  );
});
afterAll(() => rm(dir, { recursive: true }));

it("is shared as far as its distribution goes; the rest is named with the reason", async () => {
  const counts = async (...argv: readonly string[]): Promise<object> => {
    const { code, out, err } = await detente(["share", event, "--dry-run", "--json", ...argv]);
    expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    const { indicators, rejected } = JSON.parse(out) as { indicators: number; rejected: number };
    return { indicators, rejected };
  };
  expect(await counts()).toEqual({ indicators: 2, rejected: 2 });
  const stated = ["--sharing-group", `${GROUP}=bravo,charlie`];
  expect(await counts(...stated)).toEqual({ indicators: 2, rejected: 2 });
  expect(await counts(...stated, "--to", "bravo")).toEqual({ indicators: 3, rejected: 1 });
  const { err } = await detente(["share", event, "--dry-run"]);
  expect(err).toContain("Event.Attribute[1]: its distribution is 0, its author's own organisation only");
  expect(err).toContain(`Event.Attribute[2]: it is for the sharing group "${GROUP}"; say which parties that is`);
  expect((await detente(["share", event, "--dry-run", "--sharing-group", "x=bravo"])).err).toContain(
    "UUID=PARTY,PARTY",
  );
});

it("is judged with what other organisations say of it", async () => {
  const { out } = await detente(["gate", event, "--json"]);
  const { verdicts } = JSON.parse(out) as { verdicts: { item: { value: string }; reasons: { code: string }[] }[] };
  const codes = new Map(verdicts.map(({ item, reasons }) => [item.value, reasons.map(({ code }) => code)]));
  expect(codes.get("refuted.net")).toContain("refuted");
  expect(codes.get("open.net")).not.toContain("refuted");
});

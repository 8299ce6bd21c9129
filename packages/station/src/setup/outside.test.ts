import { unwrap } from "@detente/basics";
import { formatVkey, KEY_TYPE, ed25519Cosigner, ed25519Signer } from "@detente/tlog";
import { describe, expect, it } from "vitest";
import { defaultConfig, parseConfig } from "./config.ts";
import { outsideLogs, outsideWitnesses } from "./outside.ts";

const log = formatVkey(ed25519Signer("sum.example", new Uint8Array(32).fill(1)).verifier);
const next = formatVkey(ed25519Signer("sum.example", new Uint8Array(32).fill(2)).verifier);
const witness = formatVkey(ed25519Cosigner("w.example", new Uint8Array(32).fill(3)).verifier);

describe("witnessedLogs", () => {
  it("takes the key's name for the origin, and another origin where it is given", () => {
    const logs = unwrap(outsideLogs([log, { origin: "sum.example database", vkey: next }, next]));
    expect([...logs].map(([origin, keys]) => [origin, keys.map(({ type }) => type)])).toEqual([
      ["sum.example", [KEY_TYPE.ed25519, KEY_TYPE.ed25519]],
      ["sum.example database", [KEY_TYPE.ed25519]],
    ]);
  });

  it("names the entry that is no log's key", () => {
    expect(outsideLogs([log, "sum.example"])).toMatchObject({
      fault: { message: expect.stringMatching(/^\/witnessedLogs\/1: /) },
    });
    expect(outsideLogs([witness])).toMatchObject({ fault: { message: expect.stringContaining("type 4") } });
  });
});

describe("witnesses", () => {
  it.each([
    "https://w.example/sub/",
    "https://w.example",
    "http://127.0.0.1:1",
    "http://[::1]:1/x",
    "http://localhost:1",
  ])("are asked at %s", (url) => {
    expect(unwrap(outsideWitnesses([{ vkey: witness, url }]))[0]?.url).toBe(url.replace(/\/$/, ""));
  });

  it.each([
    "http://w.example",
    "ftp://w.example",
    "w.example",
    "https://u@w.example",
    "https://w.example/?q",
    "https://w.example/#f",
  ])("are not asked at %s", (url) => {
    expect(outsideWitnesses([{ vkey: witness, url }])).toMatchObject({
      fault: { message: expect.stringMatching(/^\/witnesses\/0\/url: /) },
    });
  });

  it("have a witness's key", () => {
    expect(outsideWitnesses([{ vkey: log, url: "https://w.example" }])).toMatchObject({
      fault: { code: "bad-witness" },
    });
  });
});

it("a station with a bad key in its settings does not start", () => {
  const config = defaultConfig("a", "a.example/a", "https://a.example");
  expect(parseConfig(config, "a").ok).toBe(true);
  expect(parseConfig({ ...config, witnessedLogs: [log.slice(0, -4)] }, "a")).toMatchObject({
    fault: { code: "bad-config" },
  });
  expect(parseConfig({ ...config, witnesses: [{ vkey: log, url: "https://w.example" }] }, "a")).toMatchObject({
    fault: { code: "bad-config" },
  });
});

import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { unwrap } from "@detente/basics";
import { parsePartyFile } from "@detente/record";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "./config.ts";
import { initStation, type InitOptions } from "./init.ts";

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(`${tmpdir()}/detente-init-`);
});

afterEach(() => rm(dir, { recursive: true }));

const settings = (more: Partial<InitOptions>): InitOptions => ({
  name: "alpha",
  url: "https://alpha.example:7300",
  random: (length) => new Uint8Array(randomBytes(length)),
  now: Date.now(),
  ...more,
});

describe("a new station", () => {
  it("has a party file that others can read, and listens on the port of its URL", async () => {
    const origin = "o".repeat(128);
    const party = unwrap(await initStation(dir, settings({ origin, url: "https://alpha.example:7444/" })));
    expect(parsePartyFile(new Uint8Array(await readFile(`${dir}/party.json`)))).toEqual({ ok: true, value: party });
    expect(party).toMatchObject({ origin, url: "https://alpha.example:7444" });
    expect(unwrap(await loadConfig(dir)).listen).toEqual({ host: "0.0.0.0", port: 7444 });
  });

  it.each([
    ["https://alpha.example:443", { host: "0.0.0.0", port: 443 }],
    ["http://127.0.0.1:80", { host: "127.0.0.1", port: 80 }],
    ["http://[::1]:7301", { host: "::1", port: 7301 }],
  ])("with the URL %s listens where peers call", async (url, listen) => {
    unwrap(await initStation(dir, settings({ url })));
    expect(unwrap(await loadConfig(dir)).listen).toEqual(listen);
  });

  it("listens where a proxy forwards to", async () => {
    const listen = { host: "10.0.0.5", port: 7300 };
    const party = unwrap(await initStation(dir, settings({ url: "https://alpha.example", listen })));
    expect(party.url).toBe("https://alpha.example");
    expect(unwrap(await loadConfig(dir)).listen).toEqual(listen);
  });

  it.each([
    [{ origin: "o".repeat(129) }, /^--origin: .*1 to 128/],
    [{ origin: "a b" }, /^--origin "a b": .*no spaces/],
    [{ origin: "a+b" }, /^--origin "a\+b": .*no "\+"/],
    [{ origin: "größe.example" }, /^--origin .*ASCII/],
    [{ origin: "a\ud800" }, /^--origin .*ASCII/],
    [{ origin: "" }, /^--origin/],
    [{ url: `https://${"a".repeat(63)}.${"b".repeat(63)}:7300` }, /^--origin: .*1 to 128/],
    [{ url: `https://${"abc.".repeat(62)}example:7300`, origin: "alpha" }, /^--url: .*248/],
    [{ url: "https://alpha.example:7300/detente" }, /^--url .*no path; write https:\/\/alpha\.example:7300$/],
    [
      { url: "https://alpha.example" },
      /^--url .*write the port, as in https:\/\/alpha\.example:7300, or give --listen/,
    ],
    [{ url: "http://[::1]" }, /^--url .*write the port, as in http:\/\/\[::1\]:7300/],
    [{ url: "http://alpha.example:7300" }, /^--url .*not loopback/],
    [{ name: "Alpha" }, /^--name "Alpha"/],
  ])("is refused with %j, and nothing is written", async (change, message) => {
    expect(await initStation(dir, settings(change))).toMatchObject({
      ok: false,
      fault: { code: "bad-settings", message: expect.stringMatching(message) as string },
    });
    expect(await readdir(dir)).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { defaultConfig, parseConfig } from "../setup/config.ts";
import { policyOf, type WatchedSource } from "./watched-source.ts";

const DIR = "/var/lib/detente/data";
const SOURCE: WatchedSource = { name: "dns", paths: ["/var/log/named/*.log"] };

function messageFor(...watch: readonly object[]): string | undefined {
  const parsed = parseConfig({ ...defaultConfig("a", "a.example/a", "https://a.example:1"), watch }, DIR);
  return parsed.ok ? undefined : parsed.fault.message;
}

describe("watch in station.json", () => {
  it("names sources, each with its policy", () => {
    expect(messageFor()).toBeUndefined();
    expect(
      messageFor(SOURCE, {
        name: "proxy",
        paths: ["/var/log/squid/access.log"],
        format: "squid",
        release: "policy",
        minimum: "cidr",
        window: 600,
        round: 60,
        noisy: 100,
        parties: ["bravo"],
        shares: ["00".repeat(32)],
      }),
    ).toBeUndefined();
  });

  it.each([
    ["/watch/0/name", { ...SOURCE, name: "../dns" }],
    ["/watch/0/paths", { ...SOURCE, paths: [] }],
    ["/watch/0/format", { ...SOURCE, format: "xml" }],
    ["/watch/0/release", { ...SOURCE, release: "anyone" }],
    ["/watch/0/window", { ...SOURCE, window: 0 }],
    ["/watch/0/shares/0", { ...SOURCE, shares: ["5a"] }],
    ['/watch/0/paths/0: "dns.log" does not begin at the root', { ...SOURCE, paths: ["dns.log"] }],
  ])("is refused with its place: %s", (place, source) => {
    expect(messageFor(source)?.startsWith(place)).toBe(true);
  });

  it("has each name once", () => {
    expect(messageFor(SOURCE, SOURCE)).toMatch(/^\/watch\/1\/name: there is another source "dns"/);
  });

  it.each(["/", "/var/lib", `${DIR}/watch/dns`, `${DIR}/../data/*`, "/var/lib/*/data/x.log", "/var/lib/{a,detente}/x"])(
    "does not lead into the station's own directory: %s",
    (path) => {
      expect(messageFor({ ...SOURCE, paths: [path] })).toContain("leads to the station's own directory");
    },
  );

  it.each(["/var/lib/detente/data-of-others/x.log", "/var/log", "/var/log/**/*.log"])("may lead to %s", (path) => {
    expect(messageFor({ ...SOURCE, paths: [path] })).toBeUndefined();
  });
});

it("leaves everything to officers unless it is told otherwise", () => {
  expect(policyOf(SOURCE)).toEqual({
    release: "officer",
    minimum: "subdomain",
    window: 3_600_000,
    round: 900_000,
    noisy: 10_000,
  });
});

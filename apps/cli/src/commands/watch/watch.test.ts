import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { detente, freePort, json } from "../../testing/console.ts";

/* The settings of a station that does not run. */

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-watch-"));
  await json(["init", "--name", "alpha", "--url", `http://127.0.0.1:${await freePort()}`, "--data", `${dir}/alpha`]);
});
afterAll(() => rm(dir, { recursive: true }));

function watch(...argv: readonly string[]): ReturnType<typeof detente> {
  return detente(["watch", ...argv, "--data", `${dir}/alpha`]);
}

it("adds, replaces, lists and removes what is to be watched", async () => {
  const share = "5a".repeat(32);
  const added = await watch("add", "dns", "/var/log/named/*.log", "--release", "policy", "--window", "2h", "--json");
  const source = { name: "dns", paths: ["/var/log/named/*.log"], release: "policy", window: 7200 };
  expect(JSON.parse(added.out)).toEqual({ source, takenUp: "later" });
  expect((await watch("add", "web", "/var/log/nginx", "--shares", share, "--parties", "bravo")).code).toBe(0);
  await watch("add", "dns", "/var/log/unbound.log", "--noisy", "50", "--minimum", "url", "--format", "text");
  expect(JSON.parse((await watch("list", "--json")).out)).toEqual({
    sources: [
      { name: "web", paths: ["/var/log/nginx"], parties: ["bravo"], shares: [share] },
      { name: "dns", paths: ["/var/log/unbound.log"], noisy: 50, minimum: "url", format: "text" },
    ],
  });
  expect((await watch("list")).out).toContain("bravo, 5a5a5a5a5a5a");
  expect((await watch("remove", "web")).out).toBe("web is removed; the station takes it up when it is started\n");
  expect((await watch("remove", "web")).err).toBe("detente: web: is not watched — sources are dns\n");
});

it("refuses what the station would, and changes nothing", async () => {
  const before = (await watch("list", "--json")).out;
  for (const [argv, words] of [
    [["add", "Dns", "/var/log/x"], "detente: Dns: /watch/1/name "],
    [["add", "own", dir], "leads to the station's own directory"],
    [["add", "dns", "/var/log/x", "--window", "1 hour"], '--window: "1 hour" is not a span of time; write it as 15m'],
    [["add", "dns", "/var/log/x", "--shares", "5a5a5a5a5a5a"], "--shares: only a running station knows shares"],
    [["release"], "ID: is missing — give ids, or --all"],
    [["drop", "--all", "5a"], "ID: says less than --all"],
    [["pending"], "start it with `detente serve"],
  ] as const) {
    const { code, out, err } = await watch(...argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(words);
  }
  expect((await watch("list", "--json")).out).toBe(before);
});

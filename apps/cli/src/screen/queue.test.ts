import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { detente, freePort } from "../testing/console.ts";

let dir: string;
let list: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "detente-cli-"));
  list = join(dir, "list.txt");
  writeFileSync(list, "evil.example.net\n");
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The last line of what is said for people. */
async function saying(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, out, err } = await detente(argv, { env });
  expect({ code, out }).toEqual({ code: 2, out: "" });
  return err.trimEnd().split("\n").at(-1) ?? "";
}

describe("a queue on the command line", () => {
  it.each([
    ["nats://worker:secret@127.0.0.1:4222", "a login in an address is seen by all users of this machine"],
    ["nats://secret@127.0.0.1:4222", "a login in an address is seen by all users of this machine"],
    ["http://127.0.0.1:4222", "is not nats://HOST:PORT or tls://HOST:PORT"],
    ["127.0.0.1:4222", "is not nats://HOST:PORT or tls://HOST:PORT"],
    ["tls://127.0.0.1:4222", "tls:// needs the server's name"],
    ["tls://[::1]:4222", "tls:// needs the server's name"],
    ["nats://a.example,tls://b.example", "either all servers are nats:// or all are tls://"],
  ])("is not %s", async (url, words) => {
    for (const argv of [["worker"], ["screen", "some.log", "--indicators", list]]) {
      const said = await saying([...argv, "--queue", url]);
      expect(said).toContain("detente: arguments: --queue: ");
      expect(said).toContain(words);
      // Not the whole of it, at least: what is secret must not get into the logs of whoever starts this.
      expect(said).not.toContain("secret");
    }
  });

  it("cannot be given standard input", async () => {
    const argv = ["screen", "-", "--indicators", list, "--queue", "nats://127.0.0.1:4222"];
    expect(await saying(argv)).toBe("detente: -: workers cannot read standard input — name files, or omit --queue");
  });

  it("takes sizes as people write them", async () => {
    for (const size of ["0", "-1", "1.5M", "M"]) {
      const said = await saying(["screen", "some.log", "--queue", "nats://127.0.0.1:4222", `--segment=${size}`]);
      expect(said).toContain("is not a size");
    }
  });

  it("says that no server is there", async () => {
    const url = `nats://127.0.0.1:${await freePort()}`;
    const said = `detente: --queue: ${url}: cannot be reached (connection refused) — check the address and that nats-server runs`;
    expect(await saying(["worker", "--queue", url])).toBe(said);
    expect(await saying(["screen", list, "--indicators", list, "--queue", url])).toBe(said);
  });

  it("takes one login from the environment, or from a file that it names", async () => {
    const argv = ["worker", "--queue", "nats://127.0.0.1:4222"];
    const two = { DETENTE_NATS_TOKEN: "secret", DETENTE_NATS_USER: "worker" };
    expect(await saying(argv, two)).toContain("more than one login is set — keep one of CREDS, NKEY, TOKEN, USER");
    const missing = join(dir, "none.creds");
    expect(await saying(argv, { DETENTE_NATS_CREDS: missing })).toBe(
      `detente: ${missing}: does not exist — check the path`,
    );
    expect(await saying(argv, { DETENTE_NATS_NKEY: list })).toContain(
      "login: the nkey is no seed (SU…) — check the file",
    );
  });
});

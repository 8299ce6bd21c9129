import { access, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimable } from "./ports.ts";
import { startUnit } from "./unit.ts";

/** Another program, which says that all is well. */
const other = createServer((_, response) => response.end("ok"));
let taken: number;

beforeEach(async () => {
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  taken = (other.address() as AddressInfo).port;
});

afterEach(() => new Promise((resolve) => other.close(resolve)));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("free ports are claimable, again and again", async () => {
  const ports = [await freePort(), await freePort()];
  await expect(claimable(ports)).resolves.toBeUndefined();
  await expect(claimable(ports)).resolves.toBeUndefined();
});

test("the port that another program uses is named, with the remedy", async () => {
  await expect(claimable([await freePort(), taken])).rejects.toThrow(
    new RegExp(`^port ${taken} is not free: another program uses it — .*--port`),
  );
});

test("the demo makes nothing where a port is taken", async () => {
  const dir = await mkdtemp(`${tmpdir()}/detente-demo-`);
  try {
    const settings = { dir: `${dir}/data`, port: taken, once: true, election: undefined, json: false };
    await expect(startUnit(settings)).rejects.toThrow(`port ${taken} is not free`);
    await expect(access(settings.dir)).rejects.toThrow("ENOENT");
  } finally {
    await rm(dir, { recursive: true });
  }
});

import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { randomBytes } from "node:crypto";
import { unwrap } from "@detente/basics";
import { expect, test } from "vitest";
import { initStation } from "../setup/init.ts";
import { connectStation } from "./client.ts";

test("an answer that nobody reads to its end does not keep a connection from being given up", async () => {
  const server = createServer((_, response) => response.end("a line\n".repeat(1_000_000)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const dir = await mkdtemp(`${tmpdir()}/detente-client-`);
  const url = `http://127.0.0.1:${port}`;
  const made = { name: "ann", url, random: (length: number) => new Uint8Array(randomBytes(length)), now: 0 };
  unwrap(await initStation(dir, made));
  const client = unwrap(await connectStation(dir));
  for await (const line of unwrap(await client.lines("/api/export"))) {
    expect(line).toBe("a line");
    break;
  }
  unwrap(await client.lines("/api/export"));
  await client.close();
  await new Promise((resolve) => server.close(resolve));
  await rm(dir, { recursive: true });
});

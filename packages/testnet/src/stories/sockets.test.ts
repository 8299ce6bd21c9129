import { connect, type Socket } from "node:net";
import { sha256 } from "@detente/basics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostileParty, startTestUnit, type TestStation, type TestUnit } from "../index.ts";

let unit: TestUnit;
let alfa: TestStation;
let mallory: HostileParty;
beforeAll(async () => {
  unit = await startTestUnit({
    parties: ["alfa", "bravo", "charlie"],
    hostile: ["mallory"],
    seed: 121,
    wire: "sockets",
  });
  alfa = unit.station("alfa");
  mallory = unit.hostile("mallory");
});
afterAll(() => unit.close());

/** Opens a connection to alfa, sends `head`, then `drop` again and again, and gives what came back when it was closed. */
function converse(head: string, drop?: { readonly text: string; readonly every: number }): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(alfa.url);
    const socket: Socket = connect(Number(port), hostname);
    let answer = "";
    const dripping = drop === undefined ? undefined : setInterval(() => socket.write(drop.text), drop.every);
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(dripping);
      resolve(answer);
    });
    socket.write(head);
  });
}

/** A signed request of mallory's, as text. */
function signed(path: string, body: Uint8Array, length: number): string {
  const { headers } = mallory.sign(alfa, "POST", path, { body });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `POST ${path} HTTP/1.1\r\nhost: ${new URL(alfa.url).host}\r\ncontent-length: ${length}\r\n${lines.join("\r\n")}\r\n\r\n`;
}

const status = (answer: string): string => answer.split("\r\n", 1)[0] ?? "";

describe("over sockets", () => {
  it.concurrent("the unit works", async () => {
    const { leafHash } = await alfa.share({ audience: ["alfa", "bravo"] });
    await unit.until("bravo reads it", () => unit.station("bravo").seen(leafHash) === "effective");
  });

  it.concurrent("headers beyond all measure are refused", async () => {
    expect(status(await converse(`GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`))).toMatch(
      / 431 /,
    );
    expect(status(await converse(`GET /${"y".repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`))).toMatch(/ 431 /);
  });

  it.concurrent("what is not HTTP is refused", async () => {
    expect(status(await converse("\u0016\u0003\u0001\u0000\u0005hello\r\n\r\n"))).toMatch(/ 400 /);
    expect(status(await converse("GET / HTTP/9.9\r\n\r\n"))).toMatch(/ 400 /);
    expect(
      status(
        await converse("POST /bodies HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n"),
      ),
    ).toMatch(/ 400 /);
  });

  it.concurrent("a stranger's body is not waited for", async () => {
    expect(status(await converse("POST /bodies HTTP/1.1\r\nhost: x\r\ncontent-length: 32\r\n\r\n"))).toMatch(/ 401 /);
  });

  it.concurrent("a body that says it is too large is refused before it comes", async () => {
    expect(status(await converse(signed("/bodies", new Uint8Array(32), 1 << 30)))).toMatch(/ 413 /);
  });

  it.concurrent("a body that comes byte by byte is given up, and all others are served meanwhile", async () => {
    const slow = Array.from({ length: 20 }, () =>
      converse(signed("/mirror/add-checkpoint", new Uint8Array(1 << 20), 1 << 20), { text: "x", every: 100 }),
    );
    const { leafHash } = await alfa.ask("are we served?");
    await unit.untilEffective(leafHash);
    for (const answer of await Promise.all(slow)) expect(status(answer)).toMatch(/ 408 /);
  });

  it.concurrent("headers that come byte by byte are given up", async () => {
    expect(status(await converse("GET /healthz HTTP/1.1\r\nhost: x\r\n", { text: "x", every: 200 }))).toMatch(/ 408 /);
  });

  it.concurrent("answers that nobody takes are few, or they would pile up in memory", async () => {
    const { body } = mallory.write({ kind: "story", content: { text: "x".repeat(1_000_000) } });
    await mallory.publish(alfa);
    await unit.until("alfa has the body", () => alfa.station.bodies.has(sha256(body)));
    const asked = new Uint8Array(256 * 32);
    for (let i = 0; i < 256; i++) asked.set(sha256(body), 32 * i);
    const { hostname, port } = new URL(alfa.url);
    const deaf = Array.from({ length: 8 }, () => connect(Number(port), hostname).pause());
    for (const socket of deaf) socket.on("error", () => undefined);
    // The buffers between the two take an answer or more before any is left standing, so they ask again and again.
    const asking = setInterval(() => {
      for (const socket of deaf) {
        socket.write(signed("/bodies", asked, asked.length));
        socket.write(asked);
      }
    }, 200);
    const ask = async (): Promise<number> => (await mallory.send(alfa, "POST", "/bodies", { body: asked })).status;
    await unit.until("a further one is put off", async () => (await ask()) === 429);
    clearInterval(asking);
    for (const socket of deaf) socket.destroy();
    await unit.until("their places are free again", async () => (await ask()) === 200);
  });

  it.concurrent("a body that ends early, or never begins, stores nothing and harms nobody", async () => {
    const { hostname, port } = new URL(alfa.url);
    for (let i = 0; i < 50; i++) {
      const socket = connect(Number(port), hostname);
      socket.on("error", () => undefined);
      socket.write(signed("/mirror/add-entries", new Uint8Array(1000), 1000));
      socket.write("half");
      setTimeout(() => socket.destroy(), 20);
    }
    const { leafHash } = await alfa.ask("still there?");
    await unit.untilEffective(leafHash);
    expect((await alfa.fetch("/healthz")).status).toBe(200);
  });
});

import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { type Bytes, unwrap, utf8Decode } from "@detente/basics";
import { expect, onTestFinished, test } from "vitest";
import type { Carry, Outgoing } from "./carry.ts";
import { pinnedPool } from "./pinned-pool.ts";
import { poolCarry } from "./pool-carry.ts";
import { pumpBody, readBody } from "./read-body.ts";

const LIMITS = { maxBytes: 1 << 24 };

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    if ("closeAllConnections" in server) (server as unknown as { closeAllConnections(): void }).closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function carryTo(port: number): Carry {
  const pool = pinnedPool(new URL(`http://127.0.0.1:${port}`));
  onTestFinished(() => pool.destroy());
  return poolCarry(pool);
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const carryToHttp = async (handler: Handler): Promise<Carry> => carryTo(await listening(createHttpServer(handler)));

/** A server that writes these parts as they are, whatever it is asked; a connection is left open. */
async function carryToRaw(...parts: string[]): Promise<{ carry: Carry; connections: () => number }> {
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections++;
    socket.on("error", () => undefined);
    socket.on("data", () => parts.forEach((part) => socket.write(part)));
    onTestFinished(() => void socket.destroy());
  });
  return { carry: carryTo(await listening(server)), connections: () => connections };
}

const asking = (target = "/"): Outgoing => ({ method: "GET", target, headers: {}, body: undefined });

async function textOf(carry: Carry, request: Outgoing = asking()): Promise<string> {
  const { status, body } = await carry(request).answer;
  const read = await readBody(body, LIMITS);
  return read.ok ? `${status} ${utf8Decode(read.value)}` : `${status} ${read.fault.code}`;
}

test("an answer in drips is whole", async () => {
  const carry = await carryToHttp((_, response) => {
    const drips = ["a", "b", "c"];
    const drip = (): void => {
      const next = drips.shift();
      if (next === undefined) response.end();
      else response.write(next, () => setImmediate(drip));
    };
    drip();
  });
  expect(await textOf(carry)).toBe("200 abc");
});

test("an answer larger than all buffers comes whole and in order to a reader that takes its time", async () => {
  const whole = Buffer.alloc(3_000_000, "0123456789");
  const carry = await carryToHttp((_, response) => response.end(whole));
  const { body } = await carry(asking()).answer;
  const parts: Bytes[] = [];
  const slowly = async (chunk: Bytes): Promise<void> => {
    parts.push(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  };
  expect(unwrap(await pumpBody(body, LIMITS, slowly))).toBe(whole.length);
  expect(Buffer.concat(parts).equals(whole)).toBe(true);
});

test("connections are used again, after any answer that was read", async () => {
  const sockets = new Set<unknown>();
  const carry = await carryToHttp((request, response) => {
    sockets.add(request.socket);
    response.writeHead(Number(request.url?.slice(1))).end("text");
  });
  for (const status of [200, 401, 413, 500, 200, 404, 403, 200]) {
    expect(await textOf(carry, asking(`/${status}`))).toBe(`${status} text`);
  }
  // undici lets a connection rest for one round of the event loop, and meanwhile takes another.
  expect(sockets.size).toBeLessThanOrEqual(2);
});

test("the fields of the head, repeated ones joined, under names in lower case", async () => {
  const { carry } = await carryToRaw(
    "HTTP/1.1 200 OK\r\nX-Size: 5\r\nVary: a\r\nVary: b\r\n__proto__: p\r\nContent-Length: 0\r\n\r\n",
  );
  const { headers } = await carry(asking()).answer;
  expect(headers).toMatchObject({ "x-size": "5", vary: "a, b" });
  expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
});

test("what comes before the answer is none", async () => {
  const carry = await carryToHttp((_, response) => {
    response.writeEarlyHints({ link: "</x>; rel=preload" });
    response.end("answer");
  });
  expect(await textOf(carry)).toBe("200 answer");
});

test.each([
  ["cut short", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"],
  ["whose last chunk is missing", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"],
])("an answer %s is broken", async (_, raw) => {
  const server = createTcpServer((socket) => socket.on("data", () => socket.end(raw)).on("error", () => undefined));
  expect(await textOf(carryTo(await listening(server)))).toBe("200 broken");
});

test("what comes beyond Content-Length answers no later request", async () => {
  const answer = (text: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  const { carry, connections } = await carryToRaw(answer("mine") + answer("false"));
  for (let i = 1; i <= 3; i++) {
    expect(await textOf(carry)).toBe("200 mine");
    expect(connections()).toBe(i);
  }
});

test("given up before the head, or in the middle of the body, it ends here and at the other end", async () => {
  let closed = 0;
  const carry = await carryToHttp((request, response) => {
    response.on("close", () => closed++);
    if (request.url === "/begun") response.write("half");
  });
  const silent = carry(asking("/silent"));
  setImmediate(() => silent.giveUp());
  await expect(silent.answer).rejects.toThrow("given up");
  const begun = carry(asking("/begun"));
  const { body } = await begun.answer;
  const read = readBody(body, LIMITS);
  begun.giveUp();
  expect(await read).toMatchObject({ ok: false, fault: { code: "broken" } });
  await expect.poll(() => closed).toBe(2);
});

test("what was given up while it waited for a connection is never sent", async () => {
  const asked: string[] = [];
  const held: ServerResponse[] = [];
  const carry = await carryToHttp((request, response) => {
    asked.push(request.url ?? "");
    if (request.url === "/held") held.push(response);
    else response.end();
  });
  const busy = Array.from({ length: 8 }, () => textOf(carry, asking("/held")));
  const waiting = carry(asking("/waiting"));
  waiting.giveUp();
  await expect(waiting.answer).rejects.toThrow("given up");
  await expect.poll(() => held.length).toBe(8);
  for (const response of held) response.end();
  await Promise.all(busy);
  await textOf(carry, asking("/after"));
  expect(new Set(asked)).toEqual(new Set(["/held", "/after"]));
});

test("a body that is cancelled takes no more of the answer", async () => {
  let closed = 0;
  const carry = await carryToHttp((_, response) => {
    response.on("close", () => closed++);
    response.write("begun");
  });
  const { body } = await carry(asking()).answer;
  body.cancel();
  await expect.poll(() => closed).toBe(1);
});

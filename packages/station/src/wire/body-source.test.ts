import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { unwrap, utf8Decode } from "@detente/basics";
import { type ServerType, serve } from "@hono/node-server";
import { expect, onTestFinished, test } from "vitest";
import { requestSource } from "./body-source.ts";
import { listenOptions } from "./listen.ts";
import { pumpBody, readRequestBody } from "./read-body.ts";
import { bindingsOf, type Received } from "./received.ts";

const LIMITS = { maxBytes: 1 << 24, pace: { graceMs: 60_000, bytesPerSecond: 1 } };

/** A server as a station's; requests come as Hono's `c` would bring them. */
async function serverOf(answer: (received: Received) => Promise<Response>): Promise<number> {
  const server = await new Promise<ServerType>((resolve) => {
    const fetch = (raw: Request, env: unknown): Promise<Response> => answer({ req: { raw }, env });
    const listening = unwrap(listenOptions("127.0.0.1"));
    const starting = serve({ fetch, port: 0, hostname: "127.0.0.1", ...listening }, () => resolve(starting));
  });
  onTestFinished(async () => {
    if ("closeAllConnections" in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as { port: number }).port;
}

/** Says what body came, or which fault. */
const echo = async (received: Received): Promise<Response> => {
  const read = await readRequestBody(received, LIMITS);
  return new Response(read.ok ? `<${utf8Decode(read.value)}>` : `fault ${read.fault.code}`);
};

class Line {
  readonly socket: Socket;
  #text = "";
  #news = (): void => undefined;

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setNoDelay(true);
    this.socket.on("data", (data) => {
      this.#text += data.toString("latin1");
      this.#news();
    });
    this.socket.on("close", () => this.#news());
    this.socket.on("error", () => undefined);
    onTestFinished(() => void this.socket.destroy());
  }

  async send(text: string): Promise<void> {
    await new Promise((resolve) => this.socket.write(text, "latin1", resolve));
  }

  /** All that has come, once there is so much of it as `wanted` finds, or the other end has closed. */
  async until(wanted: RegExp): Promise<string> {
    while (!wanted.test(this.#text) && !this.socket.closed)
      await new Promise<void>((resolve) => (this.#news = resolve));
    return this.#text;
  }
}

const head = (fields: string, method = "POST"): string => `${method} / HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n`;
const bodiesOf = (answers: string): string[] => answers.match(/<.*?>|fault [a-z-]+/gs) ?? [];

/** Resolves when the server has read on: a body in drips is then not one that lay together before it was looked at. */
function watched(): { seen: (received: Received) => Promise<Response>; came: (bytes: number) => Promise<void> } {
  const came = { bytes: 0 };
  let news = (): void => undefined;
  return {
    async seen(received) {
      const parts: string[] = [];
      const read = await pumpBody(requestSource(received), LIMITS, (chunk) => {
        parts.push(utf8Decode(chunk) ?? "");
        came.bytes += chunk.length;
        news();
      });
      return new Response(read.ok ? `<${parts.join("")}> in ${parts.length}` : `fault ${read.fault.code}`);
    },
    async came(bytes) {
      while (came.bytes < bytes) await new Promise<void>((resolve) => (news = resolve));
    },
  };
}

test.each([
  ["Content-Length: 6", ["ab", "cd", "ef"]],
  ["Transfer-Encoding: chunked", ["2\r\nab\r\n", "2\r\ncd\r\n", "2\r\nef\r\n0\r\n\r\n"]],
])("a body that comes in drips is whole: %s", async (field, drips) => {
  const { seen, came } = watched();
  const line = new Line(await serverOf(seen));
  await line.send(head(field));
  for (const [i, drip] of drips.entries()) {
    await line.send(drip);
    await came(2 * i + 2);
  }
  expect(await line.until(/in \d/)).toMatch(/<abcdef> in 3/);
});

test("a body larger than all buffers comes whole to a reader that takes its time", async () => {
  const whole = Buffer.alloc(3_000_000, "0123456789");
  const port = await serverOf(async (received) => {
    const parts: Uint8Array[] = [];
    const read = await pumpBody(requestSource(received), LIMITS, async (chunk) => {
      parts.push(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    });
    return new Response(`<${read.ok && Buffer.concat(parts).equals(whole)}>`);
  });
  const line = new Line(port);
  await line.send(head(`Content-Length: ${whole.length}`));
  line.socket.write(whole);
  expect(bodiesOf(await line.until(/<.*>/))).toEqual(["<true>"]);
});

test.each([
  ["in the middle of its body", ["Content-Length: 10", "half"]],
  ["in the middle of a chunk", ["Transfer-Encoding: chunked", "a\r\nhalf"]],
  ["before the last chunk", ["Transfer-Encoding: chunked", "4\r\nhalf\r\n"]],
])("a client that hangs up %s sent no body", async (_, [fields = "", part = ""]) => {
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  let conclude: (how: string) => void = () => undefined;
  const outcome = new Promise<string>((resolve) => (conclude = resolve));
  const port = await serverOf(async (received) => {
    const read = await pumpBody(requestSource(received), LIMITS, begin);
    conclude(read.ok ? "whole" : read.fault.code);
    return new Response(null);
  });
  const line = new Line(port);
  await line.send(head(fields) + part);
  await begun;
  line.socket.destroy();
  expect(await outcome).toBe("broken");
});

test("what comes beyond Content-Length is no part of the body, and no request", async () => {
  const bodies: string[] = [];
  const port = await serverOf(async (received) => {
    const answer = await echo(received);
    bodies.push(await answer.clone().text());
    return answer;
  });
  const atOnce = new Line(port);
  await atOnce.send(`${head("Content-Length: 4")}bodyrest`);
  expect(bodiesOf(await atOnce.until(/400 Bad Request/))).toEqual([]);
  const later = new Line(port);
  await later.send(`${head("Content-Length: 4")}body`);
  await later.until(/<body>/);
  await later.send("rest");
  expect(await later.until(/400 Bad Request/)).toMatch(/<body>.*400 Bad Request/s);
  expect(bodies).toEqual(["<body>", "<body>"]);
});

test("requests sent together are answered in their order, each with its own body", async () => {
  const line = new Line(await serverOf(echo));
  const chunked = `${head("Transfer-Encoding: chunked")}3\r\ntwo\r\n0\r\n\r\n`;
  await line.send(`${head("Content-Length: 3")}one${chunked}${head("x: y", "GET")}${head("Content-Length: 4")}four`);
  expect(bodiesOf(await line.until(/<four>/))).toEqual(["<one>", "<two>", "<>", "<four>"]);
});

test("a body that nobody reads does not stall its connection, and is no request either", async () => {
  let asked = 0;
  const port = await serverOf(async (received) => {
    if (++asked > 1) return echo(received);
    // As for a caller over its budget: known, and refused before its body.
    return new Response("<refused>", { status: 429 });
  });
  const line = new Line(port);
  const inner = head("x: y", "GET");
  await line.send(`${head(`Content-Length: ${inner.length}`)}${inner}`);
  await line.until(/<refused>/);
  await line.send(`${head("Content-Length: 4")}next`);
  expect(bodiesOf(await line.until(/<next>/))).toEqual(["<refused>", "<next>"]);
  expect(asked).toBe(2);
});

test("a body of any method counts: one where none is taken is refused", async () => {
  const port = await serverOf(async (received) => {
    const read = await readRequestBody(received, { ...LIMITS, maxBytes: 0 });
    const headers = read.ok ? {} : { connection: "close" };
    return new Response(read.ok ? "<none>" : `fault ${read.fault.code}`, { headers });
  });
  const all = ["x: y", "Content-Length: 0", "Content-Length: 1", "Transfer-Encoding: chunked"].map(async (fields) => {
    const line = new Line(port);
    await line.send(
      head(fields, "GET") + (fields.startsWith("T") ? "1\r\na\r\n0\r\n\r\n" : fields.endsWith("1") ? "a" : ""),
    );
    return bodiesOf(await line.until(/<none>|fault/))[0];
  });
  expect(await Promise.all(all)).toEqual(["<none>", "<none>", "fault too-large", "fault too-large"]);
});

test("nothing is read before it is asked for, nor of what is declared too large", async () => {
  const states: boolean[] = [];
  const didRead = (received: Received): boolean => (bindingsOf(received).incoming as IncomingMessage).readableDidRead;
  const port = await serverOf(async (received) => {
    const source = requestSource(received);
    const refused = await readRequestBody(received, { ...LIMITS, maxBytes: 3 });
    states.push(refused.ok, didRead(received));
    await source.next();
    states.push(didRead(received));
    return new Response("<done>");
  });
  const line = new Line(port);
  await line.send(`${head("Content-Length: 4")}body`);
  await line.until(/<done>/);
  expect(states).toEqual([false, false, true]);
});

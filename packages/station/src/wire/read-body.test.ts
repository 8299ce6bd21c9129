import { connect } from "node:net";
import { type Bytes, concatBytes, utf8 } from "@detente/basics";
import { type ServerType, serve } from "@hono/node-server";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BodySource, webSource } from "./body-source.ts";
import { problemResponse } from "./errors.ts";
import { BODY_STATUS, type BodyLimits, pumpBody, readBody, readRequestBody } from "./read-body.ts";

function streamOf(
  chunks: readonly Bytes[],
  end: "closed" | "open" | "broken" = "closed",
): {
  source: BodySource;
  seen: { cancelled: boolean; pulled: number };
} {
  const seen = { cancelled: false, pulled: 0 };
  const stream = new ReadableStream<Bytes>(
    {
      pull(controller) {
        const chunk = chunks[seen.pulled++];
        if (chunk !== undefined) controller.enqueue(chunk);
        else if (end === "closed") controller.close();
        else if (end === "broken") controller.error(new Error("reset"));
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { source: webSource(stream), seen };
}

test("any chunks come back whole within the limit, and not at all beyond it", async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(chunks, fc.nat(100), async (given, maxBytes) => {
      const whole = concatBytes(...given);
      const { source, seen } = streamOf(given);
      const read = await readBody(source, { maxBytes });
      expect(read.ok ? read.value : read.fault.code).toEqual(whole.length <= maxBytes ? whole : "too-large");
      expect(seen.cancelled).toBe(whole.length > maxBytes);
    }),
  );
});

test("no body is an empty one", async () => {
  expect(await readBody(webSource(null), { maxBytes: 0 })).toEqual({ ok: true, value: new Uint8Array() });
});

test("reads no further than the limit", async () => {
  const { source, seen } = streamOf(Array.from({ length: 1000 }, () => new Uint8Array(10)));
  await readBody(source, { maxBytes: 25 });
  expect(seen).toEqual({ cancelled: true, pulled: 3 });
});

test("a body that breaks off is no body", async () => {
  const { source } = streamOf([utf8("half")], "broken");
  expect(await readBody(source, { maxBytes: 100 })).toMatchObject({ ok: false, fault: { code: "broken" } });
});

test("a body that stops is given up", async () => {
  const { source, seen } = streamOf([utf8("half")], "open");
  const read = await readBody(source, { maxBytes: 100, pace: { graceMs: 20, bytesPerSecond: 1000 } });
  expect(read).toMatchObject({ ok: false, fault: { code: "too-slow" } });
  expect(seen.cancelled).toBe(true);
});

test("a body ends with its signal, before or after it began", async () => {
  const begun = streamOf([utf8("half")], "open");
  const read = readBody(begun.source, { maxBytes: 100, signal: AbortSignal.timeout(20) });
  expect(await read).toMatchObject({ ok: false, fault: { code: "too-slow" } });
  const over = streamOf([utf8("half")]);
  const late = await readBody(over.source, { maxBytes: 100, signal: AbortSignal.abort() });
  expect(late).toMatchObject({ ok: false, fault: { code: "too-slow" } });
  expect(over.seen).toEqual({ cancelled: true, pulled: 0 });
});

test("the sink is waited for, and what it throws is thrown", async () => {
  const { source, seen } = streamOf([utf8("a"), utf8("b")]);
  const order: string[] = [];
  const whole = await pumpBody(source, { maxBytes: 9 }, async () => {
    order.push(`begin ${seen.pulled}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
    order.push(`end ${seen.pulled}`);
  });
  expect(whole).toEqual({ ok: true, value: 2 });
  expect(order).toEqual(["begin 1", "end 1", "begin 2", "end 2"]);
  const failing = streamOf([utf8("a"), utf8("b")]);
  const full = new Error("disk full");
  await expect(pumpBody(failing.source, { maxBytes: 9 }, () => Promise.reject(full))).rejects.toBe(full);
  expect(failing.seen.cancelled).toBe(true);
});

describe("at a server", () => {
  async function withServer(limits: BodyLimits, use: (port: number) => Promise<void>): Promise<void> {
    const fetch = async (request: Request, env: unknown): Promise<Response> => {
      const read = await readRequestBody({ req: { raw: request }, env }, limits);
      if (read.ok) return new Response(`${read.value.length} bytes`);
      return problemResponse(BODY_STATUS[read.fault.code], read.fault, { closeConnection: true });
    };
    const server = await new Promise<ServerType>((resolve) => {
      const starting = serve({ fetch, port: 0, hostname: "127.0.0.1" }, () => resolve(starting));
    });
    try {
      const address = server.address();
      await use(typeof address === "object" && address !== null ? address.port : 0);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** Sends raw text and gives all that comes back until the server closes the connection. */
  function raw(port: number, ...parts: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1");
      let answer = "";
      socket.on("data", (data) => (answer += data.toString("latin1")));
      socket.on("close", () => resolve(answer));
      socket.on("error", (error) => (answer === "" ? reject(error) : resolve(answer)));
      for (const part of parts) socket.write(part);
    });
  }

  const post = (headers: string): string => `POST / HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n`;

  test("a declared length beyond the limit is refused before a byte of it is sent", async () => {
    await withServer({ maxBytes: 10 }, async (port) => {
      expect(await raw(port, post("Content-Length: 11"))).toMatch(/^HTTP\/1\.1 413 .*"too-large"/s);
    });
  });

  test("an undeclared one is refused when it gets there", async () => {
    await withServer({ maxBytes: 10 }, async (port) => {
      const answer = await raw(port, post("Transfer-Encoding: chunked"), "6\r\nabcdef\r\n", "6\r\nabcdef\r\n");
      expect(answer).toMatch(/^HTTP\/1\.1 413 .*"too-large"/s);
    });
  });

  test("a body that drips in is given up, and the connection with it", async () => {
    await withServer({ maxBytes: 1000, pace: { graceMs: 50, bytesPerSecond: 1000 } }, async (port) => {
      expect(await raw(port, post("Content-Length: 1000"), "a")).toMatch(/^HTTP\/1\.1 408 .*"too-slow"/s);
    });
  });

  test("a body within the limits is read", async () => {
    await withServer({ maxBytes: 10, pace: { graceMs: 1000, bytesPerSecond: 1000 } }, async (port) => {
      const answer = await raw(port, post("Content-Length: 10\r\nConnection: close"), "0123456789");
      expect(answer).toMatch(/^HTTP\/1\.1 200 .*10 bytes/s);
    });
  });
});

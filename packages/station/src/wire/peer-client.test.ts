import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { type Bytes, concatBytes, ed25519PublicKey, type Result, unwrap, utf8, utf8Decode } from "@detente/basics";
import { serve } from "@hono/node-server";
import { describe, expect, onTestFinished, test } from "vitest";
import { Backoff } from "./backoff.ts";
import { newTlsKey, NO_EXPIRATION, selfSignedCertificate, spkiPin } from "./certificate.ts";
import { listenOptions, type TlsIdentity } from "./listen.ts";
import { NonceCache } from "./nonce-cache.ts";
import {
  createPeerClient,
  type PeerClient,
  type PeerClientOptions,
  type PeerRequest,
  type PeerResponse,
} from "./peer-client.ts";
import { verifyRequest } from "./http-signature.ts";
import type { WireFetch } from "./wire-fetch.ts";

const SEED = new Uint8Array(32).fill(7);
const LIMITS = { maxBytes: 1000, timeoutMs: 60_000 };

function identity(): TlsIdentity & { readonly pin: string } {
  const key = newTlsKey();
  const dates = { notBefore: new Date(0), notAfter: NO_EXPIRATION };
  const request = { keyPem: key, commonName: "beta", hosts: ["127.0.0.1"], ...dates, serial: new Uint8Array(16) };
  return { key, cert: selfSignedCertificate(request), pin: spkiPin(key) };
}

function client(url: string, options: Partial<PeerClientOptions> & { readonly pin?: string } = {}): PeerClient {
  let nonces = 0;
  const { pin, ...rest } = options;
  const made = unwrap(
    createPeerClient({
      self: "alpha",
      transportSeeds: () => [SEED],
      peer: { name: "beta", url, ...(pin === undefined ? {} : { tls: { spki: pin } }) },
      now: Date.now,
      nonce: () => String(nonces++).padStart(16, "0"),
      backoff: new Backoff({ baseMs: 0, maxMs: 0, random: () => 0 }),
      ...rest,
    }),
  );
  onTestFinished(() => made.close());
  return made;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    if ("closeAllConnections" in server) (server as unknown as { closeAllConnections(): void }).closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const httpServer = async (handler: Handler): Promise<string> =>
  `http://127.0.0.1:${await listening(createHttpServer(handler))}`;

async function outcome(asked: Promise<Result<PeerResponse>>): Promise<string> {
  const result = await asked;
  return result.ok ? `${result.value.status} ${utf8Decode(result.value.body)}` : result.fault.code;
}

const get = (peer: PeerClient, wanted: Partial<PeerRequest> = {}): Promise<string> =>
  outcome(peer.request("GET", "/x", { ...LIMITS, ...wanted }));

/** A station that says who called, through the server and the verifier that a real one uses. */
async function station(tls?: TlsIdentity): Promise<string> {
  const nonces = new NonceCache({ perPeer: 100, since: 0 });
  const keyOf = (name: string): Bytes | undefined => (name === "alpha" ? ed25519PublicKey(SEED) : undefined);
  const fetch = async (request: Request): Promise<Response> => {
    const body = new Uint8Array(await request.arrayBuffer());
    const { method, url, headers } = request;
    const verdict = verifyRequest({ method, url, headers, body }, { self: "beta", keyOf, nonces, now: Date.now() });
    if (!verdict.ok) return new Response(verdict.fault.code, { status: 401 });
    return new Response(
      `${verdict.value.keyid} ${method} ${new URL(url).pathname}${new URL(url).search} ${body.length}`,
    );
  };
  const options = unwrap(listenOptions("127.0.0.1", tls));
  const port = await new Promise<number>((resolve) => {
    const server = serve({ fetch, port: 0, hostname: "127.0.0.1", ...options }, (info) => {
      resolve(info.port);
    });
    onTestFinished(() => void server.close());
  });
  return `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`;
}

describe("a station", () => {
  test("over plain http on loopback knows who calls, with a body and without", async () => {
    const peer = client(await station());
    expect(await get(peer)).toBe("200 alpha GET /x 0");
    const body = utf8("0123456789");
    const headers = { "Content-Type": "application/octet-stream" };
    expect(await outcome(peer.request("POST", "/y?a=b%20c", { ...LIMITS, body, headers }))).toBe(
      "200 alpha POST /y?a=b%20c 10",
    );
  });

  test("over TLS with the right pin too, on several connections at once", async () => {
    const tls = identity();
    const peer = client(await station(tls), { pin: tls.pin });
    const all = await Promise.all(Array.from({ length: 20 }, () => get(peer)));
    expect(all).toEqual(Array.from({ length: 20 }, () => "200 alpha GET /x 0"));
  });

  test("refuses the request when it was meant for another", async () => {
    const url = await station();
    expect(await get(client(url, { peer: { name: "gamma", url } }))).toBe("401 wrong-recipient");
  });

  test("below a path of its address", async () => {
    const url = await httpServer((request, response) => response.end(request.url));
    expect(await get(client(`${url}/detente/`))).toBe("200 /detente/x");
  });

  test("in this process", async () => {
    const fetch: WireFetch = (url, init) => Promise.resolve(new Response(`${init.method} ${url}`));
    expect(await get(client("http://beta.example", { fetch }))).toBe("200 GET http://beta.example/x");
  });
});

describe("TLS", () => {
  test("another key is refused, before a byte of the request is sent", async () => {
    const tls = identity();
    let requests = 0;
    const server = createHttpsServer({ ...tls, minVersion: "TLSv1.3" }, (_, response) => {
      requests++;
      response.end("ok");
    });
    const url = `https://127.0.0.1:${await listening(server)}`;
    expect(await get(client(url, { pin: identity().pin }))).toBe("tls");
    expect(requests).toBe(0);
    expect(await get(client(url, { pin: tls.pin }))).toBe("200 ok");
    expect(requests).toBe(1);
  });

  test("the fault names both keys", async () => {
    const [right, wrong] = [identity(), identity()];
    const result = await client(await station(wrong), { pin: right.pin }).request("GET", "/x", LIMITS);
    expect(result).toMatchObject({
      ok: false,
      fault: { code: "tls", message: `beta: expected the key ${right.pin}, found ${wrong.pin}` },
    });
  });

  test("a certificate that has run out is no obstacle, since the charter names the key", async () => {
    const key = newTlsKey();
    const dates = { notBefore: new Date(0), notAfter: new Date(1000) };
    const cert = selfSignedCertificate({
      keyPem: key,
      commonName: "x",
      hosts: [],
      ...dates,
      serial: new Uint8Array(8),
    });
    expect(await get(client(await station({ key, cert }), { pin: spkiPin(key) }))).toBe("200 alpha GET /x 0");
  });

  test("less than TLS 1.3 is refused by the caller and by the server", async () => {
    const tls = identity();
    const old = createHttpsServer({ ...tls, maxVersion: "TLSv1.2" }, (_, response) => response.end());
    expect(await get(client(`https://127.0.0.1:${await listening(old)}`, { pin: tls.pin }))).toBe("tls");
    const { connect } = await import("node:tls");
    const port = Number(new URL(await station(tls)).port);
    const code = await new Promise((resolve) => {
      const socket = connect({ port, host: "127.0.0.1", maxVersion: "TLSv1.2", rejectUnauthorized: false }, () =>
        resolve("connected"),
      );
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    expect(code).toBe("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
  });

  test("plain http where TLS is expected, and the other way round", async () => {
    const plain = await httpServer((_, response) => response.end("ok"));
    expect(await get(client(plain.replace("http:", "https:"), { pin: identity().pin }))).toBe("tls");
    const tls = await station(identity());
    expect(["unreachable", "bad-response"]).toContain(await get(client(tls.replace("https:", "http:"))));
  });

  test("no client is made for plain http elsewhere or https without a pin", () => {
    const options = {
      self: "alpha",
      transportSeeds: () => [SEED],
      now: Date.now,
      nonce: () => "",
      backoff: new Backoff({ baseMs: 0, maxMs: 0, random: () => 0 }),
    };
    const made = (url: string): unknown => createPeerClient({ ...options, peer: { name: "beta", url } });
    expect(made("http://192.0.2.1")).toMatchObject({ ok: false, fault: { code: "plain-http" } });
    expect(made("https://192.0.2.1")).toMatchObject({ ok: false, fault: { code: "no-pin" } });
  });

  // The hosts file says where localhost is; it is looked at so that this test says what it rests on.
  test("localhost is called where it leads to this machine", async () => {
    expect(readFileSync("/etc/hosts", "utf8")).toContain("localhost");
    expect(await get(client((await station()).replace("127.0.0.1", "localhost")))).toBe("200 alpha GET /x 0");
  });
});

describe("trouble on the way is a fault, never thrown", () => {
  test("nobody listens", async () => {
    const server = createTcpServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await get(client(`http://127.0.0.1:${port}`))).toBe("unreachable");
  });

  test("a name that nobody has", async () => {
    expect(await get(client("https://nobody.invalid", { pin: "ab".repeat(32) }))).toBe("unreachable");
  });

  test("the peer hangs up", async () => {
    const port = await listening(createTcpServer((socket) => socket.destroy()));
    expect(await get(client(`http://127.0.0.1:${port}`))).toBe("unreachable");
  });

  test("the peer hangs up in the middle of its answer", async () => {
    const url = await httpServer((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    expect(await get(client(url))).toBe("bad-response");
  });

  test("the peer does not speak HTTP", async () => {
    const port = await listening(
      createTcpServer((socket) => {
        socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.9\r\n"));
      }),
    );
    expect(await get(client(`http://127.0.0.1:${port}`))).toBe("bad-response");
  });

  test("headers without end", async () => {
    const url = await httpServer((_, response) => {
      response.setHeader("x", "y".repeat(20_000));
      response.end();
    });
    expect(await get(client(url))).toBe("bad-response");
  });

  test("the peer says nothing, or never comes to an end", async () => {
    const silent = await httpServer(() => undefined);
    expect(await get(client(silent), { timeoutMs: 50 })).toBe("timeout");
    const endless = await httpServer((_, response) => {
      response.write("a");
      const timer = setInterval(() => response.write("a"), 10);
      response.on("close", () => clearInterval(timer));
    });
    expect(await get(client(endless), { timeoutMs: 80 })).toBe("timeout");
  });

  test("a fetch that heeds no signal, and one that throws", async () => {
    const url = "http://beta.example";
    expect(await get(client(url, { fetch: () => new Promise(() => undefined) }), { timeoutMs: 30 })).toBe("timeout");
    expect(await get(client(url, { fetch: () => Promise.reject(new TypeError("lost")) }))).toBe("unreachable");
  });
});

describe("given up by its caller", () => {
  test("before it began: nothing is sent", async () => {
    let asked = 0;
    const url = await httpServer((_, response) => {
      asked++;
      response.end();
    });
    expect(await get(client(url), { signal: AbortSignal.abort() })).toBe("timeout");
    expect(asked).toBe(0);
  });

  test("before the answer, or within it: the connection is given up, and the fault says who did", async () => {
    let closed = 0;
    const giving = new AbortController();
    const url = await httpServer((request, response) => {
      response.on("close", () => closed++);
      if (request.url === "/begun") response.write("half");
      else giving.abort();
    });
    const peer = client(url);
    const fault = { code: "timeout", message: "the exchange with beta was given up" };
    const silent = peer.request("GET", "/silent", { ...LIMITS, signal: giving.signal });
    expect(await silent).toEqual({ ok: false, fault });
    const within = new AbortController();
    const sink = (): void => within.abort();
    expect(await peer.request("GET", "/begun", { ...LIMITS, sink, signal: within.signal })).toEqual({
      ok: false,
      fault,
    });
    await expect.poll(() => closed).toBe(2);
  });

  test("in this process too, where the answer's body hangs", async () => {
    let cancelled = 0;
    const body = (): ReadableStream => new ReadableStream({ cancel: () => void cancelled++ });
    const peer = client("http://beta.example", { fetch: async () => new Response(body()) });
    expect(await get(peer, { timeoutMs: 20 })).toBe("timeout");
    expect(await get(peer, { signal: AbortSignal.timeout(20) })).toBe("timeout");
    await expect.poll(() => cancelled).toBe(2);
  });
});

describe("the answer", () => {
  test("is refused beyond the size asked for, declared or not, and the connection given up", async () => {
    let closed = 0;
    const url = await httpServer((request, response) => {
      if (request.url === "/declared") response.setHeader("content-length", "100000000");
      response.on("close", () => closed++);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) continue;
      };
      response.on("drain", pour);
      pour();
    });
    const peer = client(url);
    expect(await outcome(peer.request("GET", "/declared", LIMITS))).toBe("too-large");
    expect(await outcome(peer.request("GET", "/undeclared", LIMITS))).toBe("too-large");
    await expect.poll(() => closed).toBe(2);
  });

  test("may be as large as asked for", async () => {
    const url = await httpServer((_, response) => response.end("a".repeat(1000)));
    expect(await get(client(url))).toBe(`200 ${"a".repeat(1000)}`);
    expect(await get(client(url), { maxBytes: 999 })).toBe("too-large");
  });

  test("is never a redirect", async () => {
    const asked: string[] = [];
    const url = await httpServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect(await get(client(url))).toBe("redirected");
    expect(asked).toEqual(["/x"]);
  });

  test("of any other status is an answer", async () => {
    const url = await httpServer((_, response) => response.writeHead(409, { "x-size": "5" }).end("5\n"));
    const result = unwrap(await client(url).request("GET", "/x", LIMITS));
    expect([result.status, result.headers["x-size"], utf8Decode(result.body)]).toEqual([409, "5", "5\n"]);
    const unchanged = await httpServer((_, response) => response.writeHead(304).end());
    expect(await get(client(unchanged))).toBe("304 ");
  });

  test("goes to a sink chunk by chunk; an error's text does not", async () => {
    const url = await httpServer((request, response) => {
      response.writeHead(request.url === "/x" ? 200 : 404).end("some text");
    });
    const taken: Bytes[] = [];
    const sink = (chunk: Bytes): void => void taken.push(chunk);
    const peer = client(url);
    expect(await get(peer, { sink })).toBe("200 ");
    expect(utf8Decode(concatBytes(...taken))).toBe("some text");
    expect(await outcome(peer.request("GET", "/none", { ...LIMITS, sink }))).toBe("404 some text");
    expect(utf8Decode(concatBytes(...taken))).toBe("some text");
  });
});

describe("backing off", () => {
  const answering = (answers: (() => Response)[]): WireFetch => {
    return async () => (answers.shift() ?? (() => new Response("ok")))();
  };
  const fails = (): Response => {
    throw new Error("down");
  };

  function setup(answers: (() => Response)[]): { clock: { now: number }; peer: PeerClient } {
    const clock = { now: 1_000_000 };
    const backoff = new Backoff({ baseMs: 1000, maxMs: 60_000, random: () => 0 });
    return { clock, peer: client("http://b.example", { fetch: answering(answers), now: () => clock.now, backoff }) };
  }

  test("after a failure nothing is sent until the wait is over", async () => {
    const { clock, peer } = setup([fails, fails]);
    expect(await get(peer)).toBe("unreachable");
    expect(await get(peer)).toBe("backing-off");
    clock.now += 1000;
    expect(await get(peer)).toBe("unreachable");
    clock.now += 1999;
    expect(await get(peer)).toBe("backing-off");
    clock.now += 1;
    expect(await get(peer)).toBe("200 ok");
  });

  test("Retry-After is heeded", async () => {
    const busy = (): Response => new Response("", { status: 429, headers: { "retry-after": "7" } });
    const { clock, peer } = setup([busy]);
    expect(await get(peer)).toBe("429 ");
    clock.now += 6999;
    expect(await get(peer)).toBe("backing-off");
    clock.now += 1;
    expect(await get(peer)).toBe("200 ok");
  });

  test("other answers, errors among them, cost no wait", async () => {
    const status = (code: number) => (): Response => new Response("", { status: code });
    const { peer } = setup([status(500), status(404), status(503)]);
    for (const code of [500, 404, 503]) expect(await get(peer)).toBe(`${code} `);
    expect(await get(peer)).toBe("200 ok");
  });
});

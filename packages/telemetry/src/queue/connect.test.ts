import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { nkeys } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasNatsServer, NatsServer } from "../testing/nats-server.ts";
import { connectQueue, type QueueLogin, type QueueSettings } from "./connect.ts";
import { runWorker } from "./worker.ts";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const user = nkeys.createUser();

/** Made by OpenSSL: a certificate of its own for the server's name. */
function makeCertificate(dir: string): void {
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const subject = ["-subj", "/CN=nats", "-addext", "subjectAltName=DNS:localhost", "-days", "2"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  execFileSync("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
}

describe.skipIf(!hasNatsServer || !hasOpenssl)("a queue with TLS and logins (needs Debian's nats-server)", () => {
  let server: NatsServer;

  beforeAll(async () => {
    const users = `{ user: "worker", password: "secret" }, { nkey: "${user.getPublicKey()}" }`;
    const tls = 'tls { cert_file: "DIR/cert.pem", key_file: "DIR/key.pem" }';
    server = await NatsServer.start(`${tls}\nauthorization { users: [${users}] }`, makeCertificate);
  });
  afterAll(() => server.remove());

  const attempt = async (login: QueueLogin | undefined, change: Partial<QueueSettings> = {}): Promise<string> => {
    const ca = readFileSync(join(server.dir, "cert.pem"), "utf8");
    const settings = { servers: [`tls://localhost:${server.port}`], login, tls: { ca }, ...change };
    try {
      const queue = await connectQueue(settings);
      const streams = await queue.streamsOf(">");
      await queue.close();
      return `in, ${streams.length} streams`;
    } catch (error) {
      return (error as Error).message;
    }
  };

  it("lets in by password and by key", async () => {
    expect(await attempt({ user: "worker", password: "secret" })).toBe("in, 0 streams");
    expect(await attempt({ nkey: `${new TextDecoder().decode(user.getSeed())}\n` })).toBe("in, 0 streams");
  });

  it("says that a login is refused, and not what it was", async () => {
    const refused = expect.stringContaining("refuses the login") as string;
    expect(await attempt({ user: "worker", password: "wrong" })).toEqual(refused);
    expect(await attempt({ token: "wrong" })).toEqual(refused);
    expect(await attempt(undefined)).toEqual(refused);
    expect(await attempt({ user: "worker", password: "wrong" })).not.toContain("wrong");
    expect(await attempt({ nkey: "no seed" })).toContain("the nkey is no seed");
    expect(await attempt({ creds: "no credentials" })).toContain("the credentials are none");
  });

  it("believes no server whose certificate it cannot check", async () => {
    expect(await attempt({ user: "worker", password: "secret" }, { tls: {} })).toContain("cannot be reached (");
  });
});

describe.skipIf(!hasNatsServer)("a login that is withdrawn (needs Debian's nats-server)", () => {
  it("ends the worker that has it", async () => {
    const users = (password: string): string => `authorization { user: "worker", password: "${password}" }`;
    const server = await NatsServer.start(users("secret"));
    const queue = await connectQueue({
      servers: [server.url],
      login: { user: "worker", password: "secret" },
      tls: {},
    });
    const worker = { name: "one", unpack: () => Readable.from([]), within: undefined };
    const events = { onDone: () => undefined, onTrouble: () => undefined };
    const end = runWorker(queue, worker, events, new AbortController().signal).catch((error: unknown) => error);
    await server.kill();
    await server.configure(users("other"));
    await server.begin();
    expect(await end).toMatchObject({ message: expect.stringContaining("refuses: ") as string });
    await server.remove();
  });
});

describe.skipIf(!hasNatsServer)("a queue without what is needed (needs Debian's nats-server)", () => {
  it("says what to change", async () => {
    const server = await NatsServer.start("max_payload: 100000");
    const settings = { servers: [server.url], login: undefined, tls: {} };
    await expect(connectQueue(settings)).rejects.toThrow("set max_payload to 1MB");
    // Whoever asks for TLS gets it or nothing.
    const tls = { ...settings, servers: [server.url.replace("nats:", "tls:")] };
    await expect(connectQueue(tls)).rejects.toThrow("cannot be reached (");
    await server.kill();
    await expect(connectQueue(settings)).rejects.toThrow("connection refused");
    await server.remove();
  });
});

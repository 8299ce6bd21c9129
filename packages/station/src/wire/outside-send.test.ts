import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { utf8 } from "@detente/basics";
import { afterEach, expect, it } from "vitest";
import { newTlsKey, selfSignedCertificate } from "./certificate.ts";
import { sendOutside } from "./outside-send.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const at = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(listener))}`;
const request = {
  method: "POST",
  path: "/add-checkpoint",
  headers: { "content-type": "text/plain" },
  body: utf8("old 0\n"),
};

it("sends the body as it is, below the prefix, and gives the answer whatever its status", async () => {
  const url = await at((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method, url: path, headers } = incoming;
      const seen = `${method} ${path} ${headers["content-type"]} ${headers["content-length"]} ${Buffer.concat(chunks).toString()}`;
      answer.writeHead(409, { "content-type": "text/x.tlog.size" }).end(seen);
    });
  });
  const answer = await sendOutside(`${url}/prefix`)(request);
  expect(answer).toMatchObject({ status: 409, headers: { "content-type": "text/x.tlog.size" } });
  expect(Buffer.from(answer.body).toString()).toBe("POST /prefix/add-checkpoint text/plain 6 old 0\n");
});

it("does not follow redirects", async () => {
  let asked = 0;
  const url = await at((_, answer) => {
    asked++;
    answer.writeHead(307, { location: "/elsewhere" }).end();
  });
  expect(await sendOutside(url)(request)).toMatchObject({ status: 307 });
  expect(asked).toBe(1);
});

it("gives up an answer that is too long, and says why nothing came", async () => {
  const url = await at((_, answer) => answer.end("x".repeat(1 << 17)));
  await expect(sendOutside(url)(request)).rejects.toThrow("65536");
  await expect(sendOutside("http://127.0.0.1:1")(request)).rejects.toThrow(/ECONNREFUSED|bad port/);
});

it("believes no certificate that this system's authorities did not sign", async () => {
  const key = newTlsKey();
  const dates = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 60_000) };
  const cert = selfSignedCertificate({
    keyPem: key,
    commonName: "w",
    hosts: ["127.0.0.1"],
    ...dates,
    serial: new Uint8Array(16).fill(1),
  });
  const port = await listen(createTlsServer({ key, cert }, (_, answer) => answer.end("no")));
  await expect(sendOutside(`https://127.0.0.1:${port}`)(request)).rejects.toThrow("SELF_SIGNED");
});

import { describe, expect, test } from "vitest";
import { newTlsKey, NO_EXPIRATION, selfSignedCertificate } from "./certificate.ts";
import { listenOptions } from "./listen.ts";
import { isLoopbackHost } from "./loopback.ts";
import { checkPeerUrl } from "./pinned-pool.ts";

const LOOPBACK = ["127.0.0.1", "127.255.255.254", "::1", "[::1]", "localhost", "::ffff:127.0.0.1", "::ffff:7f00:1"];
const ELSEWHERE = [
  "0.0.0.0",
  "::",
  "10.0.0.1",
  "126.255.255.255",
  "128.0.0.0",
  "::2",
  "fe80::1",
  "::ffff:10.0.0.1",
  "localhost.example",
  "127.0.0.1.example",
  "127.1",
  "2130706433",
  "",
];

test.each(LOOPBACK)("%s is loopback", (host) => {
  expect(isLoopbackHost(host)).toBe(true);
  expect(listenOptions(host)).toMatchObject({ ok: true });
});

test.each(ELSEWHERE)("%j is not: plain http does not listen there", (host) => {
  expect(isLoopbackHost(host)).toBe(false);
  expect(listenOptions(host)).toMatchObject({ ok: false, fault: { code: "plain-http" } });
});

test("with a certificate it listens anywhere, TLS 1.3 and no less", () => {
  const key = newTlsKey();
  const dates = { notBefore: new Date(0), notAfter: NO_EXPIRATION };
  const cert = selfSignedCertificate({ keyPem: key, commonName: "a", hosts: [], ...dates, serial: new Uint8Array(8) });
  expect(listenOptions("0.0.0.0", { key, cert })).toMatchObject({
    ok: true,
    value: { serverOptions: { minVersion: "TLSv1.3", key, cert } },
  });
});

describe("a peer's URL", () => {
  const pin = "ab".repeat(32);

  test.each([
    ["https://peer.example", pin],
    ["https://peer.example:7300/detente/", pin],
    ["https://127.0.0.1:7300", pin],
    ["http://127.0.0.1:7300", undefined],
    ["http://[::1]:7300", undefined],
    ["http://localhost:7300", undefined],
    ["http://127.1", undefined],
  ])("%s may be called", (url, given) => {
    expect(checkPeerUrl(url, given)).toMatchObject({ ok: true });
  });

  test.each([
    ["http://peer.example", undefined, "plain-http"],
    ["http://peer.example", pin, "plain-http"],
    ["http://10.0.0.1:7300", pin, "plain-http"],
    ["http://localhost.example", undefined, "plain-http"],
    ["http://127.0.0.1.example", undefined, "plain-http"],
    ["https://peer.example", undefined, "no-pin"],
    ["https://peer.example", pin.toUpperCase(), "no-pin"],
    ["https://peer.example", pin.slice(2), "no-pin"],
    ["https://127.0.0.1", undefined, "no-pin"],
    ["ftp://127.0.0.1", undefined, "bad-url"],
    ["http://user@127.0.0.1", undefined, "bad-url"],
    ["https://127.0.0.1@peer.example", pin, "bad-url"],
    ["https://peer.example/?a", pin, "bad-url"],
    ["https://peer.example/#a", pin, "bad-url"],
    ["peer.example", pin, "bad-url"],
    ["", pin, "bad-url"],
  ])("%s with the pin %s may not: %s", (url, given, code) => {
    expect(checkPeerUrl(url, given)).toMatchObject({ ok: false, fault: { code } });
  });
});

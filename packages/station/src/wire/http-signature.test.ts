import { ed25519PublicKey, ed25519Sign, present, toBase64, toHex, unwrap, utf8, utf8Decode } from "@detente/basics";
import { describe, expect, test } from "vitest";
import { contentDigest, matchesDigest, parseContentDigest } from "./content-digest.ts";
import { signRequest } from "./http-signature.ts";
import { signatureBase } from "./signature-base.ts";

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64url"));

/** RFC 9421 Appendix B.1.4, test-key-ed25519 as a JWK. */
const RFC_SEED = bytes("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU");
const RFC_PUBLIC = bytes("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs");

/** RFC 9421 Appendix B.2, test-request. */
const RFC_REQUEST = {
  method: "POST",
  url: "https://example.com/foo?param=Value&Pet=dog",
  headers: new Headers({
    Host: "example.com",
    Date: "Tue, 20 Apr 2021 02:07:55 GMT",
    "Content-Type": "application/json",
    "Content-Digest":
      "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    "Content-Length": "18",
  }),
};

describe("RFC 9421", () => {
  test("B.2.6: the signature base and the signature, byte for byte", () => {
    const components = ["date", "@method", "@path", "@authority", "content-type", "content-length"];
    const parameters = `(${components.map((c) => `"${c}"`).join(" ")});created=1618884473;keyid="test-key-ed25519"`;
    const base = unwrap(signatureBase(RFC_REQUEST, components, parameters));
    expect(utf8Decode(base)).toBe(
      [
        '"date": Tue, 20 Apr 2021 02:07:55 GMT',
        '"@method": POST',
        '"@path": /foo',
        '"@authority": example.com',
        '"content-type": application/json',
        '"content-length": 18',
        '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length")' +
          ';created=1618884473;keyid="test-key-ed25519"',
      ].join("\n"),
    );
    expect(toHex(ed25519PublicKey(RFC_SEED))).toBe(toHex(RFC_PUBLIC));
    expect(toBase64(ed25519Sign(RFC_SEED, base))).toBe(
      "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
    );
  });

  test("B.2.3: the base with the query and the digest", () => {
    const components = ["date", "@method", "@path", "@query", "@authority"];
    components.push("content-type", "content-digest", "content-length");
    const parameters = `(${components.map((c) => `"${c}"`).join(" ")});created=1618884473;keyid="test-key-rsa-pss"`;
    expect(utf8Decode(unwrap(signatureBase(RFC_REQUEST, components, parameters)))).toBe(
      [
        '"date": Tue, 20 Apr 2021 02:07:55 GMT',
        '"@method": POST',
        '"@path": /foo',
        '"@query": ?param=Value&Pet=dog',
        '"@authority": example.com',
        '"content-type": application/json',
        '"content-digest": sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
        '"content-length": 18',
        '"@signature-params": ("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" ' +
          '"content-length");created=1618884473;keyid="test-key-rsa-pss"',
      ].join("\n"),
    );
  });

  test.each([
    ["§2.2.3", "@authority", "https://WWW.example.com:443/path", "www.example.com"],
    ["§2.2.3", "@authority", "https://example.com:8443/path", "example.com:8443"],
    ["§2.2.6", "@path", "https://www.example.com", "/"],
    [
      "§2.2.7",
      "@query",
      "https://www.example.com/path?param=value&foo=bar&baz=bat%2Dman",
      "?param=value&foo=bar&baz=bat%2Dman",
    ],
    ["§2.2.7", "@query", "https://www.example.com/path?queryString", "?queryString"],
    ["§2.2.7", "@query", "https://www.example.com/path", "?"],
  ])("%s: %s of %s", (_, component, url, value) => {
    const base = unwrap(signatureBase({ method: "GET", url, headers: new Headers() }, [component], "()"));
    expect(utf8Decode(base)).toBe(`"${component}": ${value}\n"@signature-params": ()`);
  });
});

describe("what no base can be made of", () => {
  const head = { method: "GET", url: "https://a.example/x", headers: new Headers({ latin: "é" }) };

  test.each([
    ["a field that is not there", "date", "missing-component"],
    ["a field with other than ASCII", "latin", "unsupported-component"],
    ["an upper-case name", "Date", "unsupported-component"],
    ["an empty name", "", "unsupported-component"],
    ["a derived component we do not know", "@status", "unsupported-component"],
  ])("%s", (_, component, code) => {
    expect(signatureBase(head, [component], "()")).toMatchObject({ ok: false, fault: { code } });
  });

  test("a component covered twice", () => {
    const twice = signatureBase(head, ["@path", "@path"], "()");
    expect(twice).toMatchObject({ ok: false, fault: { code: "unsupported-component" } });
  });

  test.each([
    "https://a.example/x/../y",
    "https://a.example/x/%2e%2e/y",
    "https://a.example/x#y",
    "https://a.example#y",
    "https://a.example/x?",
    "https://a.example/x y",
    String.raw`https://a.example\x`,
    "/x",
  ])("the target %s, which a router could read otherwise", (url) => {
    expect(signatureBase({ ...head, url }, ["@path"], "()")).toMatchObject({
      ok: false,
      fault: { code: "bad-target" },
    });
  });
});

describe("RFC 9530", () => {
  test.each([
    ["B.1", '{"hello": "world"}\n', "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"],
    ["B.2", "", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"],
    ["B.3", '"world"}\n', "sha-256=:jjcgBDWNAtbYUXI37CVG3gRuGOAjaaDRGpIUFsdyepQ=:"],
    ["RFC 9421 §2.4", '{"hello": "world"}', "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"],
  ])("%s: the digest of %j", (_, body, field) => {
    expect(contentDigest(utf8(body))).toBe(field);
    expect(matchesDigest(present(parseContentDigest(field), "digest"), utf8(body))).toBe(true);
    expect(matchesDigest(present(parseContentDigest(field), "digest"), utf8(`${body} `))).toBe(false);
  });

  test("the sha-256 is found beside another digest, and no other digest stands in for it", () => {
    const sha256 = "sha-256=:d435Qo+nKZ+gLcUHn7GQtQ72hiBVAgqoLsZnZPiTGPk=:";
    const sha512 = "sha-512=:db7fdBbgZMgX1Wb2MjA8zZj+rSNgfmDCEEXM8qLWfpfoNY0sCpHAzZbj09X1/7HAb7Od5Qfto4QpuBsFbUO3dQ==:";
    expect(parseContentDigest(`${sha256}, ${sha512}`)).toEqual(parseContentDigest(sha256));
    expect(parseContentDigest(sha512)).toBeUndefined();
    expect(parseContentDigest("sha-256=:AAAA:")).toBeUndefined();
  });
});

test("signs every field it is given, and shows exactly this to the peer", () => {
  const headers = signRequest(
    {
      method: "POST",
      url: "https://b.example/witness/add-checkpoint?x=1",
      headers: { "Content-Type": "application/octet-stream" },
      body: utf8('{"hello": "world"}\n'),
    },
    { keyid: "alpha", seed: RFC_SEED, to: "beta" },
    { created: 1618884473, nonce: "0123456789abcdef" },
  );
  const parameters =
    '("@method" "@path" "@query" "content-digest" "detente-to" "content-type")' +
    ';created=1618884473;nonce="0123456789abcdef";keyid="alpha";alg="ed25519";tag="detente"';
  // Written by hand from RFC 9421 §2.5, signed with the key of B.1.4.
  const base = [
    '"@method": POST',
    '"@path": /witness/add-checkpoint',
    '"@query": ?x=1',
    '"content-digest": sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
    '"detente-to": beta',
    '"content-type": application/octet-stream',
    `"@signature-params": ${parameters}`,
  ].join("\n");
  expect(headers).toEqual({
    "content-type": "application/octet-stream",
    "content-digest": "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
    "detente-to": "beta",
    "signature-input": `detente=${parameters}`,
    signature: `detente=:${toBase64(ed25519Sign(RFC_SEED, utf8(base)))}:`,
  });
});

test("refuses to sign with a nonce that could not be accepted", () => {
  const sign = (nonce: string): unknown =>
    signRequest(
      { method: "GET", url: "https://b.example/" },
      { keyid: "a", seed: RFC_SEED, to: "b" },
      { created: 1, nonce },
    );
  expect(() => sign("short")).toThrow("16 to 64");
  expect(() => sign("with a space in it")).toThrow("16 to 64");
});

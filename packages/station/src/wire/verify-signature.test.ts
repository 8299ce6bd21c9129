import { type Bytes, ed25519PublicKey, ed25519Sign, toBase64, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentDigest } from "./content-digest.ts";
import { signRequest } from "./http-signature.ts";
import { NonceCache } from "./nonce-cache.ts";
import { type RequestHead, signatureBase } from "./signature-base.ts";
import {
  provenSender,
  type SignatureFault,
  verifyHead,
  verifyRequest,
  type VerifyContext,
} from "./verify-signature.ts";

const NOW = 1_800_000_000;
const ALPHA = new Uint8Array(32).fill(1);
const MALLORY = new Uint8Array(32).fill(9);
const KEYS = new Map<string, Bytes>([
  ["alpha", ed25519PublicKey(ALPHA)],
  ["mallory", ed25519PublicKey(MALLORY)],
]);

interface Message {
  method: string;
  url: string;
  headers: Headers;
  body: Bytes;
}

function station(self = "beta"): {
  check: (message: Message, now?: number) => string;
  context: (now?: number) => VerifyContext;
} {
  const nonces = new NonceCache({ perPeer: 4, since: 0 });
  const context = (now = NOW): VerifyContext => ({ self, keyOf: (name) => KEYS.get(name), nonces, now: now * 1000 });
  const check = (message: Message, now = NOW): string => {
    const verdict = verifyRequest(message, context(now));
    return verdict.ok ? `from ${verdict.value.keyid}` : verdict.fault.code;
  };
  return { check, context };
}

interface Choices {
  readonly keyid?: string;
  readonly seed?: Bytes;
  readonly to?: string;
  readonly created?: number;
  readonly nonce?: string;
}

let count = 0;

function signed({ keyid = "alpha", seed = ALPHA, to = "beta", created = NOW, nonce }: Choices = {}): Message {
  const request = {
    method: "POST",
    url: "https://b.example/mirror/add-entries?first=1",
    headers: { "content-type": "application/octet-stream", "if-match": "x" },
    body: utf8("entries"),
  };
  const fresh = { created, nonce: nonce ?? `nonce-${String(count++).padStart(12, "0")}` };
  return { ...request, headers: new Headers(signRequest(request, { keyid, seed, to }, fresh)) };
}

/** A message that an insider signs as it likes: any components, any parameters. */
function forged(components: readonly string[], parameters: string, seed = ALPHA, label = "detente"): Message {
  const message = signed();
  const raw = `(${components.map((c) => `"${c}"`).join(" ")})${parameters}`;
  const base = unwrap(signatureBase(message, components, raw));
  message.headers.set("signature-input", `${label}=${raw}`);
  message.headers.set("signature", `${label}=:${toBase64(ed25519Sign(seed, base))}:`);
  return message;
}

const COMPONENTS = ["@method", "@path", "@query", "content-digest", "detente-to", "content-type"];
const PARAMETERS = `;created=${NOW};nonce="0123456789abcdef";keyid="alpha";alg="ed25519";tag="detente"`;

test("a signed request is accepted, and says from whom it is", () => {
  expect(station().check(signed())).toBe("from alpha");
  expect(station().check(signed({ keyid: "mallory", seed: MALLORY }))).toBe("from mallory");
});

test("a request without a body is bound to having none", () => {
  const request = { method: "GET", url: "http://127.0.0.1:7300/log/checkpoint" };
  const key = { keyid: "alpha", seed: ALPHA, to: "beta" };
  const headers = new Headers(signRequest(request, key, { created: NOW, nonce: "0123456789abcdef" }));
  expect(station().check({ ...request, headers, body: new Uint8Array() })).toBe("from alpha");
  expect(station().check({ ...request, headers, body: utf8("smuggled") })).toBe("digest-mismatch");
});

test("the order of the parameters, another label and more components do not matter", () => {
  const parameters = `;tag="detente";alg="ed25519";keyid="alpha";nonce="0123456789abcdef";created=${NOW}`;
  expect(station().check(forged(["@authority", "if-match", ...COMPONENTS].reverse(), parameters, ALPHA, "x"))).toBe(
    "from alpha",
  );
});

describe("a request altered on the way", () => {
  test.each<[string, (message: Message) => void, string]>([
    ["method", (m) => (m.method = "PUT"), "bad-signature"],
    ["path", (m) => (m.url = "https://b.example/mirror/add-checkpoint?first=1"), "bad-signature"],
    ["path by dot segments", (m) => (m.url = "https://b.example/mirror/x/../add-entries?first=1"), "bad-target"],
    ["query", (m) => (m.url = "https://b.example/mirror/add-entries?first=2"), "bad-signature"],
    ["query taken away", (m) => (m.url = "https://b.example/mirror/add-entries"), "bad-signature"],
    ["body", (m) => (m.body = utf8("Entries")), "digest-mismatch"],
    ["body and digest", (m) => m.headers.set("content-digest", contentDigest((m.body = utf8("E")))), "bad-signature"],
    ["digest by another algorithm only", (m) => m.headers.set("content-digest", "sha-512=:AAAA:"), "malformed"],
    ["type of the body", (m) => m.headers.set("content-type", "text/plain"), "bad-signature"],
    ["type of the body taken away", (m) => m.headers.delete("content-type"), "missing-component"],
    ["an encoding of the body added", (m) => m.headers.set("content-encoding", "gzip"), "missing-component"],
    ["a further field that was signed", (m) => m.headers.set("if-match", "y"), "bad-signature"],
    ["recipient", (m) => m.headers.set("detente-to", "gamma"), "bad-signature"],
    ["recipient repeated", (m) => m.headers.append("detente-to", "gamma"), "bad-signature"],
    ["recipient taken away", (m) => m.headers.delete("detente-to"), "missing-component"],
    ["digest repeated", (m) => m.headers.append("content-digest", contentDigest(m.body)), "malformed"],
    ["signature repeated", (m) => m.headers.append("signature", m.headers.get("signature") ?? ""), "malformed"],
    ["input repeated", (m) => m.headers.append("signature-input", m.headers.get("signature-input") ?? ""), "malformed"],
    ["signature taken away", (m) => m.headers.delete("signature"), "unsigned"],
    ["input taken away", (m) => m.headers.delete("signature-input"), "unsigned"],
    ["signature beside it", (m) => m.headers.append("signature", "other=:AAAA:"), "malformed"],
    ["signature too long", (m) => m.headers.set("signature", `detente=:${"A".repeat(2400)}:`), "malformed"],
    ["input too long", (m) => replaceInput(m, 'keyid="alpha"', `keyid="${"a".repeat(2048)}"`), "malformed"],
    ["signature cut short", (m) => m.headers.set("signature", "detente=:AAAA:"), "bad-signature"],
    ["signature under another label", (m) => m.headers.set("signature", "other=:AAAA:"), "malformed"],
    ["sender", (m) => replaceInput(m, 'keyid="alpha"', 'keyid="mallory"'), "bad-signature"],
    ["sender unknown", (m) => replaceInput(m, 'keyid="alpha"', 'keyid="nobody"'), "unknown-key"],
    ["time", (m) => replaceInput(m, `created=${NOW}`, `created=${NOW + 1}`), "bad-signature"],
    ["nonce", (m) => replaceInput(m, 'nonce="nonce-', 'nonce="Nonce-'), "bad-signature"],
    ["a component left out", (m) => replaceInput(m, ' "if-match"', ""), "bad-signature"],
  ])("%s", (_, alter, code) => {
    const { check } = station();
    const message = signed();
    alter(message);
    expect(check(message)).toBe(code);
  });

  test("any one bit of the signature", () => {
    const original = signed();
    const text = original.headers.get("signature") ?? "";
    const signature = Buffer.from(text.slice("detente=:".length, -1), "base64");
    const { check } = station();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 511 }), (bit) => {
        const flipped = Buffer.from(signature);
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        const headers = new Headers(original.headers);
        headers.set("signature", `detente=:${flipped.toString("base64")}:`);
        expect(check({ ...original, headers })).toBe("bad-signature");
      }),
    );
    expect(check(original)).toBe("from alpha");
  });
});

describe("a request that an insider signed askew", () => {
  test.each(COMPONENTS)("without %s", (left) => {
    expect(
      station().check(
        forged(
          COMPONENTS.filter((c) => c !== left),
          PARAMETERS,
        ),
      ),
    ).toBe("missing-component");
  });

  test.each([
    ["no tag", PARAMETERS.replace(';tag="detente"', "")],
    ["the tag of another protocol", PARAMETERS.replace("detente", "other")],
    ["no algorithm", PARAMETERS.replace(';alg="ed25519"', "")],
    ["another algorithm", PARAMETERS.replace("ed25519", "hmac-sha256")],
    ["no time", PARAMETERS.replace(`;created=${NOW}`, "")],
    ["the time as a string", PARAMETERS.replace(`created=${NOW}`, `created="${NOW}"`)],
    ["no nonce", PARAMETERS.replace(';nonce="0123456789abcdef"', "")],
    ["a short nonce", PARAMETERS.replace("0123456789abcdef", "0123456789abcde")],
    ["a nonce of 65", PARAMETERS.replace("0123456789abcdef", "x".repeat(65))],
    ["no sender", PARAMETERS.replace(';keyid="alpha"', "")],
    ["a parameter we do not know", `${PARAMETERS};expires=${NOW + 1}`],
  ])("%s", (_, parameters) => {
    expect(station().check(forged(COMPONENTS, parameters))).toBe("wrong-profile");
  });

  test("with a component covered twice", () => {
    const message = forged(COMPONENTS, PARAMETERS);
    replaceInput(message, '"@path"', '"@path" "@path"');
    expect(station().check(message)).toBe("unsupported-component");
  });

  test("in another party's name", () => {
    expect(station().check(signed({ keyid: "alpha", seed: MALLORY }))).toBe("bad-signature");
  });
});

describe("replay", () => {
  test("the same request a second time", () => {
    const { check } = station();
    const message = signed();
    expect(check(message)).toBe("from alpha");
    expect(check(message)).toBe("replayed");
    expect(check(message, NOW + 300)).toBe("replayed");
    expect(check(message, NOW + 301)).toBe("stale");
  });

  test("at a third station, of what the second was sent", () => {
    const message = signed({ to: "beta" });
    expect(station("beta").check(message)).toBe("from alpha");
    expect(station("gamma").check(message)).toBe("wrong-recipient");
    message.headers.set("detente-to", "gamma");
    expect(station("gamma").check(message)).toBe("bad-signature");
  });

  test("back at its own sender", () => {
    expect(station("alpha").check(signed())).toBe("wrong-recipient");
  });

  test("one party's nonce does not use up another's", () => {
    const { check } = station();
    const nonce = "0123456789abcdef";
    expect(check(signed({ nonce }))).toBe("from alpha");
    expect(check(signed({ nonce, keyid: "mallory", seed: MALLORY }))).toBe("from mallory");
  });

  test("a full cache refuses its peer, and no other, until nonces expire", () => {
    const { check } = station();
    for (let i = 0; i < 4; i++) expect(check(signed())).toBe("from alpha");
    expect(check(signed())).toBe("too-many-nonces");
    expect(check(signed({ keyid: "mallory", seed: MALLORY }))).toBe("from mallory");
    expect(check(signed({ created: NOW + 301 }), NOW + 301)).toBe("from alpha");
  });

  test("a request that is refused uses up no nonce", () => {
    const { check } = station();
    const nonce = "0123456789abcdef";
    expect(check(signed({ nonce, seed: MALLORY }))).toBe("bad-signature");
    expect(check(signed({ nonce, to: "gamma" }))).toBe("wrong-recipient");
    expect(check(signed({ nonce, created: NOW - 301 }))).toBe("stale");
    expect(check(signed({ nonce }))).toBe("from alpha");
  });
});

test("clocks may differ by 300 seconds and no more", () => {
  const { check } = station();
  expect(check(signed({ created: NOW - 300 }))).toBe("from alpha");
  expect(check(signed({ created: NOW + 300 }))).toBe("from alpha");
  expect(check(signed({ created: NOW - 301 }))).toBe("stale");
  expect(check(signed({ created: NOW + 301 }))).toBe("not-yet");
});

test("the head is judged without the body", () => {
  const { body: _, ...head } = signed();
  expect(verifyHead(head, station().context())).toMatchObject({ ok: true, value: { keyid: "alpha" } });
});

test("only a sender that has proven its key is told what is wrong", () => {
  const faultOf = (message: RequestHead & { body: Bytes }): SignatureFault => {
    const verdict = verifyRequest(message, station().context());
    if (verdict.ok) throw new Error("accepted");
    return verdict.fault;
  };
  expect(provenSender(faultOf(signed({ created: NOW - 301 })))).toBe(true);
  expect(provenSender(faultOf(signed({ to: "gamma" })))).toBe(true);
  expect(provenSender(faultOf(signed({ created: NOW - 301, seed: MALLORY })))).toBe(false);
  expect(provenSender(faultOf(signed({ keyid: "nobody", to: "gamma" })))).toBe(false);
});

function replaceInput(message: Message, from: string, to: string): void {
  const input = message.headers.get("signature-input") ?? "";
  if (!input.includes(from)) throw new Error(`no ${from} in ${input}`);
  message.headers.set("signature-input", input.replace(from, to));
}

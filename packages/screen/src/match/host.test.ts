import { expect, it } from "vitest";
import { buildIndicatorIndex } from "../indicator-index.ts";
import { screenAll } from "../testing/screening.ts";

const index = buildIndicatorIndex([
  { kind: "domain", value: "evil.example", ref: 0 },
  { kind: "ipv4", value: "198.51.100.7", ref: 1 },
  { kind: "ipv6", value: "2001:db8::7", ref: 2 },
]);

/** The classes of what is found in a value of a JSON log. */
async function classes(value: string): Promise<string[]> {
  const { hits } = await screenAll(index, JSON.stringify({ time: "2026-05-01T12:00:00Z", q: value }));
  return hits.map((hit) => hit.split(" ")[3] as string);
}

// The forms of RFC 3986 §3 and of request targets in RFC 9112 §3.2; `host:port` is that of CONNECT.
it.each([
  ["http://evil.example", "exact-field"],
  ["HTTPS://www.evil.example:8443/a?b=c#d", "subdomain"],
  ["hxxp://evil[.]example/", "exact-field"],
  ["http://evil.example./x", "exact-field"],
  ["http://user:secret@evil.example/x", "exact-field"],
  ["ftp://198.51.100.7/x", "exact-field"],
  ["http://[2001:db8::7]:80/x", "exact-field"],
  ["[2001:db8::7]:443", "exact-field"],
  ["198.51.100.7:443", "exact-field"],
  ["www.evil.example:443", "subdomain"],
  ["GET http://www.evil.example/x HTTP/1.1", "subdomain"],
  ["CONNECT evil.example:443 HTTP/1.1", "exact-field"],
])("%s is about its host", async (value, as) => {
  expect(await classes(value)).toEqual([as]);
});

it.each([
  "http://good.example/?u=evil.example",
  "http://good.example/evil.example",
  "http://good.example/#http://evil.example/",
  "http://evil.example@good.example/",
  "see http://evil.example/",
  "http://evil.example/ and more evil.example",
  "evil.example:443/x",
  "evil.example:x",
  "evil.example:http",
  "GET /evil.example HTTP/1.1",
  "GET http://good.example/evil.example HTTP/1.1",
  "CONNECT evil.example:443",
])("%s has but a word of it", async (value) => {
  expect(new Set(await classes(value)).has("embedded")).toBe(true);
});

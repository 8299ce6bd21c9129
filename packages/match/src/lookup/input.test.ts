import { utf8Decode } from "@detente/basics";
import { expect, it } from "vitest";
import { coveringIndicators, matchInput } from "./input.ts";

it("asks by the key that screening compares", () => {
  expect(utf8Decode(matchInput({ kind: "domain", value: "evil.example" }))).toBe("domain:evil.example");
  expect(utf8Decode(matchInput({ kind: "email", value: "Bob@evil.example" }))).toBe("email:bob@evil.example");
});

it.each([
  ["domain", "a.b.evil.co.uk", ["domain:a.b.evil.co.uk", "domain:b.evil.co.uk", "domain:evil.co.uk"]],
  [
    "url",
    "http://www.evil.example/x?y",
    ["url:http://www.evil.example/x?y", "domain:www.evil.example", "domain:evil.example"],
  ],
  ["url", "http://203.0.113.7:8080/", ["url:http://203.0.113.7:8080/", "ipv4:203.0.113.7"]],
  ["url", "http://[2001:db8::1]/", ["url:http://[2001:db8::1]/", "ipv6:2001:db8::1"]],
  ["email", "bob@mx.evil.example", ["email:bob@mx.evil.example", "domain:mx.evil.example", "domain:evil.example"]],
  ["ipv4", "203.0.113.7", ["ipv4:203.0.113.7"]],
  ["cidr4", "203.0.113.0/24", []],
  ["cidr6", "2001:db8::/32", []],
] as const)("asks for what would find %s %s in screening", (kind, value, expected) => {
  expect(coveringIndicators({ kind, value }).map((each) => utf8Decode(matchInput(each)))).toEqual(expected);
});

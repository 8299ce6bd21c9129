import { toBase64, utf8 } from "@detente/basics";
import { expect, it } from "vitest";
import { presentedToken } from "./authentication.ts";

it.each([
  ["Bearer abc", "abc"],
  ["Token abc", "abc"],
  [`Basic ${toBase64(utf8("whoever:abc"))}`, "abc"],
  // RFC 7617 §2: what is behind the first colon is the password, other colons with it.
  [`basic ${toBase64(utf8(":a:b"))}`, "a:b"],
  [`Basic ${toBase64(utf8("abc:"))}`, undefined],
  [`Basic ${toBase64(utf8(":"))}`, undefined],
  [`Basic ${toBase64(utf8("abc"))}`, undefined],
  ["Basic !", undefined],
  [undefined, undefined],
])("%j presents the token %j", (field, token) => {
  expect(presentedToken(field)).toBe(token);
});

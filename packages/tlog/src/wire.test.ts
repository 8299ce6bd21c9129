import { utf8 } from "@detente/basics";
import { expect, test } from "vitest";
import { mediaType, refusal, textResponse } from "./wire.ts";

test("a refusal is one line of text", () => {
  expect(refusal(404, "no such log")).toEqual({
    status: 404,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: utf8("no such log\n"),
  });
});

test.each([
  ["text/x.tlog.size", "text/x.tlog.size"],
  ["Text/X.tlog.size ; charset=utf-8", "text/x.tlog.size"],
  ["", ""],
])("the media type of %j", (header, type) => {
  expect(mediaType(textResponse(200, "", header))).toBe(type);
  expect(mediaType({ status: 200, headers: {}, body: utf8("") })).toBe("");
});

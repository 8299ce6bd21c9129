import { expect, it } from "vitest";
import { matchException } from "./exception.ts";

const SHARE = "5a".repeat(32);

it("names a partner with a share, or with an audience and a label", () => {
  expect(matchException(`bravo:${SHARE}`)).toEqual({ partners: ["bravo"], share: SHARE });
  expect(matchException("bravo:alpha+charlie:AMBER+strict")).toEqual({
    partners: ["bravo"],
    audience: ["alpha", "charlie"],
    tlp: "amber+strict",
  });
});

it.each(["bravo", `:${SHARE}`, "bravo:5a5a", "bravo:alpha+charlie", "bravo:alpha:pink", `bravo:${SHARE}:red:x`])(
  "refuses %s",
  (text) => expect(() => matchException(text)).toThrow("is neither PARTNER:SHARE"),
);

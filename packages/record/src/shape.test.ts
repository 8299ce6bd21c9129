import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { closed, hex64, integer, line, text } from "./forms.ts";
import { type Shape, shape } from "./shape.ts";

interface Sample {
  readonly count: number;
  readonly digest?: string;
  readonly list: readonly { readonly tlp: "clear" | "red" }[];
}

const sample: Shape<Sample> = shape<Sample>(({ count }, place) =>
  count === 13 ? `${place}.count: unlucky` : undefined,
)(
  closed({
    count: integer(0),
    digest: Type.Optional(hex64),
    list: Type.Array(closed({ tlp: Type.Enum(["clear", "red"]) }), { maxItems: 2 }),
  }),
);

function messageOf(checked: ReturnType<typeof sample.check>): string {
  return checked.ok ? "no fault" : checked.fault.message;
}

describe("shape", () => {
  it("gives the value back", () => {
    const value = { count: 1, list: [{ tlp: "red" }] };
    expect(sample.check(value, "body.content")).toEqual({ ok: true, value });
  });

  it.each([
    [{ count: -1, list: [] }, "body.content.count: expected an integer from 0"],
    [{ count: 1.5, list: [] }, "body.content.count: expected an integer from 0"],
    [{ count: 2 ** 53, list: [] }, "body.content.count: expected an integer from 0"],
    [{ list: [] }, "body.content.count: missing"],
    [{ count: 1, list: [], digest: "AB" }, "body.content.digest: expected 64 lower-case hexadecimal digits"],
    [{ count: 1, list: [{ tlp: "pink" }] }, 'body.content.list[0].tlp: expected one of "clear", "red"'],
    [{ count: 1, list: [1] }, "body.content.list[0]: expected an object"],
    [
      { count: 1, list: [{ tlp: "red" }, { tlp: "red" }, { tlp: "red" }] },
      "body.content.list: expected a list of 0 to 2",
    ],
    [{ count: 1, list: {} }, "body.content.list: expected a list of 0 to 2"],
    [{ count: 1, list: [], extra: 1 }, "body.content: has a member that this form does not have (extra)"],
    [{ count: 1, list: [], "a\u001b[2J": 1 }, "body.content: has a member that this form does not have"],
    [{ count: 13, list: [] }, "body.content.count: unlucky"],
    [null, "body.content: expected an object"],
    [[], "body.content: expected an object"],
  ])("%j: %s", (value, message) => {
    expect(messageOf(sample.check(value, "body.content"))).toBe(message);
  });

  it("counts the length of text in code points, not in what a font shows as one", () => {
    const short = shape<{ readonly a: string }>()(closed({ a: line(2) }));
    expect(short.check({ a: "\u{1f600}\u{1f600}" }, "x").ok).toBe(true);
    expect(short.check({ a: "e\u0301e" }, "x").ok).toBe(false);
  });

  it("lets no control characters into text", () => {
    const prose = shape<{ readonly a: string; readonly b: string }>()(closed({ a: line(9), b: text(9) }));
    expect(prose.check({ a: "a b", b: "a\n\r\tb" }, "x").ok).toBe(true);
    for (const control of ["\u0000", "\u001b", "\u007f", "\u009b"]) {
      expect(prose.check({ a: control, b: "" }, "x").ok).toBe(false);
      expect(prose.check({ a: "", b: control }, "x").ok).toBe(false);
    }
    expect(prose.check({ a: "\n", b: "" }, "x").ok).toBe(false);
  });
});

import { type Bytes, utf8, utf8Decode } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEnvelope } from "./envelope.ts";

const read = async (text: string): Promise<(string | undefined)[] | string> => {
  const envelope = await readEnvelope(utf8(text));
  if (!envelope.ok) return envelope.fault.code;
  return envelope.value.objects.map((bytes: Bytes | undefined) =>
    bytes === undefined ? undefined : utf8Decode(bytes),
  );
};

describe("an envelope", () => {
  it("is taken apart into the very bytes of its objects", async () => {
    const spaced = fc.constantFrom("", " ", "\n\t ");
    const member = fc.tuple(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 4 })), spaced);
    const texts = fc.array(
      member.map(([value, space]) => JSON.stringify(value, undefined, space)),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(texts, spaced, fc.boolean(), async (objects, space, isFirst) => {
        const list = `"objects"${space}:${space}[${space}${objects.join(`${space},${space}`)}${space}]`;
        const rest = '"more":true,"x_note":{"objects":[{"a":[{}]}]},"next":"}]"';
        expect(await read(`${space}{${isFirst ? `${list},${rest}` : `${rest},${list}`}}${space}`)).toEqual(objects);
      }),
      { numRuns: 200 },
    );
  });

  it("never throws, whatever comes", async () => {
    const pieces = fc.array(
      fc.constantFrom('{"objects":', "[", "]", "{", "}", '"', "\\", ",", "1", ":", '"a"', " ", "\u00e9"),
    );
    await fc.assert(
      fc.asyncProperty(pieces, async (parts) => {
        expect(["object", "string"]).toContain(typeof (await read(parts.join(""))));
      }),
    );
    expect((await readEnvelope(Uint8Array.of(0x7b, 0xff, 0x7d))).ok).toBe(false);
  });

  it("may have malformed objects and members that are none: they are the others' trouble not", async () => {
    expect(await read('{"objects":[{"a":[1,,2]},{"b":tru},{"c":1}, 5, [{"d":1}], null]}')).toEqual([
      '{"a":[1,,2]}',
      '{"b":tru}',
      '{"c":1}',
      undefined,
      undefined,
      undefined,
    ]);
    expect(await read("{}")).toEqual([]);
  });

  it("has one list of objects, and not too many in it", async () => {
    expect(await read('{"objects":[{"a":1}],"objects":[{"b":1}]}')).toBe("not-an-envelope");
    expect(await read('{"objects":[{"a":1}],"others":[{"b":1}]}')).toBe("not-an-envelope");
    expect(await read('{"objects":{}}')).toBe("not-an-envelope");
    expect(await read('{"more":"yes"}')).toBe("not-an-envelope");
    expect(await read('{"objects":[{]}')).toBe("not-json");
    expect(await read(`{"objects":[${"{},".repeat(50_000)}{}]}`)).toBe("too-many");
    expect(await read(`{"objects":[${"1,".repeat(50_000)}1]}`)).toBe("too-many");
    expect(await read(`{"objects":[${"{},".repeat(49_999)}{}]}`)).toHaveLength(50_000);
    expect(await read(`{"objects":[{}],"x_rest":[${"[],".repeat(700_000)}[]]}`)).toBe("not-an-envelope");
  });

  it("holds up nobody, however much there is in it and however it is written", async () => {
    for (const members of ['","b":"'.repeat(2_000_000), '\\"'.repeat(5_000_000)]) {
      const text = `{"objects":[{"a":"${members}"}]}`;
      const order: string[] = [];
      const reading = readEnvelope(utf8(text)).then(({ ok }) => order.push(ok ? "read" : "fault"));
      await new Promise((resolve) => setImmediate(resolve));
      order.push("another request");
      await reading;
      expect(order).toEqual(["another request", "read"]);
    }
  });
});

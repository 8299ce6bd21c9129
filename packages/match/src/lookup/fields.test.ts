import { concatBytes } from "@detente/basics";
import { expect, it } from "vitest";
import { FieldReader, joinFields } from "./fields.ts";

it("gives nothing of a field that is not whole, nor of any behind it", () => {
  const fields = joinFields([Uint8Array.of(1), Uint8Array.of(2, 3)]);
  const read = (bytes: Uint8Array): unknown => {
    const reader = new FieldReader(bytes);
    return [[...reader.next()], [...reader.next()], [...reader.next()], reader.isAtEnd()];
  };
  const whole = new FieldReader(fields);
  expect([[...whole.next()], [...whole.next()], whole.isAtEnd()]).toEqual([[1], [2, 3], true]);
  expect(read(fields)).toEqual([[1], [2, 3], [], false]);
  expect(read(fields.subarray(0, -1))).toEqual([[1], [], [], false]);
  expect(read(concatBytes(Uint8Array.of(255, 255, 255, 255), fields))).toEqual([[], [], [], false]);
});

import { type Bytes, utf8, utf8Decode } from "@detente/basics";
import { expect, test } from "vitest";
import { type Actor, Scene, type Words, type Written } from "../test/scene.ts";

/** A question whose body has 512 bytes, as a sealed one may have. */
const QUESTION: Words = { type: "open", kind: "question", content: { title: "Who?", text: "x".repeat(313) } };

// What a leaf shows of its body is so (docs/formats.md, Bodies, Agreement): whoever lacks the body goes by it.
test.each([
  ["another size", '"size":512', '"size":511'],
  ["another type", '"type":"open"', '"type":"observe"'],
  ["other references", '"of":[]', `"of":["${"ab".repeat(32)}"]`],
  ["that it is sealed, which it is not", '"type":"open"', '"type":"sealed"'],
  ["fewer references", /"of":\["[0-9a-f]+"\]/, '"of":[]'],
])("a leaf that says %s is void, whether it or the body comes first", (_what, from, to) => {
  const scene = new Scene("ann", "bob");
  const { hash } = scene.found();
  const [ann] = scene.actors as [Actor, Actor];
  const denial: Words = { type: "position", kind: "deny", of: [hash], content: {} };
  const { leaf, body } = scene.draft(ann, typeof from === "string" ? QUESTION : denial);
  const wrong = scene.write(ann, changed(leaf, from, to), body);
  const right = scene.write(ann, leaf, body);
  scene.settle();
  const bodies = scene.deliveries().filter((delivery) => "body" in delivery);
  const entries = scene.deliveries().filter((delivery) => "entry" in delivery);
  for (const order of [
    [...bodies, ...entries],
    [...entries, ...bodies],
  ]) {
    const statusOf = ({ index }: Written): unknown => scene.fold(order).status(ann.origin, index);
    expect(statusOf(wrong)).toEqual({ state: "void", reason: "malformed-body" });
    expect(statusOf(right)).toMatchObject({ state: "effective" });
  }
});

function changed(leaf: Bytes, from: string | RegExp, to: string): Bytes {
  const text = utf8Decode(leaf) ?? "";
  expect(text).not.toBe(text.replace(from, to));
  return utf8(text.replace(from, to));
}

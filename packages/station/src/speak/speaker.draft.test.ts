import { present, unwrap, utf8Decode } from "@detente/basics";
import { expect, it } from "vitest";
import type { AudienceInput, StatementInput } from "../api/contract.ts";
import { Speaker, type SpeakerOptions } from "./speaker.ts";

/** Speaks for ann in a unit of some; nothing is said, so no log is needed. */
function speakerAmong(members: readonly string[], unit: string | undefined = "ab".repeat(32)): Speaker {
  return new Speaker({
    party: "ann",
    own: { origin: "ann.example/log" } as SpeakerOptions["own"],
    unit: () => unit,
    members: () => new Set(members),
    identities: new Set(),
    random: (length) => new Uint8Array(length),
    now: () => 0,
  } as Partial<SpeakerOptions> as SpeakerOptions);
}

function question(audience: AudienceInput): StatementInput {
  return { type: "open", kind: "question", of: [], audience, content: { title: "?", text: "?" } };
}

function audienceOf(speaker: Speaker, audience: AudienceInput): unknown {
  const { body } = unwrap(speaker.draft(question(audience))).entry;
  return (JSON.parse(utf8Decode(present(body, "a body")) ?? "") as { audience: unknown }).audience;
}

const MEMBERS = ["ann", "bob", "cem"];

it("the author is in its own audience, whether it is named or not", () => {
  const speaker = speakerAmong(MEMBERS);
  expect(audienceOf(speaker, ["bob"])).toEqual(["ann", "bob"]);
  expect(audienceOf(speaker, ["cem", "bob"])).toEqual(["ann", "bob", "cem"]);
  expect(audienceOf(speaker, ["cem", "ann"])).toEqual(["ann", "cem"]);
  expect(audienceOf(speaker, "unit")).toBe("unit");
});

it.each([[["ann"]], [[]], [["bob", "dov"]], [["dov"]]])("an audience that reaches nobody else is none: %j", (names) => {
  expect(speakerAmong(MEMBERS).draft(question(names))).toMatchObject({ ok: false, fault: { code: "bad-audience" } });
});

it("who is no member says nothing, also to the whole unit", () => {
  const outside = speakerAmong(["bob", "cem"]);
  expect(outside.draft(question("unit"))).toMatchObject({ ok: false, fault: { code: "not-a-member" } });
  expect(speakerAmong(MEMBERS).draft(question("unit")).ok).toBe(true);
});

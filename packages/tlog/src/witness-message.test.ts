import { toBase64, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatAddCheckpoint,
  formatSignSubtree,
  MAX_WITNESS_REQUEST,
  parseAddCheckpoint,
  parseSignSubtree,
} from "./witness-message.ts";

const HASH = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=";

/** The example of c2sp.org/tlog-witness. */
const EXAMPLE = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`;

describe("add-checkpoint", () => {
  test("the example of the specification", () => {
    const request = unwrap(parseAddCheckpoint(utf8(EXAMPLE)));
    expect(request.oldSize).toBe(20852014);
    expect(request.proof.map((hash) => toBase64(hash))).toEqual(EXAMPLE.split("\n").slice(1, 5));
    expect(request.note).toEqual(utf8(EXAMPLE.slice(EXAMPLE.indexOf("\n\n") + 2)));
    expect(formatAddCheckpoint(request)).toEqual(utf8(EXAMPLE));
  });

  test("63 proof lines are read, 64 are not", () => {
    expect(parseAddCheckpoint(utf8(`old 1\n${`${HASH}\n`.repeat(63)}\nnote`)).ok).toBe(true);
    expect(parseAddCheckpoint(utf8(`old 1\n${`${HASH}\n`.repeat(64)}\nnote`)).ok).toBe(false);
  });

  test.each([
    "",
    "\n\n",
    "old 0\n",
    "old 0\nnote",
    "old 00\n\nnote",
    "old -1\n\nnote",
    "old 9007199254740992\n\nnote",
    "old  1\n\nnote",
    "old 1 \n\nnote",
    "Old 1\n\nnote",
    "size 1\n\nnote",
    "old 1\r\n\nnote",
    `old 1\n${HASH.slice(1)}\n\nnote`,
    `old 1\n ${HASH}\n\nnote`,
    `${HASH}\nold 1\n\nnote`,
  ])("malformed: %j", (body) => {
    expect(parseAddCheckpoint(utf8(body))).toMatchObject({ ok: false, fault: { code: "malformed-request" } });
  });

  test("a body over the limit is refused unread", () => {
    expect(parseAddCheckpoint(new Uint8Array(MAX_WITNESS_REQUEST + 1)).ok).toBe(false);
  });
});

describe("sign-subtree", () => {
  test("reads what it writes", () => {
    const body = utf8(`subtree 8 13\n${HASH}\n${HASH}\n\nnote\n`);
    const request = unwrap(parseSignSubtree(body));
    expect(request).toMatchObject({ start: 8, end: 13, note: utf8("note\n") });
    expect(request.proof).toHaveLength(1);
    expect(formatSignSubtree(request)).toEqual(body);
  });

  test("passes over cosignatures of the subtree, up to 8", () => {
    const body = (shown: number): Uint8Array =>
      utf8(`subtree 8 13\n${HASH}\n${`\u2014 example.com/w AAAAAAA=\n`.repeat(shown)}${HASH}\n\nnote\n`);
    expect(unwrap(parseSignSubtree(body(8))).proof).toHaveLength(1);
    expect(parseSignSubtree(body(9)).ok).toBe(false);
  });

  test.each([
    `subtree 8\n${HASH}\n\nnote`,
    `subtree 8 13 14\n${HASH}\n\nnote`,
    `subtree 08 13\n${HASH}\n\nnote`,
    "subtree 8 13\n\nnote",
    `subtree 8 13\n— w AAAA\n\nnote`,
    `subtree 8 13\n${HASH}\n${HASH}\n— w AAAA\n\nnote`,
    `subtree 8 13\n${`${HASH}\n`.repeat(65)}\nnote`,
  ])("malformed: %j", (body) => {
    expect(parseSignSubtree(utf8(body)).ok).toBe(false);
  });
});

test("nothing makes the readers throw, and what they read they write back", () => {
  const parts = ["old ", "subtree ", "0", "12", " ", "\n", "\n\n", `${HASH}\n`, "x"];
  const bodies = fc.array(fc.constantFrom(...parts), { maxLength: 10 }).map((chosen) => utf8(chosen.join("")));
  fc.assert(
    fc.property(fc.oneof(bodies, fc.uint8Array({ maxLength: 100 })), (body) => {
      const added = parseAddCheckpoint(body);
      expect(added.ok ? formatAddCheckpoint(added.value) : body).toEqual(body);
      const signed = parseSignSubtree(body);
      expect(signed.ok ? formatSignSubtree(signed.value) : body).toEqual(body);
    }),
    { numRuns: 1000 },
  );
});
